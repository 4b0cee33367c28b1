/*
 * typcache.c
 *		Comparison operators of types, remembered.
 *
 * Corresponds to PostgreSQL's utils/cache/typcache.c.  Everything comes from
 * compiled rows, so entries never go stale.
 */
#include "postgres.h"

#include "access/stratnum.h"
#include "catalog/opclasscmds.h"
#include "catalog/pg_am.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

#define BTORDER_PROC 1

static HTAB *TypeCacheHash = NULL;

static void
fill_entry(TypeCacheEntry *entry, Form_pg_type type)
{
	Oid opclass;

	entry->typlen = type->typlen;
	entry->typbyval = type->typbyval;
	entry->typalign = type->typalign;
	entry->typstorage = type->typstorage;
	entry->typtype = type->typtype;
	entry->typelem = type->typelem;
	entry->typcollation = type->typcollation;

	opclass = GetDefaultOpClass(type->oid, BTREE_AM_OID);
	if (!OidIsValid(opclass))
		return;
	entry->btree_opf = get_opclass_family(opclass);
	entry->btree_opintype = get_opclass_input_type(opclass);
	entry->lt_opr =
		get_opfamily_member(entry->btree_opf, entry->btree_opintype,
	                        entry->btree_opintype, BTLessStrategyNumber);
	entry->eq_opr =
		get_opfamily_member(entry->btree_opf, entry->btree_opintype,
	                        entry->btree_opintype, BTEqualStrategyNumber);
	entry->gt_opr =
		get_opfamily_member(entry->btree_opf, entry->btree_opintype,
	                        entry->btree_opintype, BTGreaterStrategyNumber);
	entry->cmp_proc = get_opfamily_proc(entry->btree_opf, entry->btree_opintype,
	                                    entry->btree_opintype, BTORDER_PROC);
}

TypeCacheEntry *
lookup_type_cache(Oid type_id, int flags)
{
	TypeCacheEntry *entry;
	bool found;

	if (TypeCacheHash == NULL)
	{
		HASHCTL ctl = {0};

		ctl.keysize = sizeof(Oid);
		ctl.entrysize = sizeof(TypeCacheEntry);
		ctl.hcxt = TopMemoryContext;
		TypeCacheHash = hash_create("Type information cache", 64, &ctl,
		                            HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}
	entry = hash_search(TypeCacheHash, &type_id, HASH_FIND, NULL);
	if (entry == NULL)
	{
		Form_pg_type type = GetTypeForm(type_id);

		if (type == NULL)
			ereport(ERROR,
			        (errcode(ERRCODE_UNDEFINED_OBJECT),
			         errmsg("type with OID %u does not exist", type_id)));
		entry = hash_search(TypeCacheHash, &type_id, HASH_ENTER, &found);
		memset(entry, 0, sizeof(*entry));
		entry->type_id = type_id;
		fill_entry(entry, type);
	}
	if ((flags & TYPECACHE_EQ_OPR_FINFO) && OidIsValid(entry->eq_opr) &&
	    !OidIsValid(entry->eq_opr_finfo.fn_oid))
		fmgr_info_cxt(get_opcode(entry->eq_opr), &entry->eq_opr_finfo,
		              TopMemoryContext);
	if ((flags & TYPECACHE_CMP_PROC_FINFO) && OidIsValid(entry->cmp_proc) &&
	    !OidIsValid(entry->cmp_proc_finfo.fn_oid))
		fmgr_info_cxt(entry->cmp_proc, &entry->cmp_proc_finfo,
		              TopMemoryContext);
	return entry;
}

void
get_sort_group_operators(Oid argtype, bool needLT, bool needEQ, bool needGT,
                         Oid *ltOpr, Oid *eqOpr, Oid *gtOpr, bool *isHashable)
{
	TypeCacheEntry *entry = lookup_type_cache(
		argtype, TYPECACHE_LT_OPR | TYPECACHE_EQ_OPR | TYPECACHE_GT_OPR);

	if ((needLT && !OidIsValid(entry->lt_opr)) ||
	    (needGT && !OidIsValid(entry->gt_opr)))
		ereport(ERROR,
		        (errcode(ERRCODE_UNDEFINED_FUNCTION),
		         errmsg("could not identify an ordering operator for type %s",
		                format_type_be(argtype)),
		         errhint("Use an explicit ordering operator or modify the "
		                 "query.")));
	if (needEQ && !OidIsValid(entry->eq_opr))
		ereport(ERROR,
		        (errcode(ERRCODE_UNDEFINED_FUNCTION),
		         errmsg("could not identify an equality operator for type %s",
		                format_type_be(argtype))));
	if (ltOpr)
		*ltOpr = entry->lt_opr;
	if (eqOpr)
		*eqOpr = entry->eq_opr;
	if (gtOpr)
		*gtOpr = entry->gt_opr;
	if (isHashable)
		*isHashable = false;
}
