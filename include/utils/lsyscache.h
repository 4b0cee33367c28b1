/*
 * utils/lsyscache.h
 *		Single facts out of the catalogs: types, functions, operators,
 *		operator classes and families, relations' names.
 *
 * Functions raise XX000 "cache lookup failed for ..." for an OID that does not
 * exist, unless missing_ok is passed or the comment says otherwise.  Strings
 * are palloc'd.
 */
#ifndef LSYSCACHE_H
#define LSYSCACHE_H

#include "access/attnum.h"
#include "access/tupdesc.h"
#include "catalog/pg_class.h"
#include "nodes/pg_list.h"

typedef enum IOFuncSelector
{
	IOFunc_input,
	IOFunc_output,
	IOFunc_receive,
	IOFunc_send
} IOFuncSelector;

/* operator families and classes */
extern bool op_in_opfamily(Oid opno, Oid opfamily);
/* 0 if it is not a search operator of the family */
extern int get_op_opfamily_strategy(Oid opno, Oid opfamily);
/* InvalidOid if it is not an ordering operator of the family */
extern Oid get_op_opfamily_sortfamily(Oid opno, Oid opfamily);
extern void
get_op_opfamily_properties(Oid opno, Oid opfamily, bool ordering_op,
                           int *strategy, Oid *lefttype, Oid *righttype);
/* InvalidOid if there is none */
extern Oid
get_opfamily_member(Oid opfamily, Oid lefttype, Oid righttype, int16 strategy);
extern bool get_ordering_op_properties(Oid opno, Oid *opfamily, Oid *opcintype,
                                       int16 *strategy);
/* "=" of the btree family that the < or > is of */
extern Oid get_equality_op_for_ordering_op(Oid opno, bool *reverse);
extern Oid get_ordering_op_for_equality_op(Oid opno, bool use_lhs_type);
/* InvalidOid if there is none */
extern Oid
get_opfamily_proc(Oid opfamily, Oid lefttype, Oid righttype, int16 procnum);
extern Oid get_opclass_family(Oid opclass);
extern Oid get_opclass_input_type(Oid opclass);
extern Oid get_opclass_method(Oid opclass);
extern bool
get_opclass_opfamily_and_input_type(Oid opclass, Oid *opfamily, Oid *opcintype);
extern char *get_opclass_name(Oid opclass);
extern char *get_opfamily_name(Oid opfamily);

/* operators */
extern RegProcedure get_opcode(Oid opno);
extern char *get_opname(Oid opno); /* NULL if there is none */
extern Oid get_op_rettype(Oid opno);
extern void op_input_types(Oid opno, Oid *lefttype, Oid *righttype);
extern bool op_mergejoinable(Oid opno, Oid inputtype);
extern bool op_hashjoinable(Oid opno, Oid inputtype);
extern bool op_strict(Oid opno);
extern char op_volatile(Oid opno);
extern Oid get_commutator(Oid opno);
extern Oid get_negator(Oid opno);
extern RegProcedure get_oprrest(Oid opno);
extern RegProcedure get_oprjoin(Oid opno);

/* functions */
extern char *get_func_name(Oid funcid); /* NULL if there is none */
extern Oid get_func_namespace(Oid funcid);
extern Oid get_func_rettype(Oid funcid);
extern int get_func_nargs(Oid funcid);
extern Oid get_func_signature(Oid funcid, Oid **argtypes, int *nargs);
extern bool get_func_retset(Oid funcid);
extern bool func_strict(Oid funcid);
extern char func_volatile(Oid funcid);
extern char func_parallel(Oid funcid);
extern char get_func_prokind(Oid funcid);

/* types; the get_typ* ones give 0, false or InvalidOid for an unknown type */
extern bool get_typisdefined(Oid typid);
extern int16 get_typlen(Oid typid);
extern bool get_typbyval(Oid typid);
extern void get_typlenbyval(Oid typid, int16 *typlen, bool *typbyval);
extern void
get_typlenbyvalalign(Oid typid, int16 *typlen, bool *typbyval, char *typalign);
extern char get_typalign(Oid typid);
extern char get_typstorage(Oid typid);
extern char get_typtype(Oid typid);
extern bool type_is_rowtype(Oid typid);
extern bool type_is_enum(Oid typid);
extern bool type_is_range(Oid typid);
extern void
get_type_category_preferred(Oid typid, char *typcategory, bool *typispreferred);
extern Oid get_typ_typrelid(Oid typid);
/* of a true array type; else InvalidOid */
extern Oid get_element_type(Oid typid);
extern Oid get_array_type(Oid typid);
extern Oid get_base_element_type(Oid typid);
extern Oid getBaseType(Oid typid);
extern Oid getBaseTypeAndTypmod(Oid typid, int32 *typmod);
extern int32 get_typavgwidth(Oid typid, int32 typmod);
extern RegProcedure get_typmodin(Oid typid);
extern Oid get_typcollation(Oid typid);
extern bool type_is_collatable(Oid typid);
/* what the input function gets as its second argument */
extern Oid getTypeIOParam(Oid typid);
extern void get_type_io_data(Oid typid, IOFuncSelector which_func,
                             int16 *typlen, bool *typbyval, char *typalign,
                             char *typdelim, Oid *typioparam, Oid *func);
/* 42883 if the type has no such function */
extern void getTypeInputInfo(Oid type, Oid *typInput, Oid *typIOParam);
extern void getTypeOutputInfo(Oid type, Oid *typOutput, bool *typIsVarlena);
extern void getTypeBinaryInputInfo(Oid type, Oid *typReceive, Oid *typIOParam);
extern void getTypeBinaryOutputInfo(Oid type, Oid *typSend, bool *typIsVarlena);

extern char *get_collation_name(Oid colloid);

/* relations and their columns: NULL, InvalidOid or 0 if there is none */
/*
 * The row of pg_class.  Of a relation that is not locked this, once, is what to
 * ask: between two of the questions below it may be dropped.
 */
extern bool get_rel_form(Oid relid, FormData_pg_class *form);
/* In the current context; the relation need not be locked. */
extern TupleDesc get_rel_columns(Oid relid);
extern Oid get_relname_relid(const char *relname, Oid relnamespace);
extern char *get_rel_name(Oid relid);
extern Oid get_rel_namespace(Oid relid);
extern char get_rel_relkind(Oid relid);
extern char get_rel_persistence(Oid relid);
extern char *get_attname(Oid relid, AttrNumber attnum, bool missing_ok);
extern AttrNumber get_attnum(Oid relid, const char *attname);
extern Oid get_atttype(Oid relid, AttrNumber attnum);
extern void get_atttypetypmodcoll(Oid relid, AttrNumber attnum, Oid *typid,
                                  int32 *typmod, Oid *collid);
extern char *get_namespace_name(Oid nspid);

#define type_is_array(typid) (get_element_type(typid) != InvalidOid)
#define type_is_array_domain(typid) (get_base_element_type(typid) != InvalidOid)
#define TypeIsToastable(typid) (get_typstorage(typid) != 'p')

#endif /* LSYSCACHE_H */
