/*
 * system_views_empty.c
 *		Catalogs and views without rows.
 *
 * Clients look into them for what this server does not have (constraints,
 * comments, inheritance, triggers, ...): the answer is no row.  Columns are
 * PostgreSQL 15's.
 */
#include "postgres.h"

#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "catalog/system_views.h"

/* clang-format off */
static const SystemViewColumn description_columns[] = {
	{"objoid", OIDOID}, {"classoid", OIDOID}, {"objsubid", INT4OID},
	{"description", TEXTOID},
};

static const SystemViewColumn shdescription_columns[] = {
	{"objoid", OIDOID}, {"classoid", OIDOID}, {"description", TEXTOID},
};

static const SystemViewColumn range_columns[] = {
	{"rngtypid", OIDOID}, {"rngsubtype", OIDOID}, {"rngmultitypid", OIDOID},
	{"rngcollation", OIDOID}, {"rngsubopc", OIDOID},
	{"rngcanonical", REGPROCOID}, {"rngsubdiff", REGPROCOID},
};

static const SystemViewColumn enum_columns[] = {
	{"oid", OIDOID}, {"enumtypid", OIDOID}, {"enumsortorder", FLOAT4OID},
	{"enumlabel", NAMEOID},
};

static const SystemViewColumn constraint_columns[] = {
	{"oid", OIDOID}, {"conname", NAMEOID}, {"connamespace", OIDOID},
	{"contype", CHAROID}, {"condeferrable", BOOLOID}, {"condeferred", BOOLOID},
	{"convalidated", BOOLOID}, {"conrelid", OIDOID}, {"contypid", OIDOID},
	{"conindid", OIDOID}, {"conparentid", OIDOID}, {"confrelid", OIDOID},
	{"confupdtype", CHAROID}, {"confdeltype", CHAROID},
	{"confmatchtype", CHAROID}, {"conislocal", BOOLOID},
	{"coninhcount", INT4OID}, {"connoinherit", BOOLOID},
	{"conkey", INT2ARRAYOID}, {"confkey", INT2ARRAYOID},
	{"conpfeqop", OIDARRAYOID}, {"conppeqop", OIDARRAYOID},
	{"conffeqop", OIDARRAYOID}, {"confdelsetcols", INT2ARRAYOID},
	{"conexclop", OIDARRAYOID}, {"conbin", PG_NODE_TREEOID},
};

static const SystemViewColumn inherits_columns[] = {
	{"inhrelid", OIDOID}, {"inhparent", OIDOID}, {"inhseqno", INT4OID},
	{"inhdetachpending", BOOLOID},
};

static const SystemViewColumn trigger_columns[] = {
	{"oid", OIDOID}, {"tgrelid", OIDOID}, {"tgparentid", OIDOID},
	{"tgname", NAMEOID}, {"tgfoid", OIDOID}, {"tgtype", INT2OID},
	{"tgenabled", CHAROID}, {"tgisinternal", BOOLOID},
	{"tgconstrrelid", OIDOID}, {"tgconstrindid", OIDOID},
	{"tgconstraint", OIDOID}, {"tgdeferrable", BOOLOID},
	{"tginitdeferred", BOOLOID}, {"tgnargs", INT2OID},
	{"tgattr", INT2VECTOROID}, {"tgargs", BYTEAOID},
	{"tgqual", PG_NODE_TREEOID}, {"tgoldtable", NAMEOID},
	{"tgnewtable", NAMEOID},
};

static const SystemViewColumn rewrite_columns[] = {
	{"oid", OIDOID}, {"rulename", NAMEOID}, {"ev_class", OIDOID},
	{"ev_type", CHAROID}, {"ev_enabled", CHAROID}, {"is_instead", BOOLOID},
	{"ev_qual", PG_NODE_TREEOID}, {"ev_action", PG_NODE_TREEOID},
};

static const SystemViewColumn policy_columns[] = {
	{"oid", OIDOID}, {"polname", NAMEOID}, {"polrelid", OIDOID},
	{"polcmd", CHAROID}, {"polpermissive", BOOLOID}, {"polroles", OIDARRAYOID},
	{"polqual", PG_NODE_TREEOID}, {"polwithcheck", PG_NODE_TREEOID},
};

static const SystemViewColumn statistic_ext_columns[] = {
	{"oid", OIDOID}, {"stxrelid", OIDOID}, {"stxname", NAMEOID},
	{"stxnamespace", OIDOID}, {"stxowner", OIDOID}, {"stxstattarget", INT4OID},
	{"stxkeys", INT2VECTOROID}, {"stxkind", CHARARRAYOID},
	{"stxexprs", PG_NODE_TREEOID},
};

static const SystemViewColumn publication_columns[] = {
	{"oid", OIDOID}, {"pubname", NAMEOID}, {"pubowner", OIDOID},
	{"puballtables", BOOLOID}, {"pubinsert", BOOLOID}, {"pubupdate", BOOLOID},
	{"pubdelete", BOOLOID}, {"pubtruncate", BOOLOID}, {"pubviaroot", BOOLOID},
};

static const SystemViewColumn publication_rel_columns[] = {
	{"oid", OIDOID}, {"prpubid", OIDOID}, {"prrelid", OIDOID},
	{"prqual", PG_NODE_TREEOID}, {"prattrs", INT2VECTOROID},
};

static const SystemViewColumn publication_namespace_columns[] = {
	{"oid", OIDOID}, {"pnpubid", OIDOID}, {"pnnspid", OIDOID},
};

static const SystemViewColumn sequence_columns[] = {
	{"seqrelid", OIDOID}, {"seqtypid", OIDOID}, {"seqstart", INT8OID},
	{"seqincrement", INT8OID}, {"seqmax", INT8OID}, {"seqmin", INT8OID},
	{"seqcache", INT8OID}, {"seqcycle", BOOLOID},
};

static const SystemViewColumn foreign_table_columns[] = {
	{"ftrelid", OIDOID}, {"ftserver", OIDOID}, {"ftoptions", TEXTARRAYOID},
};

static const SystemViewColumn foreign_server_columns[] = {
	{"oid", OIDOID}, {"srvname", NAMEOID}, {"srvowner", OIDOID},
	{"srvfdw", OIDOID}, {"srvtype", TEXTOID}, {"srvversion", TEXTOID},
	{"srvacl", ACLITEMARRAYOID}, {"srvoptions", TEXTARRAYOID},
};

static const SystemViewColumn partitioned_table_columns[] = {
	{"partrelid", OIDOID}, {"partstrat", CHAROID}, {"partnatts", INT2OID},
	{"partdefid", OIDOID}, {"partattrs", INT2VECTOROID},
	{"partclass", OIDVECTOROID}, {"partcollation", OIDVECTOROID},
	{"partexprs", PG_NODE_TREEOID},
};

static const SystemViewColumn db_role_setting_columns[] = {
	{"setdatabase", OIDOID}, {"setrole", OIDOID}, {"setconfig", TEXTARRAYOID},
};

static const SystemViewColumn event_trigger_columns[] = {
	{"oid", OIDOID}, {"evtname", NAMEOID}, {"evtevent", NAMEOID},
	{"evtowner", OIDOID}, {"evtfoid", OIDOID}, {"evtenabled", CHAROID},
	{"evttags", TEXTARRAYOID},
};

static const SystemViewColumn foreign_data_wrapper_columns[] = {
	{"oid", OIDOID}, {"fdwname", NAMEOID}, {"fdwowner", OIDOID},
	{"fdwhandler", OIDOID}, {"fdwvalidator", OIDOID},
	{"fdwacl", ACLITEMARRAYOID}, {"fdwoptions", TEXTARRAYOID},
};

static const SystemViewColumn default_acl_columns[] = {
	{"oid", OIDOID}, {"defaclrole", OIDOID}, {"defaclnamespace", OIDOID},
	{"defaclobjtype", CHAROID}, {"defaclacl", ACLITEMARRAYOID},
};

static const SystemViewColumn parameter_acl_columns[] = {
	{"oid", OIDOID}, {"parname", TEXTOID}, {"paracl", ACLITEMARRAYOID},
};

static const SystemViewColumn ts_config_columns[] = {
	{"oid", OIDOID}, {"cfgname", NAMEOID}, {"cfgnamespace", OIDOID},
	{"cfgowner", OIDOID}, {"cfgparser", OIDOID},
};

static const SystemViewColumn ts_dict_columns[] = {
	{"oid", OIDOID}, {"dictname", NAMEOID}, {"dictnamespace", OIDOID},
	{"dictowner", OIDOID}, {"dicttemplate", OIDOID},
	{"dictinitoption", TEXTOID},
};

static const SystemViewColumn ts_parser_columns[] = {
	{"oid", OIDOID}, {"prsname", NAMEOID}, {"prsnamespace", OIDOID},
	{"prsstart", REGPROCOID}, {"prstoken", REGPROCOID}, {"prsend", REGPROCOID},
	{"prsheadline", REGPROCOID}, {"prslextype", REGPROCOID},
};

static const SystemViewColumn ts_template_columns[] = {
	{"oid", OIDOID}, {"tmplname", NAMEOID}, {"tmplnamespace", OIDOID},
	{"tmplinit", REGPROCOID}, {"tmpllexize", REGPROCOID},
};

static const SystemViewColumn conversion_columns[] = {
	{"oid", OIDOID}, {"conname", NAMEOID}, {"connamespace", OIDOID},
	{"conowner", OIDOID}, {"conforencoding", INT4OID},
	{"contoencoding", INT4OID}, {"conproc", REGPROCOID},
	{"condefault", BOOLOID},
};

static const SystemViewColumn shdepend_columns[] = {
	{"dbid", OIDOID}, {"classid", OIDOID}, {"objid", OIDOID},
	{"objsubid", INT4OID}, {"refclassid", OIDOID}, {"refobjid", OIDOID},
	{"deptype", CHAROID},
};

static const SystemViewColumn seclabel_columns[] = {
	{"objoid", OIDOID}, {"classoid", OIDOID}, {"objsubid", INT4OID},
	{"provider", TEXTOID}, {"label", TEXTOID},
};

static const SystemViewColumn shseclabel_columns[] = {
	{"objoid", OIDOID}, {"classoid", OIDOID}, {"provider", TEXTOID},
	{"label", TEXTOID},
};

static const SystemViewColumn user_mapping_columns[] = {
	{"oid", OIDOID}, {"umuser", OIDOID}, {"umserver", OIDOID},
	{"umoptions", TEXTARRAYOID},
};

static const SystemViewColumn user_mappings_columns[] = {
	{"umid", OIDOID}, {"srvid", OIDOID}, {"srvname", NAMEOID},
	{"umuser", OIDOID}, {"usename", NAMEOID}, {"umoptions", TEXTARRAYOID},
};

static const SystemViewColumn transform_columns[] = {
	{"oid", OIDOID}, {"trftype", OIDOID}, {"trflang", OIDOID},
	{"trffromsql", REGPROCOID}, {"trftosql", REGPROCOID},
};

static const SystemViewColumn matviews_columns[] = {
	{"schemaname", NAMEOID}, {"matviewname", NAMEOID},
	{"matviewowner", NAMEOID}, {"tablespace", NAMEOID}, {"hasindexes", BOOLOID},
	{"ispopulated", BOOLOID}, {"definition", TEXTOID},
};

static const SystemViewColumn sequences_columns[] = {
	{"schemaname", NAMEOID}, {"sequencename", NAMEOID},
	{"sequenceowner", NAMEOID}, {"data_type", REGTYPEOID},
	{"start_value", INT8OID}, {"min_value", INT8OID}, {"max_value", INT8OID},
	{"increment_by", INT8OID}, {"cycle", BOOLOID}, {"cache_size", INT8OID},
	{"last_value", INT8OID},
};

static const SystemViewColumn subscription_columns[] = {
	{"oid", OIDOID}, {"subdbid", OIDOID}, {"subskiplsn", PG_LSNOID},
	{"subname", NAMEOID}, {"subowner", OIDOID}, {"subenabled", BOOLOID},
	{"subbinary", BOOLOID}, {"substream", BOOLOID},
	{"subtwophasestate", CHAROID}, {"subdisableonerr", BOOLOID},
	{"subconninfo", TEXTOID}, {"subslotname", NAMEOID},
	{"subsynccommit", TEXTOID}, {"subpublications", TEXTARRAYOID},
};

static const SystemViewColumn subscription_rel_columns[] = {
	{"srsubid", OIDOID}, {"srrelid", OIDOID}, {"srsubstate", CHAROID},
	{"srsublsn", PG_LSNOID},
};

static const SystemViewColumn largeobject_metadata_columns[] = {
	{"oid", OIDOID}, {"lomowner", OIDOID}, {"lomacl", ACLITEMARRAYOID},
};
/* clang-format on */

static void
fill_nothing(struct Tuplestorestate *store, TupleDesc desc)
{
}

#define ENTRY(oid, name, relkind)                                            \
	{                                                                        \
		oid, "pg_" #name, relkind, name##_columns, lengthof(name##_columns), \
			fill_nothing                                                     \
	}
#define CATALOG(oid, name) ENTRY(oid, name, RELKIND_RELATION)
#define VIEW(oid, name) ENTRY(oid, name, RELKIND_VIEW)

const SystemView empty_views[] = {
	CATALOG(2609, description),
	CATALOG(2396, shdescription),
	CATALOG(3541, range),
	CATALOG(3501, enum),
	CATALOG(2606, constraint),
	CATALOG(2611, inherits),
	CATALOG(2620, trigger),
	CATALOG(2618, rewrite),
	CATALOG(3256, policy),
	CATALOG(3381, statistic_ext),
	CATALOG(6104, publication),
	CATALOG(6106, publication_rel),
	CATALOG(6237, publication_namespace),
	CATALOG(2224, sequence),
	CATALOG(3118, foreign_table),
	CATALOG(1417, foreign_server),
	CATALOG(3350, partitioned_table),
	CATALOG(2964, db_role_setting),
	CATALOG(3466, event_trigger),
	CATALOG(2328, foreign_data_wrapper),
	CATALOG(826, default_acl),
	CATALOG(6243, parameter_acl),
	CATALOG(3602, ts_config),
	CATALOG(3600, ts_dict),
	CATALOG(3601, ts_parser),
	CATALOG(3764, ts_template),
	CATALOG(2607, conversion),
	CATALOG(1214, shdepend),
	CATALOG(3596, seclabel),
	CATALOG(3592, shseclabel),
	CATALOG(1418, user_mapping),
	CATALOG(3576, transform),
	CATALOG(6100, subscription),
	CATALOG(6102, subscription_rel),
	CATALOG(2995, largeobject_metadata),
	VIEW(12038, matviews),
	VIEW(12048, sequences),
	VIEW(12327, user_mappings),
	{InvalidOid, NULL, 0, NULL, 0, NULL},
};
