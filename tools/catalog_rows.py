#!/usr/bin/env python3
"""Write sql/catalog/pg_*_rows.c: the compiled rows of the static catalogs.

usage: tools/catalog_rows.py CONNECTION OBJECT...

CONNECTION is psql's connection string of a fresh PostgreSQL 15 cluster, whose
catalogs give OIDs and properties; the OBJECTs are the compiled files of
sql/adt, whose symbols say which functions there are.  What the functions need
and what needs them follows: operators, casts, aggregates, operator classes.
Functions that a row names without their being here get a row without an
address.  The rows of the extension vector are listed below.
"""
import json
import subprocess
import sys

CONN, OBJECTS = sys.argv[1], sys.argv[2:]
VECTOR = 'vector'


def query(sql):
    out = subprocess.run(
        ['psql', '-XAtq', '-d', CONN, '-c',
         f'select row_to_json(x) from ({sql}) x'],
        check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def symbols():
    out = subprocess.run(['nm', '--defined-only', '-g'] + OBJECTS, check=True,
                         capture_output=True, text=True).stdout
    return {f[2] for f in (l.split() for l in out.splitlines())
            if len(f) == 3 and f[1] == 'T'}


def c_string(s):
    if s is None:
        return 'NULL'
    return '"%s"' % s.replace('\\', '\\\\').replace('"', '\\"')


def c_char(c):
    return "'%s'" % (c or '\\0')


def c_bool(b):
    return 'true' if b else 'false'


def oids(regs):
    """'0' and '-' of a reg* column as an OID"""
    return int(regs)


def write(name, header, row_type, rows, declarations=()):
    guard = '_'.join(name.split('_')[:-1])
    with open(f'sql/catalog/{name}.c', 'w') as f:
        f.write(f'/*\n * {name}.c\n *\t\tCompiled rows of {guard}.  Written by '
                f'tools/catalog_rows.py.\n */\n#include "postgres.h"\n\n')
        f.write(f'#include "catalog/{header}.h"\n\n')
        f.write('/* clang-format off */\n')
        for d in declarations:
            f.write(d + '\n')
        if declarations:
            f.write('\n')
        f.write(f'const {row_type} {name}[] = {{\n')
        for r in rows:
            f.write('\t{' + ', '.join(str(v) for v in r) + '},\n')
        f.write('};\n\n')
        f.write(f'const int {guard}_nrows = lengthof({name});\n')


# ---- what PostgreSQL has ----------------------------------------------------

have = symbols()
types = query("""
  select t.* from pg_type t left join pg_type e on e.oid = t.typelem
  where t.oid < 10000 and t.typrelid = 0 and t.typtype in ('b', 'p')
    and coalesce(e.typrelid, 0) = 0
    and coalesce(e.typtype, 'b') in ('b', 'p')""")
for t in types:
    for c in ('typsubscript', 'typinput', 'typoutput', 'typreceive',
              'typsend', 'typmodin', 'typmodout', 'typanalyze'):
        t[c] = t.get(c)
type_io = query("""
  select oid, typsubscript::oid, typinput::oid, typoutput::oid,
    typreceive::oid, typsend::oid, typmodin::oid, typmodout::oid,
    typanalyze::oid from pg_type""")
io_by_oid = {int(r['oid']): r for r in type_io}
for t in types:
    t['oid'] = int(t['oid'])
    for k, v in io_by_oid[t['oid']].items():
        t[k] = int(v)
    t['extension'] = None
type_oids = {t['oid'] for t in types}

procs = query("""
  select oid, proname, pronamespace, proowner, prolang, procost, prorows,
    provariadic, prosupport::oid, prokind, prosecdef, proleakproof,
    proisstrict, proretset, provolatile, proparallel, pronargs,
    pronargdefaults, prorettype, proargtypes::oid[] as args, prosrc
  from pg_proc where oid < 10000""")
for p in procs:
    p['oid'] = int(p['oid'])
    p['args'] = [int(a) for a in p['args']]
    p['extension'] = None
    # the default arguments of PostgreSQL's own functions are not known here
    p['pronargdefaults'] = 0
    p['addr'] = (p['prosrc'] if int(p['prolang']) == 12 and
                 p['prokind'] == 'f' and p['prosrc'] in have else None)
# PostgreSQL has these in SQL
IN_C = {1215: 'obj_description', 1216: 'obj_description',
        1348: 'obj_description', 1993: 'obj_description',
        2325: 'pg_relation_size_main',
        879: 'lpad_blanks', 880: 'rpad_blanks', 1285: 'quote_literal_any',
        1290: 'quote_nullable_any', 1708: 'numeric_round_whole',
        1710: 'numeric_trunc_whole', 1810: 'octets_bit_length',
        1811: 'octets_bit_length', 2003: 'text_any_concat',
        2004: 'any_text_concat'}
for p in procs:
    if p['oid'] in IN_C and IN_C[p['oid']] in have:
        p['prolang'] = 12
        p['prosrc'] = p['addr'] = IN_C[p['oid']]
# functions of the server's own
T, VOID = 25, 2278
OWN = [(9600, 'injection_points_attach', [T, T], VOID, None),
       (9601, 'injection_points_detach', [T], VOID, None),
       (9602, 'injection_points_wakeup', [T], VOID, None),
       (9603, 'injection_points_run', [T], VOID, None),
       (9604, 'injection_points_hits', [T], 20, None),
       # what PostgreSQL does by a default of the second argument
       (9605, 'pg_terminate_backend', [23], 16, 'pg_terminate_backend_nowait'),
       (9606, 'toast_index_handler', [2281], 325, None),
       (9607, 'tusk_check', [2205], T, None)]
for oid, name, args, ret, src in OWN:
    if (src or name) in have:
        procs.append(dict(
            oid=oid, proname=name, pronamespace=11, proowner=10, prolang=12,
            procost=1, prorows=0, provariadic=0, prosupport=0, prokind='f',
            prosecdef=False, proleakproof=False, proisstrict=True,
            proretset=False, provolatile='v', proparallel='s',
            pronargs=len(args), pronargdefaults=0, prorettype=ret, args=args,
            prosrc=src or name, extension=None, addr=src or name))
proc_by_oid = {p['oid']: p for p in procs}
if 9607 in proc_by_oid:
    proc_by_oid[9607].update(proretset=True, prorows=10, proparallel='u')
working = {p['oid'] for p in procs if p['addr']}
wanted = set(working)

aggs = query("""
  select a.*, a.aggfnoid::oid as fn, a.aggtransfn::oid as transfn,
    a.aggfinalfn::oid as finalfn, a.aggcombinefn::oid as combinefn,
    a.aggserialfn::oid as serialfn, a.aggdeserialfn::oid as deserialfn,
    a.aggmtransfn::oid as mtransfn, a.aggminvtransfn::oid as minvtransfn,
    a.aggmfinalfn::oid as mfinalfn
  from pg_aggregate a where a.aggfnoid::oid < 10000 and aggkind = 'n'""")
aggs = [a for a in aggs if int(a['transfn']) in working and
        (int(a['finalfn']) == 0 or int(a['finalfn']) in working)]
for a in aggs:
    a['extension'] = None
wanted |= {int(a['fn']) for a in aggs}

operators = query("""
  select oid, oprname, oprnamespace, oprowner, oprkind, oprcanmerge,
    oprcanhash, oprleft, oprright, oprresult, oprcom, oprnegate,
    oprcode::oid, oprrest::oid, oprjoin::oid
  from pg_operator where oid < 10000""")
operators = [o for o in operators if int(o['oprcode']) in working]
for o in operators:
    o['extension'] = None
operator_oids = {int(o['oid']) for o in operators}
for o in operators:
    for c in ('oprcom', 'oprnegate'):
        if int(o[c]) not in operator_oids:
            o[c] = 0

casts = query('select * from pg_cast where oid < 14000')
casts = [c for c in casts
         if int(c['castsource']) in type_oids
         and int(c['casttarget']) in type_oids
         and (c['castmethod'] != 'f' or int(c['castfunc']) in working)]
for c in casts:
    c['extension'] = None

ams = query('select oid, amname, amhandler::oid, amtype from pg_am')
for a in ams:
    a['extension'] = None

amops = query('select * from pg_amop where amopmethod = 403')
amops = [a for a in amops if int(a['amopopr']) in operator_oids]
amprocs = query("""
  select p.oid, amprocfamily, amproclefttype, amprocrighttype, amprocnum,
    amproc::oid from pg_amproc p join pg_opfamily f on f.oid = amprocfamily
  where opfmethod = 403""")
amprocs = [a for a in amprocs if int(a['amproc']) in working]
families_used = ({int(a['amopfamily']) for a in amops} &
                 {int(a['amprocfamily']) for a in amprocs})
amops = [a for a in amops if int(a['amopfamily']) in families_used]
amprocs = [a for a in amprocs if int(a['amprocfamily']) in families_used]
families = [f for f in query('select * from pg_opfamily')
            if int(f['oid']) in families_used]
has_lt = {(int(a['amopfamily']), int(a['amoplefttype'])) for a in amops}
opclasses = [c for c in query('select * from pg_opclass')
             if int(c['opcfamily']) in families_used and
             (int(c['opcfamily']), int(c['opcintype'])) in has_lt]
for rows in (amops, amprocs, families, opclasses):
    for r in rows:
        r['extension'] = None
collations = query("""
  select oid, collname, collnamespace, collowner, collprovider,
    collisdeterministic, collencoding, collcollate, collctype
  from pg_collation where oid in (100, 950, 951, 962)""")

# ---- the extension vector ---------------------------------------------------

VEC, VECARR = 9000, 9001
I4, F8, BOOL, OID, CSTR, INTERNAL = 23, 701, 16, 26, 2275, 2281
F4ARR, I4ARR, F8ARR, NUMARR, CSTRARR = 1021, 1007, 1022, 1231, 1263
next_oid = {'proc': 9100, 'opr': 9300, 'opf': 9400, 'opc': 9420, 'amop': 9450,
            'amproc': 9500, 'cast': 9550}


def take(kind):
    next_oid[kind] += 1
    return next_oid[kind] - 1


vec_proc = {}


def vec_function(name, args, ret, symbol=None, strict=True, volatile='i',
                 parallel='s', kind='f'):
    oid = take('proc')
    src = symbol or name
    procs.append(dict(
        oid=oid, proname=name, pronamespace=2200, proowner=10, prolang=13,
        procost=1, prorows=0, provariadic=0, prosupport=0, prokind=kind,
        prosecdef=False, proleakproof=False, proisstrict=strict,
        proretset=False, provolatile=volatile, proparallel=parallel,
        pronargs=len(args), pronargdefaults=0, prorettype=ret, args=args,
        prosrc=src if kind == 'f' else 'aggregate_dummy', extension=VECTOR,
        addr=src if kind == 'f' else None))
    wanted.add(oid)
    proc_by_oid[oid] = procs[-1]
    vec_proc[(name, tuple(args))] = oid
    return oid


V2 = [VEC, VEC]
f_in = vec_function('vector_in', [CSTR, OID, I4], VEC)
f_out = vec_function('vector_out', [VEC], CSTR)
f_typmod = vec_function('vector_typmod_in', [CSTRARR], I4)
f_recv = vec_function('vector_recv', [INTERNAL, OID, I4], VEC)
f_send = vec_function('vector_send', [VEC], 17)
f_l2 = vec_function('l2_distance', V2, F8)
f_ip = vec_function('inner_product', V2, F8)
f_cos = vec_function('cosine_distance', V2, F8)
f_l1 = vec_function('l1_distance', V2, F8)
vec_function('vector_dims', [VEC], I4)
f_norm = vec_function('vector_norm', [VEC], F8)
vec_function('l2_normalize', [VEC], VEC)
vec_function('subvector', [VEC, I4, I4], VEC)
f_add = vec_function('vector_add', V2, VEC)
f_sub = vec_function('vector_sub', V2, VEC)
f_mul = vec_function('vector_mul', V2, VEC)
f_cat = vec_function('vector_concat', V2, VEC)
f_lt = vec_function('vector_lt', V2, BOOL)
f_le = vec_function('vector_le', V2, BOOL)
f_eq = vec_function('vector_eq', V2, BOOL)
f_ne = vec_function('vector_ne', V2, BOOL)
f_ge = vec_function('vector_ge', V2, BOOL)
f_gt = vec_function('vector_gt', V2, BOOL)
f_cmp = vec_function('vector_cmp', V2, I4)
f_l2sq = vec_function('vector_l2_squared_distance', V2, F8)
f_negip = vec_function('vector_negative_inner_product', V2, F8)
vec_function('vector_spherical_distance', V2, F8)
f_self = vec_function('vector', [VEC, I4, BOOL], VEC)
f_handler = vec_function('hnswhandler', [INTERNAL], 325, strict=False,
                         volatile='v', parallel='u')
if 'array_to_vector' in have:
    f_from = {a: vec_function('array_to_vector', [a, I4, BOOL], VEC)
              for a in (I4ARR, F4ARR, F8ARR, NUMARR)}
    f_tof4 = vec_function('vector_to_float4', [VEC, I4, BOOL], F4ARR)
if 'vector_accum' in have:
    f_accum = vec_function('vector_accum', [F8ARR, VEC], F8ARR)
    f_avg = vec_function('vector_avg', [F8ARR], VEC)
    f_combine = vec_function('vector_combine', [F8ARR, F8ARR], F8ARR)


def vec_aggregate(name, trans, final, combine, state, init):
    fn = vec_function(name, [VEC], VEC, strict=False, kind='a')
    aggs.append(dict(
        fn=fn, aggkind='n', aggnumdirectargs=0, transfn=trans, finalfn=final,
        combinefn=combine, serialfn=0, deserialfn=0, mtransfn=0,
        minvtransfn=0, mfinalfn=0, aggfinalextra=False, aggmfinalextra=False,
        aggfinalmodify='r', aggmfinalmodify='r', aggsortop=0,
        aggtranstype=state, aggtransspace=0, aggmtranstype=0,
        aggmtransspace=0, agginitval=init, aggminitval=None,
        extension=VECTOR))


if 'vector_accum' in have:
    vec_aggregate('avg', f_accum, f_avg, f_combine, F8ARR, '{0}')
vec_aggregate('sum', f_add, 0, f_add, VEC, None)

for oid, name, length, elem, arr, fin, fout, frecv, fsend, fmod, sub, storage \
        in ((VEC, 'vector', -1, 0, VECARR, f_in, f_out, f_recv, f_send,
             f_typmod, 0, 'e'),
            (VECARR, '_vector', -1, VEC, 0, 750, 751, 2400, 2401, f_typmod,
             6179, 'x')):
    types.append(dict(
        oid=oid, typname=name, typnamespace=2200, typowner=10, typlen=-1,
        typbyval=False, typtype='b', typcategory='A' if elem else 'U',
        typispreferred=False, typisdefined=True, typdelim=',', typrelid=0,
        typsubscript=sub, typelem=elem, typarray=arr, typinput=fin,
        typoutput=fout, typreceive=frecv, typsend=fsend, typmodin=fmod,
        typmodout=0, typanalyze=3816 if elem else 0, typalign='i',
        typstorage=storage, typnotnull=False, typbasetype=0, typtypmod=-1,
        typndims=0, typcollation=0, extension=VECTOR))

vec_op = {}


def vec_operator(name, code, result, com=None, neg=None, rest=0, join=0):
    vec_op[name] = dict(
        oid=take('opr'), oprname=name, oprnamespace=2200, oprowner=10,
        oprkind='b', oprcanmerge=False, oprcanhash=False, oprleft=VEC,
        oprright=VEC, oprresult=result, oprcom=com, oprnegate=neg,
        oprcode=code, oprrest=rest, oprjoin=join, extension=VECTOR)


for name, code in (('<->', f_l2), ('<#>', f_negip), ('<=>', f_cos),
                   ('<+>', f_l1)):
    vec_operator(name, code, F8, com=name)
vec_operator('+', f_add, VEC, com='+')
vec_operator('-', f_sub, VEC)
vec_operator('*', f_mul, VEC, com='*')
vec_operator('||', f_cat, VEC)
vec_operator('<', f_lt, BOOL, '>', '>=', 103, 107)
vec_operator('<=', f_le, BOOL, '>=', '>', 336, 386)
vec_operator('=', f_eq, BOOL, '=', '<>', 101, 105)
vec_operator('<>', f_ne, BOOL, '<>', '=', 101, 105)
vec_operator('>=', f_ge, BOOL, '<=', '<', 337, 398)
vec_operator('>', f_gt, BOOL, '<', '<=', 104, 108)
for o in vec_op.values():
    for c in ('oprcom', 'oprnegate'):
        o[c] = vec_op[o[c]]['oid'] if o[c] else 0
    operators.append(o)

ams.append(dict(oid=9002, amname='hnsw', amhandler=f_handler, amtype='i',
                extension=VECTOR))
ams.append(dict(oid=9600, amname='toast_index', amhandler=9606, amtype='i',
                extension=None))
FLOAT_OPS = 1970


def vec_opclass(method, name, default, ops, support):
    family, opclass = take('opf'), take('opc')
    families.append(dict(oid=family, opfmethod=method, opfname=name,
                         opfnamespace=2200, opfowner=10, extension=VECTOR))
    opclasses.append(dict(
        oid=opclass, opcmethod=method, opcname=name, opcnamespace=2200,
        opcowner=10, opcfamily=family, opcintype=VEC, opcdefault=default,
        opckeytype=0, extension=VECTOR))
    for strategy, op in enumerate(ops, 1):
        order = method != 403
        amops.append(dict(
            oid=take('amop'), amopfamily=family, amoplefttype=VEC,
            amoprighttype=VEC, amopstrategy=strategy,
            amoppurpose='o' if order else 's', amopopr=vec_op[op]['oid'],
            amopmethod=method, amopsortfamily=FLOAT_OPS if order else 0,
            extension=VECTOR))
    for num, fn in enumerate(support, 1):
        amprocs.append(dict(
            oid=take('amproc'), amprocfamily=family, amproclefttype=VEC,
            amprocrighttype=VEC, amprocnum=num, amproc=fn, extension=VECTOR))


vec_opclass(403, 'vector_ops', True, ['<', '<=', '=', '>=', '>'], [f_cmp])
vec_opclass(9002, 'vector_l2_ops', False, ['<->'], [f_l2sq])
vec_opclass(9002, 'vector_ip_ops', False, ['<#>'], [f_negip])
vec_opclass(9002, 'vector_cosine_ops', False, ['<=>'], [f_negip, f_norm])
vec_opclass(9002, 'vector_l1_ops', False, ['<+>'], [f_l1])


def vec_cast(source, target, func, context):
    casts.append(dict(oid=take('cast'), castsource=source, casttarget=target,
                      castfunc=func, castcontext=context, castmethod='f',
                      extension=VECTOR))


vec_cast(VEC, VEC, f_self, 'i')
if 'array_to_vector' in have:
    vec_cast(VEC, F4ARR, f_tof4, 'i')
    for a, fn in f_from.items():
        vec_cast(a, VEC, fn, 'a')

# ---- functions that rows name -----------------------------------------------

for t in types:
    wanted |= {t[c] for c in ('typsubscript', 'typinput', 'typoutput',
                              'typreceive', 'typsend', 'typmodin',
                              'typmodout', 'typanalyze')}
for o in operators:
    wanted |= {int(o['oprrest']), int(o['oprjoin'])}
wanted |= {int(a['amhandler']) for a in ams}
for a in aggs:
    wanted |= {int(a[c]) for c in ('combinefn', 'serialfn', 'deserialfn',
                                   'mtransfn', 'minvtransfn', 'mfinalfn')}
wanted |= {int(p['prosupport']) for p in procs if p['oid'] in wanted}
wanted.discard(0)

# ---- out --------------------------------------------------------------------

by_oid = lambda r: int(r['oid'])
E = lambda r: c_string(r['extension'])

write('pg_type_rows', 'pg_type', 'FormData_pg_type', [
    (t['oid'], '{%s}' % c_string(t['typname']), t['typnamespace'], 10,
     t['typlen'], c_bool(t['typbyval']), c_char(t['typtype']),
     c_char(t['typcategory']), c_bool(t['typispreferred']),
     c_bool(t['typisdefined']), c_char(t['typdelim']), t['typrelid'],
     t['typsubscript'], t['typelem'], t['typarray'], t['typinput'],
     t['typoutput'], t['typreceive'], t['typsend'], t['typmodin'],
     t['typmodout'], t['typanalyze'], c_char(t['typalign']),
     c_char(t['typstorage']), c_bool(t['typnotnull']), t['typbasetype'],
     t['typtypmod'], t['typndims'], t['typcollation'], E(t))
    for t in sorted(types, key=by_oid)])

rows = sorted((p for p in procs if p['oid'] in wanted), key=by_oid)
write('pg_proc_rows', 'pg_proc', 'FormData_pg_proc', [
    (p['oid'], '{%s}' % c_string(p['proname']), p['pronamespace'], 10,
     p['prolang'], p['procost'], p['prorows'], p['provariadic'],
     p['prosupport'], c_char(p['prokind']), c_bool(p['prosecdef']),
     c_bool(p['proleakproof']), c_bool(p['proisstrict']),
     c_bool(p['proretset']), c_char(p['provolatile']),
     c_char(p['proparallel']), p['pronargs'], p['pronargdefaults'],
     p['prorettype'],
     '(const Oid[]){%s}' % ', '.join(map(str, p['args'])) if p['args']
     else 'NULL', c_string(p['prosrc']), p['addr'] or 'NULL', E(p))
    for p in rows],
    [f'extern Datum {s}(PG_FUNCTION_ARGS);'
     for s in sorted({p['addr'] for p in rows if p['addr']})])

write('pg_operator_rows', 'pg_operator', 'FormData_pg_operator', [
    (o['oid'], '{%s}' % c_string(o['oprname']), o['oprnamespace'], 10,
     c_char(o['oprkind']), c_bool(o['oprcanmerge']), c_bool(o['oprcanhash']),
     o['oprleft'], o['oprright'], o['oprresult'], o['oprcom'], o['oprnegate'],
     o['oprcode'], o['oprrest'], o['oprjoin'], E(o))
    for o in sorted(operators, key=by_oid)])

write('pg_cast_rows', 'pg_cast', 'FormData_pg_cast', [
    (c['oid'], c['castsource'], c['casttarget'], c['castfunc'],
     c_char(c['castcontext']), c_char(c['castmethod']), E(c))
    for c in sorted(casts, key=lambda c: (int(c['castsource']),
                                          int(c['casttarget'])))])

write('pg_aggregate_rows', 'pg_aggregate', 'FormData_pg_aggregate', [
    (a['fn'], c_char(a['aggkind']), a['aggnumdirectargs'], a['transfn'],
     a['finalfn'], a['combinefn'], a['serialfn'], a['deserialfn'],
     a['mtransfn'], a['minvtransfn'], a['mfinalfn'],
     c_bool(a['aggfinalextra']), c_bool(a['aggmfinalextra']),
     c_char(a['aggfinalmodify']), c_char(a['aggmfinalmodify']),
     a['aggsortop'], a['aggtranstype'], a['aggtransspace'],
     a['aggmtranstype'], a['aggmtransspace'], c_string(a['agginitval']),
     c_string(a['aggminitval']), E(a))
    for a in sorted(aggs, key=lambda a: int(a['fn']))])

write('pg_am_rows', 'pg_am', 'FormData_pg_am', [
    (a['oid'], '{%s}' % c_string(a['amname']), a['amhandler'],
     c_char(a['amtype']), E(a)) for a in sorted(ams, key=by_oid)])

write('pg_opfamily_rows', 'pg_opfamily', 'FormData_pg_opfamily', [
    (f['oid'], f['opfmethod'], '{%s}' % c_string(f['opfname']),
     f['opfnamespace'], 10, E(f)) for f in sorted(families, key=by_oid)])

write('pg_opclass_rows', 'pg_opclass', 'FormData_pg_opclass', [
    (c['oid'], c['opcmethod'], '{%s}' % c_string(c['opcname']),
     c['opcnamespace'], 10, c['opcfamily'], c['opcintype'],
     c_bool(c['opcdefault']), c['opckeytype'], E(c))
    for c in sorted(opclasses, key=by_oid)])

write('pg_amop_rows', 'pg_amop', 'FormData_pg_amop', [
    (a['oid'], a['amopfamily'], a['amoplefttype'], a['amoprighttype'],
     a['amopstrategy'], c_char(a['amoppurpose']), a['amopopr'],
     a['amopmethod'], a['amopsortfamily'], E(a))
    for a in sorted(amops, key=by_oid)])

write('pg_amproc_rows', 'pg_amproc', 'FormData_pg_amproc', [
    (a['oid'], a['amprocfamily'], a['amproclefttype'], a['amprocrighttype'],
     a['amprocnum'], a['amproc'], E(a)) for a in sorted(amprocs, key=by_oid)])

write('pg_collation_rows', 'pg_collation', 'FormData_pg_collation', [
    (c['oid'], '{%s}' % c_string(c['collname']), c['collnamespace'], 10,
     c_char(c['collprovider']), c_bool(c['collisdeterministic']),
     c['collencoding'], c_string(c['collcollate']), c_string(c['collctype']))
    for c in sorted(collations, key=by_oid)])

print(f'{len(types)} types, {len(rows)} functions ({len(working)} of '
      f'PostgreSQL\'s work), {len(operators)} operators, {len(casts)} casts, '
      f'{len(aggs)} aggregates, {len(opclasses)} operator classes')
