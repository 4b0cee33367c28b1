/*
 * utils/typcache.h
 *		What sorting, grouping and comparing need to know of a type.
 *
 * The operators are those of the type's default btree operator class; OIDs are
 * 0 where the type has none.  Entries live as long as the process.
 */
#ifndef TYPCACHE_H
#define TYPCACHE_H

#include "fmgr.h"

typedef struct TypeCacheEntry
{
	Oid type_id;
	int16 typlen;
	bool typbyval;
	char typalign;
	char typstorage;
	char typtype;
	Oid typelem;
	Oid typcollation;
	Oid btree_opf;
	Oid btree_opintype;
	Oid hash_opf;
	Oid eq_opr;
	Oid lt_opr;
	Oid gt_opr;
	Oid cmp_proc;
	/* filled in only when asked for */
	FmgrInfo eq_opr_finfo;
	FmgrInfo cmp_proc_finfo;
} TypeCacheEntry;

#define TYPECACHE_EQ_OPR 0x0001
#define TYPECACHE_LT_OPR 0x0002
#define TYPECACHE_GT_OPR 0x0004
#define TYPECACHE_CMP_PROC 0x0008
#define TYPECACHE_EQ_OPR_FINFO 0x0020
#define TYPECACHE_CMP_PROC_FINFO 0x0040

extern TypeCacheEntry *lookup_type_cache(Oid type_id, int flags);

/*
 * Operators to sort and group values of argtype.  ERROR 42883 if one that is
 * needed does not exist.  Any of the results may be NULL.
 */
extern void
get_sort_group_operators(Oid argtype, bool needLT, bool needEQ, bool needGT,
                         Oid *ltOpr, Oid *eqOpr, Oid *gtOpr, bool *isHashable);

#endif /* TYPCACHE_H */
