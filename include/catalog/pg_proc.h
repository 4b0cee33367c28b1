/*
 * catalog/pg_proc.h
 *		Functions and aggregates: PostgreSQL 15's columns of pg_proc and the
 *		compiled rows, each with the address of its C function.
 *
 * proallargtypes, proargmodes, proargnames, proargdefaults, protrftypes,
 * probin, prosqlbody, proconfig and proacl are always NULL.
 */
#ifndef PG_PROC_H
#define PG_PROC_H

#include "fmgr.h"

#define ProcedureRelationId 1255
#define Natts_pg_proc 30

typedef struct FormData_pg_proc
{
	Oid oid;
	NameData proname;
	Oid pronamespace;
	Oid proowner;
	Oid prolang;
	float4 procost;
	float4 prorows;
	Oid provariadic;
	regproc prosupport;
	char prokind;
	bool prosecdef;
	bool proleakproof;
	bool proisstrict;
	bool proretset;
	char provolatile;
	char proparallel;
	int16 pronargs;
	int16 pronargdefaults;
	Oid prorettype;
	const Oid *proargtypes; /* pronargs of them */
	const char *prosrc;
	PGFunction fn_addr; /* NULL: an aggregate, or not in this server */
	const char *extension;
} FormData_pg_proc;

typedef const FormData_pg_proc *Form_pg_proc;

/* in order of OID */
extern const FormData_pg_proc pg_proc_rows[];
extern const int pg_proc_nrows;

extern Form_pg_proc GetProcForm(Oid funcid);

#define PROKIND_FUNCTION 'f'
#define PROKIND_AGGREGATE 'a'
#define PROKIND_WINDOW 'w'
#define PROKIND_PROCEDURE 'p'

#define PROVOLATILE_IMMUTABLE 'i'
#define PROVOLATILE_STABLE 's'
#define PROVOLATILE_VOLATILE 'v'

#define PROPARALLEL_SAFE 's'
#define PROPARALLEL_RESTRICTED 'r'
#define PROPARALLEL_UNSAFE 'u'

#define INTERNALlanguageId 12
#define ClanguageId 13

#endif /* PG_PROC_H */
