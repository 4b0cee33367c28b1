/*
 * sysinfo.c
 *		Functions about the server, the session and its settings.
 *
 * Corresponds to parts of PostgreSQL's utils/adt/{misc,name,version}.c and
 * utils/misc/guc.c.
 */
#include "postgres.h"

#include <ctype.h>

#include "access/detoast.h"
#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/transam.h"
#include "access/xact.h"
#include "catalog/catalog_schema.h"
#include "catalog/pg_authid.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "commands/dbcommands.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

/* columns of heap catalogs, PostgreSQL 15's numbers */
#define Anum_pg_database_oid 1
#define Anum_pg_database_datname 2

/* PostgreSQL's numbers of encodings; the server's own is UTF8. */
static const char *const encoding_names[] = {
	"SQL_ASCII",    "EUC_JP",         "EUC_CN",        "EUC_KR",     "EUC_TW",
	"EUC_JIS_2004", "UTF8",           "MULE_INTERNAL", "LATIN1",     "LATIN2",
	"LATIN3",       "LATIN4",         "LATIN5",        "LATIN6",     "LATIN7",
	"LATIN8",       "LATIN9",         "LATIN10",       "WIN1256",    "WIN1258",
	"WIN866",       "WIN874",         "KOI8R",         "WIN1251",    "WIN1252",
	"ISO_8859_5",   "ISO_8859_6",     "ISO_8859_7",    "ISO_8859_8", "WIN1250",
	"WIN1253",      "WIN1254",        "WIN1255",       "WIN1257",    "KOI8U",
	"SJIS",         "BIG5",           "GBK",           "UHC",        "GB18030",
	"JOHAB",        "SHIFT_JIS_2004",
};
#define SERVER_ENCODING 6

static Datum
name_datum(const char *s)
{
	Name name = palloc0(sizeof(NameData));

	strlcpy(NameStr(*name), s, NAMEDATALEN);
	return NameGetDatum(name);
}

/* ---- who and where ---- */

Datum
pgsql_version(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(
		"PostgreSQL 15.20 (Tusk) on x86_64-pc-linux-gnu, compiled by "
#ifdef __clang__
		"clang "
#else
		"gcc "
#endif
		__VERSION__ ", 64-bit"));
}

char *
GetUserNameFromId(Oid roleid, bool noerr)
{
	HeapTuple tuple = SearchSysCache1(AUTHOID, ObjectIdGetDatum(roleid));
	char *result;
	bool isnull;

	if (tuple == NULL)
	{
		if (!noerr)
			ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
			                errmsg("invalid role OID: %u", roleid)));
		return NULL;
	}
	result = pstrdup(NameStr(*DatumGetName(
		SysCacheGetAttr(AUTHOID, tuple, Anum_pg_authid_rolname, &isnull))));
	ReleaseSysCache(tuple);
	return result;
}

Datum
current_user(PG_FUNCTION_ARGS)
{
	return name_datum(GetUserNameFromId(GetUserId(), false));
}

Datum
session_user(PG_FUNCTION_ARGS)
{
	return name_datum(GetUserNameFromId(GetSessionUserId(), false));
}

Datum
pg_get_userbyid(PG_FUNCTION_ARGS)
{
	Oid roleid = PG_GETARG_OID(0);
	char *name = GetUserNameFromId(roleid, true);

	return name_datum(name != NULL ? name
	                               : psprintf("unknown (OID=%u)", roleid));
}

char *
get_database_name(Oid dbid)
{
	Relation rel = table_open(DatabaseRelationId, AccessShareLock);
	TableScanDesc scan =
		table_beginscan(rel, GetCatalogSnapshot(DatabaseRelationId), 0, NULL);
	TupleDesc desc = RelationGetDescr(rel);
	char *result = NULL;
	HeapTuple tuple;
	bool isnull;

	while (result == NULL &&
	       (tuple = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		if (DatumGetObjectId(heap_getattr(tuple, Anum_pg_database_oid, desc,
		                                  &isnull)) == dbid)
			result = pstrdup(NameStr(*DatumGetName(
				heap_getattr(tuple, Anum_pg_database_datname, desc, &isnull))));
	}
	table_endscan(scan);
	table_close(rel, AccessShareLock);
	return result;
}

Datum
current_database(PG_FUNCTION_ARGS)
{
	char *name = get_database_name(MyDatabaseId);

	if (name == NULL)
		elog(ERROR, "cache lookup failed for database %u", MyDatabaseId);
	return name_datum(name);
}

/* The schema in which CREATE makes things: first of the path that exists. */
Datum
current_schema(PG_FUNCTION_ARGS)
{
	List *path = fetch_search_path(false);
	char *name;

	if (path == NIL)
		PG_RETURN_NULL();
	name = get_namespace_name(linitial_oid(path));
	if (name == NULL) /* dropped meanwhile */
		PG_RETURN_NULL();
	return name_datum(name);
}

Datum
current_schemas(PG_FUNCTION_ARGS)
{
	List *path = fetch_search_path(PG_GETARG_BOOL(0));
	Datum *names = palloc((list_length(path) + 1) * sizeof(Datum));
	int n = 0;
	ListCell *lc;

	foreach (lc, path)
	{
		char *name = get_namespace_name(lfirst_oid(lc));

		if (name != NULL)
			names[n++] = name_datum(name);
	}
	PG_RETURN_POINTER(
		construct_array(names, n, NAMEOID, NAMEDATALEN, false, TYPALIGN_CHAR));
}

Datum
pg_my_temp_schema(PG_FUNCTION_ARGS)
{
	PG_RETURN_OID(GetMyTempNamespace());
}

Datum
pg_is_other_temp_schema(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(isOtherTempNamespace(PG_GETARG_OID(0)));
}

Datum
pg_is_in_recovery(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(false);
}

/* ---- transactions ---- */

/* The epoch is that of now, or the one before if the id is yet to come in it. */
static int64
full_xid(TransactionId xid)
{
	FullTransactionId next = ReadNextFullTransactionId();
	int64 epoch = EpochFromFullTransactionId(next);

	if (xid > XidFromFullTransactionId(next))
		epoch--;
	return (epoch << 32) | xid;
}

/* txid_current and pg_current_xact_id: gives the transaction an id */
Datum
pg_current_xact_id(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(full_xid(GetTopTransactionId()));
}

Datum
pg_current_xact_id_if_assigned(PG_FUNCTION_ARGS)
{
	TransactionId xid = GetTopTransactionIdIfAny();

	if (!TransactionIdIsValid(xid))
		PG_RETURN_NULL();
	PG_RETURN_INT64(full_xid(xid));
}

/* ---- encodings ---- */

Datum
PG_encoding_to_char(PG_FUNCTION_ARGS)
{
	int32 encoding = PG_GETARG_INT32(0);

	if (encoding < 0 || encoding >= (int) lengthof(encoding_names))
		return name_datum("");
	return name_datum(encoding_names[encoding]);
}

/* Other names of some, without '-' and '_'. */
static const struct
{
	const char *name;
	int encoding;
} encoding_aliases[] = {
	{"abc", 19},         {"alt", 20},         {"iso88591", 8},
	{"iso88592", 9},     {"iso88593", 10},    {"iso88594", 11},
	{"iso88599", 12},    {"iso885910", 13},   {"iso885913", 14},
	{"iso885914", 15},   {"iso885915", 16},   {"iso885916", 17},
	{"koi8", 22},        {"mskanji", 35},     {"shiftjis", 35},
	{"tcvn", 19},        {"tcvn5712", 19},    {"unicode", 6},
	{"vscii", 19},       {"win", 23},         {"win932", 35},
	{"win936", 37},      {"win949", 38},      {"win950", 36},
	{"windows1250", 29}, {"windows1251", 23}, {"windows1252", 24},
	{"windows1253", 30}, {"windows1254", 31}, {"windows1255", 32},
	{"windows1256", 18}, {"windows1257", 33}, {"windows1258", 19},
	{"windows866", 20},  {"windows874", 21},  {"windows932", 35},
	{"windows936", 37},  {"windows949", 38},  {"windows950", 36},
};

/* Case, '-' and '_' do not matter: "utf-8" is "UTF8". */
static bool
same_encoding_name(const char *a, const char *b)
{
	for (;;)
	{
		while (*a == '-' || *a == '_')
			a++;
		while (*b == '-' || *b == '_')
			b++;
		if (tolower((unsigned char) *a) != tolower((unsigned char) *b))
			return false;
		if (*a == '\0')
			return true;
		a++;
		b++;
	}
}

Datum
PG_char_to_encoding(PG_FUNCTION_ARGS)
{
	const char *name = NameStr(*PG_GETARG_NAME(0));

	for (Size i = 0; i < lengthof(encoding_names); i++)
	{
		if (same_encoding_name(name, encoding_names[i]))
			PG_RETURN_INT32((int32) i);
	}
	for (Size i = 0; i < lengthof(encoding_aliases); i++)
	{
		if (same_encoding_name(name, encoding_aliases[i].name))
			PG_RETURN_INT32(encoding_aliases[i].encoding);
	}
	PG_RETURN_INT32(-1);
}

Datum
getdatabaseencoding(PG_FUNCTION_ARGS)
{
	return name_datum(encoding_names[SERVER_ENCODING]);
}

Datum
pg_client_encoding(PG_FUNCTION_ARGS)
{
	return name_datum(GetConfigOption("client_encoding", false));
}

/* ---- settings ---- */

Datum
show_config_by_name(PG_FUNCTION_ARGS)
{
	char *name = text_to_cstring(PG_GETARG_TEXT_PP(0));

	PG_RETURN_TEXT_P(cstring_to_text(GetConfigOptionByName(name, NULL, false)));
}

Datum
show_config_by_name_missing_ok(PG_FUNCTION_ARGS)
{
	char *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	char *value = GetConfigOptionByName(name, NULL, PG_GETARG_BOOL(1));

	if (value == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(value));
}

/* set_config(name, value, is_local): a NULL value is RESET */
Datum
set_config_by_name(PG_FUNCTION_ARGS)
{
	GucAction action = GUC_ACTION_SET;
	char *name;

	if (PG_ARGISNULL(0))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
		                errmsg("SET requires parameter name")));
	name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	if (!PG_ARGISNULL(2) && PG_GETARG_BOOL(2))
		action = GUC_ACTION_LOCAL;
	if (SetUserSetting(name,
	                   PG_ARGISNULL(1) ? NULL
	                                   : text_to_cstring(PG_GETARG_TEXT_PP(1)),
	                   action == GUC_ACTION_LOCAL))
		;
	else if (PG_ARGISNULL(1))
		ResetConfigOption(name, action);
	else
		(void) set_config_option(name, text_to_cstring(PG_GETARG_TEXT_PP(1)),
		                         superuser() ? PGC_SUSET : PGC_USERSET,
		                         PGC_S_SESSION, action, false);
	PG_RETURN_TEXT_P(cstring_to_text(GetConfigOptionByName(name, NULL, false)));
}

/* ---- values ---- */

Datum
pg_typeof(PG_FUNCTION_ARGS)
{
	PG_RETURN_OID(get_fn_expr_argtype(fcinfo->flinfo, 0));
}

/* bytes that the value takes where it is stored */
Datum
pg_column_size(PG_FUNCTION_ARGS)
{
	Datum value = PG_GETARG_DATUM(0);
	int16 typlen = get_typlen(get_fn_expr_argtype(fcinfo->flinfo, 0));

	if (typlen == 0)
		elog(ERROR,
		     "could not determine the type of pg_column_size's argument");
	if (typlen > 0)
		PG_RETURN_INT32(typlen);
	if (typlen == -2)
		PG_RETURN_INT32((int32) strlen(DatumGetCString(value)) + 1);
	PG_RETURN_INT32((int32) toast_datum_size(value));
}

/* by which method the value is compressed where it is stored; NULL: it is not */
Datum
pg_column_compression(PG_FUNCTION_ARGS)
{
	struct varlena *value = (struct varlena *) PG_GETARG_POINTER(0);
	uint32 method = TOAST_INVALID_COMPRESSION_ID;

	if (get_typlen(get_fn_expr_argtype(fcinfo->flinfo, 0)) != -1)
		PG_RETURN_NULL();
	if (VARATT_IS_EXTERNAL(value))
	{
		varatt_external pointer;

		VARATT_EXTERNAL_GET_POINTER(pointer, value);
		if (VARATT_EXTERNAL_IS_COMPRESSED(pointer))
			method = VARATT_EXTERNAL_GET_COMPRESS_METHOD(pointer);
	}
	else if (VARATT_IS_COMPRESSED(value))
		method = VARDATA_COMPRESSED_GET_COMPRESS_METHOD(value);
	switch (method)
	{
		case TOAST_PGLZ_COMPRESSION_ID:
			PG_RETURN_TEXT_P(cstring_to_text("pglz"));
		case TOAST_LZ4_COMPRESSION_ID:
			PG_RETURN_TEXT_P(cstring_to_text("lz4"));
		default:
			PG_RETURN_NULL();
	}
}

/* ---- what there is no way to set: comments on objects ---- */

Datum
obj_description(PG_FUNCTION_ARGS)
{
	PG_RETURN_NULL();
}
