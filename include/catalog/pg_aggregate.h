/*
 * catalog/pg_aggregate.h
 *		How aggregates are computed: PostgreSQL 15's columns of pg_aggregate
 *		and the compiled rows.
 */
#ifndef PG_AGGREGATE_H
#define PG_AGGREGATE_H

#define AggregateRelationId 2600
#define Natts_pg_aggregate 22

typedef struct FormData_pg_aggregate
{
	regproc aggfnoid;
	char aggkind;
	int16 aggnumdirectargs;
	regproc aggtransfn;
	regproc aggfinalfn; /* 0: the state is the result */
	regproc aggcombinefn;
	regproc aggserialfn;
	regproc aggdeserialfn;
	regproc aggmtransfn;
	regproc aggminvtransfn;
	regproc aggmfinalfn;
	bool aggfinalextra;
	bool aggmfinalextra;
	char aggfinalmodify;
	char aggmfinalmodify;
	Oid aggsortop; /* min and max: the order they follow */
	Oid aggtranstype;
	int32 aggtransspace;
	Oid aggmtranstype;
	int32 aggmtransspace;
	const char *agginitval; /* text of the first state, or NULL */
	const char *aggminitval;
	const char *extension;
} FormData_pg_aggregate;

typedef const FormData_pg_aggregate *Form_pg_aggregate;

/* in order of OID */
extern const FormData_pg_aggregate pg_aggregate_rows[];
extern const int pg_aggregate_nrows;

extern Form_pg_aggregate GetAggregateForm(Oid aggfnoid);

#define AGGKIND_NORMAL 'n'
#define AGGMODIFY_READ_ONLY 'r'

#endif /* PG_AGGREGATE_H */
