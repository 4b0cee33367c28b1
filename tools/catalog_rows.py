#!/usr/bin/env python3
"""Write sql/catalog/pg_*_rows.c: the compiled rows of the static catalogs.

usage: tools/catalog_rows.py CONNECTION OBJECT...

CONNECTION is psql's connection string of a fresh PostgreSQL 15 cluster, whose
catalogs give OIDs and properties; the OBJECTs are the compiled files of the
server, whose symbols say which functions there are.  What the functions need
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
        1811: 'octets_bit_length', 1812: 'bitlength', 2003: 'text_any_concat',
        2004: 'any_text_concat'}
for p in procs:
    if p['oid'] in IN_C and IN_C[p['oid']] in have:
        p['prolang'] = 12
        p['prosrc'] = p['addr'] = IN_C[p['oid']]
PGSS = 'pg_stat_statements'
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
       (9607, 'tusk_check', [2205], T, None),
       (9620, 'injection_points_record', [16], VOID, None),
       (9621, 'injection_points_set_local', [], VOID, None),
       (9622, 'injection_points_wakeup', [T, 23], VOID,
        'injection_points_wakeup_pid'),
       (9634, 'injection_steps_begin', [T], VOID, None),
       (9635, 'injection_steps_end', [], VOID, None),
       (9636, 'injection_steps_verdict', [], T, None),
       (9637, 'injection_steps', [], T, None)]
for oid, name, args, ret, src in OWN:
    if (src or name) in have:
        procs.append(dict(
            oid=oid, proname=name, pronamespace=11, proowner=10, prolang=12,
            procost=1, prorows=0, provariadic=0, prosupport=0, prokind='f',
            prosecdef=False, proleakproof=False, proisstrict=True,
            proretset=False, provolatile='v', proparallel='s',
            pronargs=len(args), pronargdefaults=0, prorettype=ret, args=args,
            prosrc=src or name, extension=None, addr=src or name))
# the extension pg_stat_statements; where PostgreSQL has defaults of arguments
# there is a row for each number of them
RECORD = 2249
for oid, name, args, ret, retset, volatile, parallel in (
        (9608, PGSS, [16], RECORD, True, 'v', 's'),
        (9609, PGSS + '_info', [], RECORD, False, 'v', 's'),
        *((9610 + n, PGSS + '_reset', [26, 26, 20][:n], VOID, False, 'v', 's')
          for n in range(4))):
    procs.append(dict(
        oid=oid, proname=name, pronamespace=2200, proowner=10, prolang=13,
        procost=1, prorows=1000 if retset else 0, provariadic=0, prosupport=0,
        prokind='f', prosecdef=False, proleakproof=False, proisstrict=True,
        proretset=retset, provolatile=volatile, proparallel=parallel,
        pronargs=len(args), pronargdefaults=0, prorettype=ret, args=args,
        prosrc=name, extension=PGSS, addr=name))
# the example of doc/faults.md
procs.append(dict(
    oid=9638, proname='parallel_sum', pronamespace=2200, proowner=10,
    prolang=13, procost=1, prorows=0, provariadic=0, prosupport=0, prokind='f',
    prosecdef=False, proleakproof=False, proisstrict=True, proretset=False,
    provolatile='v', proparallel='u', pronargs=2, pronargdefaults=0,
    prorettype=20, args=[23, 20], prosrc='parallel_sum',
    extension='parallel_sum', addr='parallel_sum'))
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

VEC, VECARR, HALF, HALFARR = 9000, 9001, 9003, 9004
SPARSE, SPARSEARR = 9005, 9006
I4, F8, BOOL, OID, CSTR, INTERNAL = 23, 701, 16, 26, 2275, 2281
F4ARR, I4ARR, F8ARR, NUMARR, CSTRARR = 1021, 1007, 1022, 1231, 1263
HNSW, IVFFLAT, FLOAT_OPS = 9002, 9003, 1970
# OIDs are on disk: each type counts in blocks of its own (halfvec from 9640,
# sparsevec from 9800; strings of bits from 9960 to 9999), and what comes later
# goes behind what is there
SIZES = (('proc', 70), ('opr', 20), ('opf', 10), ('opc', 10), ('amop', 15),
         ('amproc', 20), ('cast', 15))


def oid_blocks(first):
    blocks = {}
    for kind, size in SIZES:
        blocks[kind] = first
        first += size
    return blocks


class ExtensionType:
    """A type of the extension, with its array type and what takes it."""

    def __init__(self, name, oid, array, blocks):
        self.name, self.oid, self.array = name, oid, array
        self.next_oid = blocks
        self.functions, self.operators = {}, {}

    def take(self, kind):
        self.next_oid[kind] += 1
        return self.next_oid[kind] - 1

    def function(self, name, args, ret, symbol=None, strict=True,
                 volatile='i', parallel='s', kind='f'):
        oid = self.take('proc')
        src = symbol or name
        procs.append(dict(
            oid=oid, proname=name, pronamespace=2200, proowner=10, prolang=13,
            procost=1, prorows=0, provariadic=0, prosupport=0, prokind=kind,
            prosecdef=False, proleakproof=False, proisstrict=strict,
            proretset=False, provolatile=volatile, proparallel=parallel,
            pronargs=len(args), pronargdefaults=0, prorettype=ret, args=args,
            prosrc=src if kind == 'f' else 'aggregate_dummy',
            extension=VECTOR, addr=src if kind == 'f' else None))
        wanted.add(oid)
        proc_by_oid[oid] = procs[-1]
        self.functions[name] = oid
        return oid

    def aggregate(self, name, trans, final, combine, state, init):
        fn = self.function(name, [self.oid], self.oid, strict=False, kind='a')
        aggs.append(dict(
            fn=fn, aggkind='n', aggnumdirectargs=0, transfn=trans,
            finalfn=final, combinefn=combine, serialfn=0, deserialfn=0,
            mtransfn=0, minvtransfn=0, mfinalfn=0, aggfinalextra=False,
            aggmfinalextra=False, aggfinalmodify='r', aggmfinalmodify='r',
            aggsortop=0, aggtranstype=state, aggtransspace=0, aggmtranstype=0,
            aggmtransspace=0, agginitval=init, aggminitval=None,
            extension=VECTOR))

    def operator(self, name, code, result, com=None, neg=None, rest=0,
                 join=0):
        self.operators[name] = dict(
            oid=self.take('opr'), oprname=name, oprnamespace=2200,
            oprowner=10, oprkind='b', oprcanmerge=False, oprcanhash=False,
            oprleft=self.oid, oprright=self.oid, oprresult=result, oprcom=com,
            oprnegate=neg, oprcode=self.functions[code], oprrest=rest,
            oprjoin=join, extension=VECTOR)

    def distance_operators(self, codes):
        for name, code in codes:
            self.operator(name, code, F8, com=name)

    def comparison_operators(self):
        t = self.name
        self.operator('<', t + '_lt', BOOL, '>', '>=', 103, 107)
        self.operator('<=', t + '_le', BOOL, '>=', '>', 336, 386)
        self.operator('=', t + '_eq', BOOL, '=', '<>', 101, 105)
        self.operator('<>', t + '_ne', BOOL, '<>', '=', 101, 105)
        self.operator('>=', t + '_ge', BOOL, '<=', '<', 337, 398)
        self.operator('>', t + '_gt', BOOL, '<', '<=', 104, 108)

    def operators_done(self):
        for o in self.operators.values():
            for c in ('oprcom', 'oprnegate'):
                o[c] = self.operators[o[c]]['oid'] if o[c] else 0
            operators.append(o)

    def opclass(self, method, name, default, ops, support):
        """support: names of functions, None for a number that is not there"""
        family, opclass = self.take('opf'), self.take('opc')
        families.append(dict(oid=family, opfmethod=method, opfname=name,
                             opfnamespace=2200, opfowner=10,
                             extension=VECTOR))
        opclasses.append(dict(
            oid=opclass, opcmethod=method, opcname=name, opcnamespace=2200,
            opcowner=10, opcfamily=family, opcintype=self.oid,
            opcdefault=default, opckeytype=0, extension=VECTOR))
        for strategy, op in enumerate(ops, 1):
            order = method != 403
            amops.append(dict(
                oid=self.take('amop'), amopfamily=family,
                amoplefttype=self.oid, amoprighttype=self.oid,
                amopstrategy=strategy, amoppurpose='o' if order else 's',
                amopopr=self.operators[op]['oid'], amopmethod=method,
                amopsortfamily=FLOAT_OPS if order else 0, extension=VECTOR))
        for num, fn in enumerate(support, 1):
            if fn is None:
                continue
            amprocs.append(dict(
                oid=self.take('amproc'), amprocfamily=family,
                amproclefttype=self.oid, amprocrighttype=self.oid,
                amprocnum=num, amproc=self.functions[fn], extension=VECTOR))

    def btree_opclass(self):
        self.opclass(403, self.name + '_ops', True,
                     ['<', '<=', '=', '>=', '>'], [self.name + '_cmp'])

    def cast(self, source, target, func, context):
        casts.append(dict(oid=self.take('cast'), castsource=source,
                          casttarget=target, castfunc=func,
                          castcontext=context, castmethod='f',
                          extension=VECTOR))

    def io_functions(self):
        t = self.name
        self.function(t + '_in', [CSTR, OID, I4], self.oid)
        self.function(t + '_out', [self.oid], CSTR)
        self.function(t + '_typmod_in', [CSTRARR], I4)
        self.function(t + '_recv', [INTERNAL, OID, I4], self.oid)
        self.function(t + '_send', [self.oid], 17)

    def comparison_functions(self):
        pair = [self.oid, self.oid]
        for f in ('lt', 'le', 'eq', 'ne', 'ge', 'gt'):
            self.function(f'{self.name}_{f}', pair, BOOL)
        self.function(self.name + '_cmp', pair, I4)

    def type_rows(self):
        t, f = self.name, self.functions
        for oid, name, elem, arr, io, sub, storage in (
                (self.oid, t, 0, self.array,
                 [f[f'{t}_{x}'] for x in ('in', 'out', 'recv', 'send')], 0,
                 'e'),
                (self.array, '_' + t, self.oid, 0, [750, 751, 2400, 2401],
                 6179, 'x')):
            types.append(dict(
                oid=oid, typname=name, typnamespace=2200, typowner=10,
                typlen=-1, typbyval=False, typtype='b',
                typcategory='A' if elem else 'U', typispreferred=False,
                typisdefined=True, typdelim=',', typrelid=0,
                typsubscript=sub, typelem=elem, typarray=arr, typinput=io[0],
                typoutput=io[1], typreceive=io[2], typsend=io[3],
                typmodin=f[t + '_typmod_in'], typmodout=0,
                typanalyze=3816 if elem else 0, typalign='i',
                typstorage=storage, typnotnull=False, typbasetype=0,
                typtypmod=-1, typndims=0, typcollation=0, extension=VECTOR))


def dense_functions(v):
    """The functions of vector, and of halfvec, whose symbols say so."""
    t, one, two = v.name, [v.oid], [v.oid, v.oid]
    own = lambda name: None if t == 'vector' else f'{t}_{name}'
    v.io_functions()
    for name in ('l2_distance', 'inner_product', 'cosine_distance',
                 'l1_distance'):
        v.function(name, two, F8, own(name))
    v.function('vector_dims', one, I4, own('vector_dims'))
    norm = 'vector_norm' if t == 'vector' else 'l2_norm'
    v.function(norm, one, F8, own(norm))
    v.function('l2_normalize', one, v.oid, own('l2_normalize'))
    v.function('subvector', [v.oid, I4, I4], v.oid, own('subvector'))
    for name in ('add', 'sub', 'mul', 'concat'):
        v.function(f'{t}_{name}', two, v.oid)
    v.comparison_functions()
    for name in ('l2_squared_distance', 'negative_inner_product',
                 'spherical_distance'):
        v.function(f'{t}_{name}', two, F8)
    v.function(t, [v.oid, I4, BOOL], v.oid)


def dense_casts_and_aggregates(v, context_to_array):
    t = v.name
    v.cast(v.oid, v.oid, v.functions[t], 'i')
    to_array = []
    for a in (I4ARR, F4ARR, F8ARR, NUMARR):
        to_array.append((a, v.function('array_to_' + t, [a, I4, BOOL], v.oid)))
    v.cast(v.oid, F4ARR,
           v.function(t + '_to_float4', [v.oid, I4, BOOL], F4ARR),
           context_to_array)
    for a, fn in to_array:
        v.cast(a, v.oid, fn, 'a')
    accum = v.function(t + '_accum', [F8ARR, v.oid], F8ARR)
    avg = v.function(t + '_avg', [F8ARR], v.oid)
    combine = v.function(t + '_combine', [F8ARR, F8ARR], F8ARR,
                         'vector_combine')
    add = v.functions[t + '_add']
    v.aggregate('avg', accum, avg, combine, F8ARR, '{0}')
    v.aggregate('sum', add, 0, add, v.oid, None)


def dense_operators(v):
    t = v.name
    v.distance_operators((('<->', 'l2_distance'),
                          ('<#>', t + '_negative_inner_product'),
                          ('<=>', 'cosine_distance'),
                          ('<+>', 'l1_distance')))
    v.operator('+', t + '_add', v.oid, com='+')
    v.operator('-', t + '_sub', v.oid)
    v.operator('*', t + '_mul', v.oid, com='*')
    v.operator('||', t + '_concat', v.oid)
    v.comparison_operators()
    v.operators_done()
    v.btree_opclass()


vec = ExtensionType('vector', VEC, VECARR,
                    {'proc': 9100, 'opr': 9300, 'opf': 9400, 'opc': 9420,
                     'amop': 9450, 'amproc': 9500, 'cast': 9550})
dense_functions(vec)
f_handler = vec.function('hnswhandler', [INTERNAL], 325, strict=False,
                         volatile='v', parallel='u')
dense_casts_and_aggregates(vec, 'i')
vec.type_rows()
dense_operators(vec)
ams.append(dict(oid=HNSW, amname='hnsw', amhandler=f_handler, amtype='i',
                extension=VECTOR))
ams.append(dict(oid=9600, amname='toast_index', amhandler=9606, amtype='i',
                extension=None))
for name, op, support in (
        ('l2', '<->', ['vector_l2_squared_distance']),
        ('ip', '<#>', ['vector_negative_inner_product']),
        ('cosine', '<=>', ['vector_negative_inner_product', 'vector_norm']),
        ('l1', '<+>', ['l1_distance'])):
    vec.opclass(HNSW, f'vector_{name}_ops', False, [op], support)



def support_function(v):
    v.function(f'hnsw_{v.name}_support', [INTERNAL], INTERNAL, strict=False,
               volatile='v', parallel='u')


def hnsw_opclasses(v):
    """Those of a type whose norm is l2_norm."""
    support_function(v)
    info = f'hnsw_{v.name}_support'
    for name, op, distance, norm in (
            ('l2', '<->', v.name + '_l2_squared_distance', None),
            ('ip', '<#>', v.name + '_negative_inner_product', None),
            ('cosine', '<=>', v.name + '_negative_inner_product', 'l2_norm'),
            ('l1', '<+>', 'l1_distance', None)):
        v.opclass(HNSW, f'{v.name}_{name}_ops', False, [op],
                  [distance, norm, info])


half = ExtensionType('halfvec', HALF, HALFARR, oid_blocks(9640))
dense_functions(half)
dense_casts_and_aggregates(half, 'a')
half.cast(VEC, HALF, half.function('vector_to_halfvec', [VEC, I4, BOOL], HALF),
          'i')
half.cast(HALF, VEC, half.function('halfvec_to_vector', [HALF, I4, BOOL], VEC),
          'a')
half.type_rows()
dense_operators(half)
hnsw_opclasses(half)


def sparse_functions(v):
    one, two = [v.oid], [v.oid, v.oid]
    v.io_functions()
    for name in ('l2_distance', 'inner_product', 'cosine_distance',
                 'l1_distance'):
        v.function(name, two, F8, 'sparsevec_' + name)
    v.function('l2_norm', one, F8, 'sparsevec_l2_norm')
    v.function('l2_normalize', one, v.oid, 'sparsevec_l2_normalize')
    v.comparison_functions()
    for name in ('l2_squared_distance', 'negative_inner_product'):
        v.function('sparsevec_' + name, two, F8)


def sparse_casts(v):
    for source, target, name, context in (
            (v.oid, v.oid, 'sparsevec', 'i'),
            (VEC, v.oid, 'vector_to_sparsevec', 'i'),
            (v.oid, VEC, 'sparsevec_to_vector', 'a'),
            (HALF, v.oid, 'halfvec_to_sparsevec', 'i'),
            (v.oid, HALF, 'sparsevec_to_halfvec', 'a'),
            *((a, v.oid, 'array_to_sparsevec', 'a')
              for a in (I4ARR, F4ARR, F8ARR, NUMARR))):
        v.cast(source, target, v.function(name, [source, I4, BOOL], target),
               context)


sparse = ExtensionType('sparsevec', SPARSE, SPARSEARR, oid_blocks(9800))
sparse_functions(sparse)
sparse_casts(sparse)
sparse.type_rows()
sparse.distance_operators((('<->', 'l2_distance'),
                           ('<#>', 'sparsevec_negative_inner_product'),
                           ('<=>', 'cosine_distance'),
                           ('<+>', 'l1_distance')))
sparse.comparison_operators()
sparse.operators_done()
sparse.btree_opclass()
hnsw_opclasses(sparse)

# PostgreSQL's own type bit, and what the extension does with it
BIT, BITARR = 1560, 1561
bits = ExtensionType('bit', BIT, BITARR,
                     {'proc': 9960, 'opr': 9975, 'opf': 9980, 'opc': 9984,
                      'amop': 9988, 'amproc': 9992})
bits.function('hamming_distance', [BIT, BIT], F8)
bits.function('jaccard_distance', [BIT, BIT], F8)
bits.function('binary_quantize', [VEC], BIT)
bits.function('binary_quantize', [HALF], BIT, 'halfvec_binary_quantize')
bits.distance_operators((('<~>', 'hamming_distance'),
                         ('<%>', 'jaccard_distance')))
bits.operators_done()
support_function(bits)
for name, op in (('hamming', '<~>'), ('jaccard', '<%>')):
    bits.opclass(HNSW, f'bit_{name}_ops', False, [op],
                 [name + '_distance', None, 'hnsw_bit_support'])

# ivfflat; its support functions by their numbers
f_handler = vec.function('ivfflathandler', [INTERNAL], 325, strict=False,
                         volatile='v', parallel='u')
ams.append(dict(oid=IVFFLAT, amname='ivfflat', amhandler=f_handler,
                amtype='i', extension=VECTOR))
for name, op, support in (
        ('l2', '<->', ['vector_l2_squared_distance', None, 'l2_distance']),
        ('ip', '<#>', ['vector_negative_inner_product', None,
                       'vector_spherical_distance', 'vector_norm']),
        ('cosine', '<=>', ['vector_negative_inner_product', 'vector_norm',
                           'vector_spherical_distance', 'vector_norm'])):
    vec.opclass(IVFFLAT, f'vector_{name}_ops', name == 'l2', [op], support)
for v in (half, bits):
    v.function(f'ivfflat_{v.name}_support', [INTERNAL], INTERNAL, strict=False,
               volatile='v', parallel='u')
for name, op, support in (
        ('l2', '<->', ['halfvec_l2_squared_distance', None, 'l2_distance',
                       None]),
        ('ip', '<#>', ['halfvec_negative_inner_product', None,
                       'halfvec_spherical_distance', 'l2_norm']),
        ('cosine', '<=>', ['halfvec_negative_inner_product', 'l2_norm',
                           'halfvec_spherical_distance', 'l2_norm'])):
    half.opclass(IVFFLAT, f'halfvec_{name}_ops', False, [op],
                 support + ['ivfflat_halfvec_support'])
bits.opclass(IVFFLAT, 'bit_hamming_ops', False, ['<~>'],
             ['hamming_distance', None, 'hamming_distance', None,
              'ivfflat_bit_support'])

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
