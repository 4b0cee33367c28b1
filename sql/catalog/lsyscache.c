/*
 * lsyscache.c
 *		Single facts out of compiled rows: types, functions, operators,
 *		operator classes.  Those of relations are in lsyscache_rel.c.
 *
 * Corresponds to PostgreSQL's utils/cache/lsyscache.c.
 */
#include "postgres.h"

#include "access/stratnum.h"
#include "catalog/pg_am.h"
#include "catalog/pg_amop.h"
#include "catalog/pg_amproc.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_opclass.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_opfamily.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/* ---- operator families and classes ---- */

static Form_pg_amop
find_amop(Oid opno, char purpose, Oid opfamily)
{
	for (int i = 0; i < pg_amop_nrows; i++)
		if (pg_amop_rows[i].amopopr == opno &&
		    pg_amop_rows[i].amoppurpose == purpose &&
		    pg_amop_rows[i].amopfamily == opfamily)
			return &pg_amop_rows[i];
	return NULL;
}

bool
op_in_opfamily(Oid opno, Oid opfamily)
{
	return find_amop(opno, AMOP_SEARCH, opfamily) != NULL;
}

int
get_op_opfamily_strategy(Oid opno, Oid opfamily)
{
	Form_pg_amop row = find_amop(opno, AMOP_SEARCH, opfamily);

	return row ? row->amopstrategy : 0;
}

Oid
get_op_opfamily_sortfamily(Oid opno, Oid opfamily)
{
	Form_pg_amop row = find_amop(opno, AMOP_ORDER, opfamily);

	return row ? row->amopsortfamily : InvalidOid;
}

void
get_op_opfamily_properties(Oid opno, Oid opfamily, bool ordering_op,
                           int *strategy, Oid *lefttype, Oid *righttype)
{
	Form_pg_amop row =
		find_amop(opno, ordering_op ? AMOP_ORDER : AMOP_SEARCH, opfamily);

	if (row == NULL)
		elog(ERROR, "operator %u is not a member of opfamily %u", opno,
		     opfamily);
	*strategy = row->amopstrategy;
	*lefttype = row->amoplefttype;
	*righttype = row->amoprighttype;
}

Oid
get_opfamily_member(Oid opfamily, Oid lefttype, Oid righttype, int16 strategy)
{
	for (int i = 0; i < pg_amop_nrows; i++)
	{
		Form_pg_amop row = &pg_amop_rows[i];

		if (row->amopfamily == opfamily && row->amoplefttype == lefttype &&
		    row->amoprighttype == righttype && row->amopstrategy == strategy)
			return row->amopopr;
	}
	return InvalidOid;
}

bool
get_ordering_op_properties(Oid opno, Oid *opfamily, Oid *opcintype,
                           int16 *strategy)
{
	for (int i = 0; i < pg_amop_nrows; i++)
	{
		Form_pg_amop row = &pg_amop_rows[i];

		if (row->amopopr != opno || row->amopmethod != BTREE_AM_OID ||
		    row->amoplefttype != row->amoprighttype)
			continue;
		if (row->amopstrategy == BTLessStrategyNumber ||
		    row->amopstrategy == BTGreaterStrategyNumber)
		{
			*opfamily = row->amopfamily;
			*opcintype = row->amoplefttype;
			*strategy = row->amopstrategy;
			return true;
		}
	}
	*opfamily = InvalidOid;
	*opcintype = InvalidOid;
	*strategy = 0;
	return false;
}

Oid
get_equality_op_for_ordering_op(Oid opno, bool *reverse)
{
	Oid opfamily;
	Oid opcintype;
	int16 strategy;

	if (!get_ordering_op_properties(opno, &opfamily, &opcintype, &strategy))
		return InvalidOid;
	if (reverse)
		*reverse = strategy == BTGreaterStrategyNumber;
	return get_opfamily_member(opfamily, opcintype, opcintype,
	                           BTEqualStrategyNumber);
}

Oid
get_ordering_op_for_equality_op(Oid opno, bool use_lhs_type)
{
	for (int i = 0; i < pg_amop_nrows; i++)
	{
		Form_pg_amop row = &pg_amop_rows[i];

		if (row->amopopr == opno && row->amopmethod == BTREE_AM_OID &&
		    row->amopstrategy == BTEqualStrategyNumber)
		{
			Oid type = use_lhs_type ? row->amoplefttype : row->amoprighttype;

			return get_opfamily_member(row->amopfamily, type, type,
			                           BTLessStrategyNumber);
		}
	}
	return InvalidOid;
}

Oid
get_opfamily_proc(Oid opfamily, Oid lefttype, Oid righttype, int16 procnum)
{
	for (int i = 0; i < pg_amproc_nrows; i++)
	{
		Form_pg_amproc row = &pg_amproc_rows[i];

		if (row->amprocfamily == opfamily && row->amproclefttype == lefttype &&
		    row->amprocrighttype == righttype && row->amprocnum == procnum)
			return row->amproc;
	}
	return InvalidOid;
}

static Form_pg_opclass
opclass_form(Oid opclass)
{
	Form_pg_opclass row = GetOpclassForm(opclass);

	if (row == NULL)
		elog(ERROR, "cache lookup failed for opclass %u", opclass);
	return row;
}

Oid
get_opclass_family(Oid opclass)
{
	return opclass_form(opclass)->opcfamily;
}

Oid
get_opclass_input_type(Oid opclass)
{
	return opclass_form(opclass)->opcintype;
}

Oid
get_opclass_method(Oid opclass)
{
	return opclass_form(opclass)->opcmethod;
}

bool
get_opclass_opfamily_and_input_type(Oid opclass, Oid *opfamily, Oid *opcintype)
{
	Form_pg_opclass row = GetOpclassForm(opclass);

	if (row == NULL)
		return false;
	*opfamily = row->opcfamily;
	*opcintype = row->opcintype;
	return true;
}

char *
get_opclass_name(Oid opclass)
{
	return pstrdup(NameStr(opclass_form(opclass)->opcname));
}

char *
get_opfamily_name(Oid opfamily)
{
	Form_pg_opfamily row = GetOpfamilyForm(opfamily);

	if (row == NULL)
		elog(ERROR, "cache lookup failed for operator family %u", opfamily);
	return pstrdup(NameStr(row->opfname));
}

/* ---- operators ---- */

RegProcedure
get_opcode(Oid opno)
{
	Form_pg_operator row = GetOperatorForm(opno);

	return row ? row->oprcode : InvalidOid;
}

char *
get_opname(Oid opno)
{
	Form_pg_operator row = GetOperatorForm(opno);

	return row ? pstrdup(NameStr(row->oprname)) : NULL;
}

Oid
get_op_rettype(Oid opno)
{
	Form_pg_operator row = GetOperatorForm(opno);

	return row ? row->oprresult : InvalidOid;
}

void
op_input_types(Oid opno, Oid *lefttype, Oid *righttype)
{
	Form_pg_operator row = GetOperatorForm(opno);

	if (row == NULL)
		elog(ERROR, "cache lookup failed for operator %u", opno);
	*lefttype = row->oprleft;
	*righttype = row->oprright;
}

bool
op_mergejoinable(Oid opno, Oid inputtype)
{
	Form_pg_operator row = GetOperatorForm(opno);

	return row != NULL && row->oprcanmerge;
}

bool
op_hashjoinable(Oid opno, Oid inputtype)
{
	return false; /* no hash functions */
}

bool
op_strict(Oid opno)
{
	RegProcedure funcid = get_opcode(opno);

	if (!OidIsValid(funcid))
		elog(ERROR, "operator %u does not exist", opno);
	return func_strict(funcid);
}

char
op_volatile(Oid opno)
{
	RegProcedure funcid = get_opcode(opno);

	if (!OidIsValid(funcid))
		elog(ERROR, "operator %u does not exist", opno);
	return func_volatile(funcid);
}

Oid
get_commutator(Oid opno)
{
	Form_pg_operator row = GetOperatorForm(opno);

	return row ? row->oprcom : InvalidOid;
}

Oid
get_negator(Oid opno)
{
	Form_pg_operator row = GetOperatorForm(opno);

	return row ? row->oprnegate : InvalidOid;
}

RegProcedure
get_oprrest(Oid opno)
{
	Form_pg_operator row = GetOperatorForm(opno);

	return row ? row->oprrest : InvalidOid;
}

RegProcedure
get_oprjoin(Oid opno)
{
	Form_pg_operator row = GetOperatorForm(opno);

	return row ? row->oprjoin : InvalidOid;
}

/* ---- functions ---- */

static Form_pg_proc
proc_form(Oid funcid)
{
	Form_pg_proc row = GetProcForm(funcid);

	if (row == NULL)
		elog(ERROR, "cache lookup failed for function %u", funcid);
	return row;
}

char *
get_func_name(Oid funcid)
{
	Form_pg_proc row = GetProcForm(funcid);

	return row ? pstrdup(NameStr(row->proname)) : NULL;
}

Oid
get_func_namespace(Oid funcid)
{
	Form_pg_proc row = GetProcForm(funcid);

	return row ? row->pronamespace : InvalidOid;
}

Oid
get_func_rettype(Oid funcid)
{
	return proc_form(funcid)->prorettype;
}

int
get_func_nargs(Oid funcid)
{
	return proc_form(funcid)->pronargs;
}

Oid
get_func_signature(Oid funcid, Oid **argtypes, int *nargs)
{
	Form_pg_proc row = proc_form(funcid);

	*nargs = row->pronargs;
	*argtypes = (Oid *) palloc(sizeof(Oid) * Max(row->pronargs, 1));
	for (int i = 0; i < row->pronargs; i++)
		(*argtypes)[i] = row->proargtypes[i];
	return row->prorettype;
}

bool
get_func_retset(Oid funcid)
{
	return proc_form(funcid)->proretset;
}

bool
func_strict(Oid funcid)
{
	return proc_form(funcid)->proisstrict;
}

char
func_volatile(Oid funcid)
{
	return proc_form(funcid)->provolatile;
}

char
func_parallel(Oid funcid)
{
	return proc_form(funcid)->proparallel;
}

char
get_func_prokind(Oid funcid)
{
	return proc_form(funcid)->prokind;
}

/* ---- types ---- */

static Form_pg_type
type_form(Oid typid)
{
	Form_pg_type row = GetTypeForm(typid);

	if (row == NULL)
		elog(ERROR, "cache lookup failed for type %u", typid);
	return row;
}

bool
get_typisdefined(Oid typid)
{
	Form_pg_type row = GetTypeForm(typid);

	return row != NULL && row->typisdefined;
}

int16
get_typlen(Oid typid)
{
	Form_pg_type row = GetTypeForm(typid);

	return row ? row->typlen : 0;
}

bool
get_typbyval(Oid typid)
{
	Form_pg_type row = GetTypeForm(typid);

	return row != NULL && row->typbyval;
}

void
get_typlenbyval(Oid typid, int16 *typlen, bool *typbyval)
{
	Form_pg_type row = type_form(typid);

	*typlen = row->typlen;
	*typbyval = row->typbyval;
}

void
get_typlenbyvalalign(Oid typid, int16 *typlen, bool *typbyval, char *typalign)
{
	Form_pg_type row = type_form(typid);

	*typlen = row->typlen;
	*typbyval = row->typbyval;
	*typalign = row->typalign;
}

char
get_typalign(Oid typid)
{
	Form_pg_type row = GetTypeForm(typid);

	return row ? row->typalign : TYPALIGN_INT;
}

char
get_typstorage(Oid typid)
{
	Form_pg_type row = GetTypeForm(typid);

	return row ? row->typstorage : TYPSTORAGE_PLAIN;
}

char
get_typtype(Oid typid)
{
	Form_pg_type row = GetTypeForm(typid);

	return row ? row->typtype : '\0';
}

bool
type_is_rowtype(Oid typid)
{
	return typid == RECORDOID || get_typtype(typid) == TYPTYPE_COMPOSITE;
}

bool
type_is_enum(Oid typid)
{
	return get_typtype(typid) == TYPTYPE_ENUM;
}

bool
type_is_range(Oid typid)
{
	return get_typtype(typid) == TYPTYPE_RANGE;
}

void
get_type_category_preferred(Oid typid, char *typcategory, bool *typispreferred)
{
	Form_pg_type row = type_form(typid);

	*typcategory = row->typcategory;
	*typispreferred = row->typispreferred;
}

Oid
get_typ_typrelid(Oid typid)
{
	Form_pg_type row = GetTypeForm(typid);

	return row ? row->typrelid : InvalidOid;
}

Oid
get_element_type(Oid typid)
{
	Form_pg_type row = GetTypeForm(typid);

	return row && IsTrueArrayType(row) ? row->typelem : InvalidOid;
}

Oid
get_array_type(Oid typid)
{
	Form_pg_type row = GetTypeForm(typid);

	return row ? row->typarray : InvalidOid;
}

Oid
get_base_element_type(Oid typid)
{
	return get_element_type(typid); /* there are no domains */
}

Oid
getBaseType(Oid typid)
{
	return typid;
}

Oid
getBaseTypeAndTypmod(Oid typid, int32 *typmod)
{
	return typid;
}

/* Bytes of a value on the average: a guess where the type does not say. */
int32
get_typavgwidth(Oid typid, int32 typmod)
{
	int typlen = get_typlen(typid);

	if (typlen > 0)
		return typlen;
	if (typid == VECTOROID && typmod > 0)
		return 8 + 4 * typmod;
	if (typid == HALFVECOID && typmod > 0)
		return 8 + 2 * typmod;
	if ((typid == BPCHAROID || typid == VARCHAROID) && typmod > VARHDRSZ)
	{
		int32 maxwidth = typmod;

		if (typid == BPCHAROID || maxwidth <= 32)
			return maxwidth;
		if (maxwidth < 1000)
			return 32 + (maxwidth - 32) / 2;
		return 32 + (1000 - 32) / 2;
	}
	return 32;
}

RegProcedure
get_typmodin(Oid typid)
{
	Form_pg_type row = GetTypeForm(typid);

	return row ? row->typmodin : InvalidOid;
}

Oid
get_typcollation(Oid typid)
{
	Form_pg_type row = GetTypeForm(typid);

	return row ? row->typcollation : InvalidOid;
}

bool
type_is_collatable(Oid typid)
{
	return OidIsValid(get_typcollation(typid));
}

Oid
getTypeIOParam(Oid typid)
{
	Form_pg_type row = type_form(typid);

	return OidIsValid(row->typelem) ? row->typelem : row->oid;
}

void
get_type_io_data(Oid typid, IOFuncSelector which_func, int16 *typlen,
                 bool *typbyval, char *typalign, char *typdelim,
                 Oid *typioparam, Oid *func)
{
	Form_pg_type row = type_form(typid);

	*typlen = row->typlen;
	*typbyval = row->typbyval;
	*typalign = row->typalign;
	*typdelim = row->typdelim;
	*typioparam = getTypeIOParam(typid);
	switch (which_func)
	{
		case IOFunc_input:
			*func = row->typinput;
			break;
		case IOFunc_output:
			*func = row->typoutput;
			break;
		case IOFunc_receive:
			*func = row->typreceive;
			break;
		case IOFunc_send:
			*func = row->typsend;
			break;
	}
}

static void
check_io_function(Oid type, Oid func, const char *kind)
{
	if (!OidIsValid(func))
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_FUNCTION),
		                errmsg("no %s function available for type %s", kind,
		                       format_type_be(type))));
}

void
getTypeInputInfo(Oid type, Oid *typInput, Oid *typIOParam)
{
	Form_pg_type row = type_form(type);

	check_io_function(type, row->typinput, "input");
	*typInput = row->typinput;
	*typIOParam = getTypeIOParam(type);
}

void
getTypeOutputInfo(Oid type, Oid *typOutput, bool *typIsVarlena)
{
	Form_pg_type row = type_form(type);

	check_io_function(type, row->typoutput, "output");
	*typOutput = row->typoutput;
	*typIsVarlena = !row->typbyval && row->typlen == -1;
}

void
getTypeBinaryInputInfo(Oid type, Oid *typReceive, Oid *typIOParam)
{
	Form_pg_type row = type_form(type);

	check_io_function(type, row->typreceive, "binary input");
	*typReceive = row->typreceive;
	*typIOParam = getTypeIOParam(type);
}

void
getTypeBinaryOutputInfo(Oid type, Oid *typSend, bool *typIsVarlena)
{
	Form_pg_type row = type_form(type);

	check_io_function(type, row->typsend, "binary output");
	*typSend = row->typsend;
	*typIsVarlena = !row->typbyval && row->typlen == -1;
}

char *
get_collation_name(Oid colloid)
{
	Form_pg_collation row = GetCollationForm(colloid);

	return row ? pstrdup(NameStr(row->collname)) : NULL;
}
