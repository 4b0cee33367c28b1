/*
 * catalog/pg_authid.h
 *		Rows of pg_authid and pg_auth_members: roles, and who is a member of
 *		which.  Both are shared catalogs.
 */
#ifndef PG_AUTHID_H
#define PG_AUTHID_H

#define AuthIdRelationId 1260
#define AuthMemRelationId 1261

typedef struct FormData_pg_authid
{
	Oid oid;
	NameData rolname;
	bool rolsuper;
	bool rolinherit;
	bool rolcreaterole;
	bool rolcreatedb;
	bool rolcanlogin;
	bool rolreplication;
	bool rolbypassrls;
	int32 rolconnlimit; /* -1: no limit */
						/* rolpassword text: NULL, libpq/crypt.h has it */
						/* rolvaliduntil timestamptz */
} FormData_pg_authid;

typedef FormData_pg_authid *Form_pg_authid;

StaticAssertDecl(offsetof(FormData_pg_authid, rolconnlimit) == 76,
                 "as the columns are aligned");

#define Anum_pg_authid_oid 1
#define Anum_pg_authid_rolname 2
#define Anum_pg_authid_rolsuper 3
#define Anum_pg_authid_rolinherit 4
#define Anum_pg_authid_rolcreaterole 5
#define Anum_pg_authid_rolcreatedb 6
#define Anum_pg_authid_rolcanlogin 7
#define Anum_pg_authid_rolreplication 8
#define Anum_pg_authid_rolbypassrls 9
#define Anum_pg_authid_rolconnlimit 10
#define Anum_pg_authid_rolpassword 11
#define Anum_pg_authid_rolvaliduntil 12
#define Natts_pg_authid 12

typedef struct FormData_pg_auth_members
{
	Oid roleid;
	Oid member;
	Oid grantor;
	bool admin_option;
} FormData_pg_auth_members;

typedef FormData_pg_auth_members *Form_pg_auth_members;

#define Anum_pg_auth_members_roleid 1
#define Anum_pg_auth_members_member 2
#define Anum_pg_auth_members_grantor 3
#define Anum_pg_auth_members_admin_option 4
#define Natts_pg_auth_members 4

/* Who made the cluster; always a superuser. */
#define BOOTSTRAP_SUPERUSERID 10

/* The predefined roles, those of PostgreSQL's that mean something here. */
#define ROLE_PG_MONITOR 3373
#define ROLE_PG_READ_ALL_SETTINGS 3374
#define ROLE_PG_READ_ALL_STATS 3375
#define ROLE_PG_SIGNAL_BACKEND 4200
#define ROLE_PG_CHECKPOINT 4544
#define ROLE_PG_READ_SERVER_FILES 4569
#define ROLE_PG_WRITE_SERVER_FILES 4570
#define ROLE_PG_DATABASE_OWNER 6171
#define ROLE_PG_READ_ALL_DATA 6181
#define ROLE_PG_WRITE_ALL_DATA 6182

#endif /* PG_AUTHID_H */
