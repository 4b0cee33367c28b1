/*
 * catalog/pg_class.h
 *		Rows of pg_class: one per table and index.  Columns, order and OID are
 *		PostgreSQL 15's; relacl, reloptions and relpartbound follow the fixed
 *		part.
 */
#ifndef PG_CLASS_H
#define PG_CLASS_H

#define RelationRelationId 1259

typedef struct FormData_pg_class
{
	Oid oid;
	NameData relname;
	Oid relnamespace;
	Oid reltype;
	Oid reloftype;
	Oid relowner;
	Oid relam;
	Oid relfilenode;
	Oid reltablespace;
	int32 relpages;
	float4 reltuples; /* -1: never counted */
	int32 relallvisible;
	Oid reltoastrelid;
	bool relhasindex;
	bool relisshared;
	char relpersistence;
	char relkind;
	int16 relnatts;
	int16 relchecks;
	bool relhasrules;
	bool relhastriggers;
	bool relhassubclass;
	bool relrowsecurity;
	bool relforcerowsecurity;
	bool relispopulated;
	char relreplident;
	bool relispartition;
	Oid relrewrite;
	TransactionId relfrozenxid;
	MultiXactId relminmxid;
} FormData_pg_class;

typedef FormData_pg_class *Form_pg_class;

#define CLASS_TUPLE_SIZE \
	(offsetof(FormData_pg_class, relminmxid) + sizeof(TransactionId))
#define Anum_pg_class_relowner 6
#define Anum_pg_class_relacl 31
#define Anum_pg_class_reloptions 32
#define Natts_pg_class 33

#define RELKIND_RELATION 'r'
#define RELKIND_INDEX 'i'
#define RELKIND_TOASTVALUE 't'
#define RELKIND_VIEW 'v'
#define RELPERSISTENCE_PERMANENT 'p'
#define RELPERSISTENCE_UNLOGGED 'u'
#define RELPERSISTENCE_TEMP 't'

#endif /* PG_CLASS_H */
