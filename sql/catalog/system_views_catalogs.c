/*
 * system_views_catalogs.c
 *		Catalogs whose rows are compiled in, and PostgreSQL's views of
 *		catalogs, as relations to read.
 *
 * A compiled row is a C struct with the catalog's columns in their order, so
 * that one function shows every such catalog: it walks over the columns, and
 * by their types over the fields.  Columns without a field come last or have a
 * type that no field has, and are NULL.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/transam.h"
#include "catalog/catalog_schema.h"
#include "catalog/namespace.h"
#include "catalog/pg_aggregate.h"
#include "catalog/pg_am.h"
#include "catalog/pg_amop.h"
#include "catalog/pg_amproc.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_cast.h"
#include "catalog/pg_class.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_index.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_opclass.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_opfamily.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "catalog/system_views.h"
#include "commands/extension.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/ruleutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
#include "utils/tuplestore.h"

#define MAX_COLUMNS 32
#define BOOTSTRAP_ROLE 10
#define DEFAULT_TABLESPACE 1663
#define GLOBAL_TABLESPACE 1664

/* clang-format off */
static const SystemViewColumn type_columns[] = {
	{"oid", OIDOID}, {"typname", NAMEOID}, {"typnamespace", OIDOID},
	{"typowner", OIDOID}, {"typlen", INT2OID}, {"typbyval", BOOLOID},
	{"typtype", CHAROID}, {"typcategory", CHAROID}, {"typispreferred", BOOLOID},
	{"typisdefined", BOOLOID}, {"typdelim", CHAROID}, {"typrelid", OIDOID},
	{"typsubscript", REGPROCOID}, {"typelem", OIDOID}, {"typarray", OIDOID},
	{"typinput", REGPROCOID}, {"typoutput", REGPROCOID},
	{"typreceive", REGPROCOID}, {"typsend", REGPROCOID},
	{"typmodin", REGPROCOID}, {"typmodout", REGPROCOID},
	{"typanalyze", REGPROCOID}, {"typalign", CHAROID}, {"typstorage", CHAROID},
	{"typnotnull", BOOLOID}, {"typbasetype", OIDOID}, {"typtypmod", INT4OID},
	{"typndims", INT4OID}, {"typcollation", OIDOID},
	{"typdefaultbin", PG_NODE_TREEOID}, {"typdefault", TEXTOID},
	{"typacl", ACLITEMARRAYOID},
};

static const SystemViewColumn proc_columns[] = {
	{"oid", OIDOID}, {"proname", NAMEOID}, {"pronamespace", OIDOID},
	{"proowner", OIDOID}, {"prolang", OIDOID}, {"procost", FLOAT4OID},
	{"prorows", FLOAT4OID}, {"provariadic", OIDOID}, {"prosupport", REGPROCOID},
	{"prokind", CHAROID}, {"prosecdef", BOOLOID}, {"proleakproof", BOOLOID},
	{"proisstrict", BOOLOID}, {"proretset", BOOLOID}, {"provolatile", CHAROID},
	{"proparallel", CHAROID}, {"pronargs", INT2OID},
	{"pronargdefaults", INT2OID}, {"prorettype", OIDOID},
	{"proargtypes", OIDVECTOROID}, {"proallargtypes", OIDARRAYOID},
	{"proargmodes", CHARARRAYOID}, {"proargnames", TEXTARRAYOID},
	{"proargdefaults", PG_NODE_TREEOID}, {"protrftypes", OIDARRAYOID},
	{"prosrc", TEXTOID}, {"probin", TEXTOID}, {"prosqlbody", PG_NODE_TREEOID},
	{"proconfig", TEXTARRAYOID}, {"proacl", ACLITEMARRAYOID},
};

static const SystemViewColumn operator_columns[] = {
	{"oid", OIDOID}, {"oprname", NAMEOID}, {"oprnamespace", OIDOID},
	{"oprowner", OIDOID}, {"oprkind", CHAROID}, {"oprcanmerge", BOOLOID},
	{"oprcanhash", BOOLOID}, {"oprleft", OIDOID}, {"oprright", OIDOID},
	{"oprresult", OIDOID}, {"oprcom", OIDOID}, {"oprnegate", OIDOID},
	{"oprcode", REGPROCOID}, {"oprrest", REGPROCOID}, {"oprjoin", REGPROCOID},
};

static const SystemViewColumn cast_columns[] = {
	{"oid", OIDOID}, {"castsource", OIDOID}, {"casttarget", OIDOID},
	{"castfunc", OIDOID}, {"castcontext", CHAROID}, {"castmethod", CHAROID},
};

static const SystemViewColumn aggregate_columns[] = {
	{"aggfnoid", REGPROCOID}, {"aggkind", CHAROID},
	{"aggnumdirectargs", INT2OID}, {"aggtransfn", REGPROCOID},
	{"aggfinalfn", REGPROCOID}, {"aggcombinefn", REGPROCOID},
	{"aggserialfn", REGPROCOID}, {"aggdeserialfn", REGPROCOID},
	{"aggmtransfn", REGPROCOID}, {"aggminvtransfn", REGPROCOID},
	{"aggmfinalfn", REGPROCOID}, {"aggfinalextra", BOOLOID},
	{"aggmfinalextra", BOOLOID}, {"aggfinalmodify", CHAROID},
	{"aggmfinalmodify", CHAROID}, {"aggsortop", OIDOID},
	{"aggtranstype", OIDOID}, {"aggtransspace", INT4OID},
	{"aggmtranstype", OIDOID}, {"aggmtransspace", INT4OID},
	{"agginitval", TEXTOID}, {"aggminitval", TEXTOID},
};

static const SystemViewColumn am_columns[] = {
	{"oid", OIDOID}, {"amname", NAMEOID}, {"amhandler", REGPROCOID},
	{"amtype", CHAROID},
};

static const SystemViewColumn opclass_columns[] = {
	{"oid", OIDOID}, {"opcmethod", OIDOID}, {"opcname", NAMEOID},
	{"opcnamespace", OIDOID}, {"opcowner", OIDOID}, {"opcfamily", OIDOID},
	{"opcintype", OIDOID}, {"opcdefault", BOOLOID}, {"opckeytype", OIDOID},
};

static const SystemViewColumn opfamily_columns[] = {
	{"oid", OIDOID}, {"opfmethod", OIDOID}, {"opfname", NAMEOID},
	{"opfnamespace", OIDOID}, {"opfowner", OIDOID},
};

static const SystemViewColumn amop_columns[] = {
	{"oid", OIDOID}, {"amopfamily", OIDOID}, {"amoplefttype", OIDOID},
	{"amoprighttype", OIDOID}, {"amopstrategy", INT2OID},
	{"amoppurpose", CHAROID}, {"amopopr", OIDOID}, {"amopmethod", OIDOID},
	{"amopsortfamily", OIDOID},
};

static const SystemViewColumn amproc_columns[] = {
	{"oid", OIDOID}, {"amprocfamily", OIDOID}, {"amproclefttype", OIDOID},
	{"amprocrighttype", OIDOID}, {"amprocnum", INT2OID}, {"amproc", REGPROCOID},
};

static const SystemViewColumn collation_columns[] = {
	{"oid", OIDOID}, {"collname", NAMEOID}, {"collnamespace", OIDOID},
	{"collowner", OIDOID}, {"collprovider", CHAROID},
	{"collisdeterministic", BOOLOID}, {"collencoding", INT4OID},
	{"collcollate", TEXTOID}, {"collctype", TEXTOID},
	{"colliculocale", TEXTOID}, {"collversion", TEXTOID},
};

static const SystemViewColumn language_columns[] = {
	{"oid", OIDOID}, {"lanname", NAMEOID}, {"lanowner", OIDOID},
	{"lanispl", BOOLOID}, {"lanpltrusted", BOOLOID}, {"lanplcallfoid", OIDOID},
	{"laninline", OIDOID}, {"lanvalidator", OIDOID},
	{"lanacl", ACLITEMARRAYOID},
};

static const SystemViewColumn tablespace_columns[] = {
	{"oid", OIDOID}, {"spcname", NAMEOID}, {"spcowner", OIDOID},
	{"spcacl", ACLITEMARRAYOID}, {"spcoptions", TEXTARRAYOID},
};

static const SystemViewColumn depend_columns[] = {
	{"classid", OIDOID}, {"objid", OIDOID}, {"objsubid", INT4OID},
	{"refclassid", OIDOID}, {"refobjid", OIDOID}, {"refobjsubid", INT4OID},
	{"deptype", CHAROID},
};

static const SystemViewColumn init_privs_columns[] = {
	{"objoid", OIDOID}, {"classoid", OIDOID}, {"objsubid", INT4OID},
	{"privtype", CHAROID}, {"initprivs", ACLITEMARRAYOID},
};

static const SystemViewColumn roles_columns[] = {
	{"rolname", NAMEOID}, {"rolsuper", BOOLOID}, {"rolinherit", BOOLOID},
	{"rolcreaterole", BOOLOID}, {"rolcreatedb", BOOLOID},
	{"rolcanlogin", BOOLOID}, {"rolreplication", BOOLOID},
	{"rolconnlimit", INT4OID}, {"rolpassword", TEXTOID},
	{"rolvaliduntil", TIMESTAMPTZOID}, {"rolbypassrls", BOOLOID},
	{"rolconfig", TEXTARRAYOID}, {"oid", OIDOID},
};

static const SystemViewColumn user_columns[] = {
	{"usename", NAMEOID}, {"usesysid", OIDOID}, {"usecreatedb", BOOLOID},
	{"usesuper", BOOLOID}, {"userepl", BOOLOID}, {"usebypassrls", BOOLOID},
	{"passwd", TEXTOID}, {"valuntil", TIMESTAMPTZOID},
	{"useconfig", TEXTARRAYOID},
};

static const SystemViewColumn tables_columns[] = {
	{"schemaname", NAMEOID}, {"tablename", NAMEOID}, {"tableowner", NAMEOID},
	{"tablespace", NAMEOID}, {"hasindexes", BOOLOID}, {"hasrules", BOOLOID},
	{"hastriggers", BOOLOID}, {"rowsecurity", BOOLOID},
};

static const SystemViewColumn indexes_columns[] = {
	{"schemaname", NAMEOID}, {"tablename", NAMEOID}, {"indexname", NAMEOID},
	{"tablespace", NAMEOID}, {"indexdef", TEXTOID},
};

static const SystemViewColumn views_columns[] = {
	{"schemaname", NAMEOID}, {"viewname", NAMEOID}, {"viewowner", NAMEOID},
	{"definition", TEXTOID},
};

static const SystemViewColumn available_extensions_columns[] = {
	{"name", NAMEOID}, {"default_version", TEXTOID},
	{"installed_version", TEXTOID}, {"comment", TEXTOID},
};
/* clang-format on */

/* ---- compiled rows ---- */

/* Where the walk over a row is, and what it has found. */
typedef struct RowWalk
{
	const char *row;
	Size offset;
	Size end; /* of the fields that are columns */
} RowWalk;

/* The next field, aligned for its size. */
static const void *
next_field(RowWalk *walk, Size size, Size align)
{
	const char *field;

	walk->offset = TYPEALIGN(align, walk->offset);
	field = walk->row + walk->offset;
	walk->offset += size;
	Assert(walk->offset <= walk->end);
	return field;
}

static Datum
walk_column(RowWalk *walk, Oid typeoid, bool *isnull)
{
	const char *s;

	*isnull = false;
	if (walk->offset >= walk->end)
	{
		*isnull = true;
		return (Datum) 0;
	}
	switch (typeoid)
	{
		case BOOLOID:
			return BoolGetDatum(*(const bool *) next_field(walk, 1, 1));
		case CHAROID:
			return CharGetDatum(*(const char *) next_field(walk, 1, 1));
		case NAMEOID:
			return PointerGetDatum(next_field(walk, NAMEDATALEN, 1));
		case INT2OID:
			return Int16GetDatum(*(const int16 *) next_field(walk, 2, 2));
		case INT4OID:
			return Int32GetDatum(*(const int32 *) next_field(walk, 4, 4));
		case FLOAT4OID:
			return Float4GetDatum(*(const float4 *) next_field(walk, 4, 4));
		case OIDOID:
		case REGPROCOID:
			return ObjectIdGetDatum(*(const Oid *) next_field(walk, 4, 4));
		case TEXTOID:
			s = *(const char *const *) next_field(walk, sizeof(char *),
			                                      sizeof(char *));
			*isnull = s == NULL;
			return s != NULL ? CStringGetTextDatum(s) : (Datum) 0;
		case OIDVECTOROID:
		{
			const Oid *oids = *(const Oid *const *) next_field(
				walk, sizeof(Oid *), sizeof(Oid *));

			return PointerGetDatum(
				buildoidvector(oids, ((Form_pg_proc) walk->row)->pronargs));
		}
		default: /* an array or an expression: never there */
			*isnull = true;
			return (Datum) 0;
	}
}

/*
 * A row per struct; end is where the fields that are columns end.  Without the
 * extension that an object belongs to it is not there; extension_offset 0: the
 * rows belong to none.
 */
static void
fill_compiled(Tuplestorestate *store, TupleDesc desc, const void *rows,
              int nrows, Size row_size, Size end, Size extension_offset)
{
	Datum values[MAX_COLUMNS];
	bool nulls[MAX_COLUMNS];

	Assert(desc->natts <= MAX_COLUMNS);
	for (int r = 0; r < nrows; r++)
	{
		RowWalk walk = {(const char *) rows + r * row_size, 0, end};

		if (extension_offset != 0 &&
		    !ExtensionObjectIsVisible(
				*(const char *const *) (walk.row + extension_offset)))
			continue;
		for (int i = 0; i < desc->natts; i++)
			values[i] =
				walk_column(&walk, TupleDescAttr(desc, i)->atttypid, &nulls[i]);
		Assert(walk.offset == end);
		tuplestore_putvalues(store, desc, values, nulls);
	}
}

/* where the field ends */
#define END_OF(type, field) \
	(offsetof(type, field) + sizeof(((type *) NULL)->field))

/* "last" is the last column that has a field. */
#define FILL_COMPILED(catalog, last)                                          \
	static void fill_##catalog(Tuplestorestate *store, TupleDesc desc)        \
	{                                                                         \
		fill_compiled(store, desc, pg_##catalog##_rows, pg_##catalog##_nrows, \
		              sizeof(FormData_pg_##catalog),                          \
		              END_OF(FormData_pg_##catalog, last),                    \
		              offsetof(FormData_pg_##catalog, extension));            \
	}

FILL_COMPILED(aggregate, aggminitval)
FILL_COMPILED(am, amtype)
FILL_COMPILED(amop, amopsortfamily)
FILL_COMPILED(amproc, amproc)
FILL_COMPILED(cast, castmethod)
FILL_COMPILED(opclass, opckeytype)
FILL_COMPILED(operator, oprjoin)
FILL_COMPILED(opfamily, opfowner)
FILL_COMPILED(type, typcollation)

static void
fill_proc(Tuplestorestate *store, TupleDesc desc)
{
	fill_compiled(store, desc, pg_proc_rows, pg_proc_nrows,
	              sizeof(FormData_pg_proc), END_OF(FormData_pg_proc, prosrc),
	              offsetof(FormData_pg_proc, extension));
}

static void
fill_collation(Tuplestorestate *store, TupleDesc desc)
{
	fill_compiled(store, desc, pg_collation_rows, pg_collation_nrows,
	              sizeof(FormData_pg_collation),
	              END_OF(FormData_pg_collation, collctype), 0);
}

/* ---- dependencies: what belongs to an extension ---- */

static void
put_member(Tuplestorestate *store, TupleDesc desc, Oid classid, Oid objid,
           const char *extension)
{
	Oid ext = InvalidOid;
	Datum values[7];
	bool nulls[7] = {false};

	if (extension != NULL)
		ext = get_extension_oid(extension, true);
	if (!OidIsValid(ext))
		return;
	values[0] = ObjectIdGetDatum(classid);
	values[1] = ObjectIdGetDatum(objid);
	values[2] = Int32GetDatum(0);
	values[3] = ObjectIdGetDatum(ExtensionRelationId);
	values[4] = ObjectIdGetDatum(ext);
	values[5] = Int32GetDatum(0);
	values[6] = CharGetDatum('e');
	tuplestore_putvalues(store, desc, values, nulls);
}

#define PUT_MEMBERS(catalog, classid)                                    \
	do                                                                   \
	{                                                                    \
		for (int i = 0; i < pg_##catalog##_nrows; i++)                   \
			put_member(store, desc, classid, pg_##catalog##_rows[i].oid, \
			           pg_##catalog##_rows[i].extension);                \
	} while (0)

static void
fill_depend(Tuplestorestate *store, TupleDesc desc)
{
	PUT_MEMBERS(am, AccessMethodRelationId);
	PUT_MEMBERS(cast, CastRelationId);
	PUT_MEMBERS(opclass, OperatorClassRelationId);
	PUT_MEMBERS(operator, OperatorRelationId);
	PUT_MEMBERS(opfamily, OperatorFamilyRelationId);
	PUT_MEMBERS(proc, ProcedureRelationId);
	PUT_MEMBERS(type, TypeRelationId);
}

/* ---- small catalogs ---- */

static Datum
name_datum(const char *s)
{
	Name name = palloc0(sizeof(NameData));

	strlcpy(NameStr(*name), s, NAMEDATALEN);
	return NameGetDatum(name);
}

/* The languages of the functions there are. */
static void
fill_language(Tuplestorestate *store, TupleDesc desc)
{
	static const struct
	{
		Oid oid;
		const char *name;
	} languages[] = {{INTERNALlanguageId, "internal"}, {ClanguageId, "c"}};

	for (Size i = 0; i < lengthof(languages); i++)
	{
		Datum values[MAX_COLUMNS] = {0};
		bool nulls[MAX_COLUMNS] = {false};

		values[0] = ObjectIdGetDatum(languages[i].oid);
		values[1] = name_datum(languages[i].name);
		values[2] = ObjectIdGetDatum(BOOTSTRAP_ROLE);
		nulls[desc->natts - 1] = true;
		tuplestore_putvalues(store, desc, values, nulls);
	}
}

static void
fill_tablespace(Tuplestorestate *store, TupleDesc desc)
{
	static const struct
	{
		Oid oid;
		const char *name;
	} spaces[] = {{DEFAULT_TABLESPACE, "pg_default"},
	              {GLOBAL_TABLESPACE, "pg_global"}};

	for (Size i = 0; i < lengthof(spaces); i++)
	{
		Datum values[MAX_COLUMNS] = {0};
		bool nulls[MAX_COLUMNS] = {false, false, false, true, true};

		values[0] = ObjectIdGetDatum(spaces[i].oid);
		values[1] = name_datum(spaces[i].name);
		values[2] = ObjectIdGetDatum(BOOTSTRAP_ROLE);
		tuplestore_putvalues(store, desc, values, nulls);
	}
}

/* ---- views of catalogs ---- */

/* A scan of a heap catalog, and the row that is being made of a tuple. */
typedef struct ViewScan
{
	Tuplestorestate *store;
	TupleDesc desc; /* of the view */
	Relation rel;
	Snapshot snapshot;
	TableScanDesc scan;
	HeapTuple tuple;
	int n;
	Datum values[MAX_COLUMNS];
	bool nulls[MAX_COLUMNS];
} ViewScan;

static void
begin_view(ViewScan *view, Tuplestorestate *store, TupleDesc desc,
           Oid catalogId)
{
	view->store = store;
	view->desc = desc;
	view->rel = table_open(catalogId, AccessShareLock);
	view->snapshot = RegisterSnapshot(GetCatalogSnapshot(catalogId));
	view->scan = table_beginscan(view->rel, view->snapshot, 0, NULL);
}

static bool
next_tuple(ViewScan *view)
{
	CHECK_FOR_INTERRUPTS();
	view->tuple = heap_getnext(view->scan, ForwardScanDirection);
	view->n = 0;
	return view->tuple != NULL;
}

static void
end_view(ViewScan *view)
{
	table_endscan(view->scan);
	UnregisterSnapshot(view->snapshot);
	table_close(view->rel, AccessShareLock);
}

static void
put(ViewScan *view, Datum value, bool isnull)
{
	Assert(view->n < view->desc->natts);
	view->values[view->n] = value;
	view->nulls[view->n++] = isnull;
}

static void
put_null(ViewScan *view)
{
	put(view, (Datum) 0, true);
}

static void
put_bool(ViewScan *view, bool value)
{
	put(view, BoolGetDatum(value), false);
}

static void
put_text(ViewScan *view, const char *s)
{
	if (s == NULL)
		put_null(view);
	else
		put(view, CStringGetTextDatum(s), false);
}

static void
put_name(ViewScan *view, const char *s)
{
	if (s == NULL)
		put_null(view);
	else
		put(view, name_datum(s), false);
}

/* a column of the tuple, as it is */
static void
put_attr(ViewScan *view, AttrNumber attnum)
{
	bool isnull;
	Datum d =
		heap_getattr(view->tuple, attnum, RelationGetDescr(view->rel), &isnull);

	put(view, d, isnull);
}

static void
finish_row(ViewScan *view)
{
	Assert(view->n == view->desc->natts);
	tuplestore_putvalues(view->store, view->desc, view->values, view->nulls);
}

/* The column of pg_authid with this name, by its descriptor. */
static AttrNumber
authid_column(ViewScan *view, const char *name)
{
	TupleDesc desc = RelationGetDescr(view->rel);

	for (int i = 0; i < desc->natts; i++)
	{
		if (strcmp(NameStr(TupleDescAttr(desc, i)->attname), name) == 0)
			return i + 1;
	}
	elog(ERROR, "pg_authid has no column \"%s\"", name);
}

static void
fill_authid_view(Tuplestorestate *store, TupleDesc desc,
                 const char *const *columns)
{
	ViewScan view;

	begin_view(&view, store, desc, AuthIdRelationId);
	while (next_tuple(&view))
	{
		for (int i = 0; i < desc->natts; i++)
		{
			if (columns[i] == NULL)
				put_null(&view);
			else if (strcmp(columns[i], "rolpassword") == 0)
				put_text(&view, "********");
			else
				put_attr(&view, authid_column(&view, columns[i]));
		}
		finish_row(&view);
	}
	end_view(&view);
}

static void
fill_roles(Tuplestorestate *store, TupleDesc desc)
{
	static const char *const columns[] = {
		"rolname",     "rolsuper",      "rolinherit",     "rolcreaterole",
		"rolcreatedb", "rolcanlogin",   "rolreplication", "rolconnlimit",
		"rolpassword", "rolvaliduntil", "rolbypassrls",   NULL,
		"oid",
	};

	fill_authid_view(store, desc, columns);
}

static void
fill_user(Tuplestorestate *store, TupleDesc desc)
{
	static const char *const columns[] = {
		"rolname",
		"oid",
		"rolcreatedb",
		"rolsuper",
		"rolreplication",
		"rolbypassrls",
		"rolpassword",
		"rolvaliduntil",
		NULL,
	};

	fill_authid_view(store, desc, columns);
}

/* One row of pg_init_privs; what came with an extension is marked so. */
static void
put_init_privs(ViewScan *view, Oid catalog, Oid oid, Acl *acl)
{
	const SystemView *made = GetSystemView(oid);
	bool by_extension = made != NULL && made->extension != NULL;

	put(view, ObjectIdGetDatum(oid), false);
	put(view, ObjectIdGetDatum(catalog), false);
	put(view, Int32GetDatum(0), false);
	put(view, CharGetDatum(by_extension ? 'e' : 'i'), false);
	put(view, PointerGetDatum(acl), false);
	finish_row(view);
}

/* What initial_acl.c said when the cluster was made. */
static void
fill_init_privs(Tuplestorestate *store, TupleDesc desc)
{
	ViewScan view;

	begin_view(&view, store, desc, RelationRelationId);
	while (next_tuple(&view))
	{
		Form_pg_class form = (Form_pg_class) GETSTRUCT(view.tuple);

		if (form->oid < FirstNormalObjectId)
			put_init_privs(&view, RelationRelationId, form->oid,
			               InitialRelationAcl(form->oid));
	}
	end_view(&view);
	begin_view(&view, store, desc, NamespaceRelationId);
	while (next_tuple(&view))
	{
		Oid oid = ((Form_pg_namespace) GETSTRUCT(view.tuple))->oid;
		Acl *acl = InitialNamespaceAcl(oid);

		if (acl != NULL)
			put_init_privs(&view, NamespaceRelationId, oid, acl);
	}
	end_view(&view);
}

static Form_pg_class
class_form(ViewScan *view)
{
	return (Form_pg_class) GETSTRUCT(view->tuple);
}

static void
fill_tables(Tuplestorestate *store, TupleDesc desc)
{
	ViewScan view;

	begin_view(&view, store, desc, RelationRelationId);
	while (next_tuple(&view))
	{
		Form_pg_class form = class_form(&view);

		if (form->relkind != RELKIND_RELATION)
			continue;
		put_name(&view, get_namespace_name(form->relnamespace));
		put_name(&view, NameStr(form->relname));
		put_name(&view, GetUserNameFromId(form->relowner, true));
		put_null(&view); /* tablespace: the database's */
		put_bool(&view, form->relhasindex);
		put_bool(&view, form->relhasrules);
		put_bool(&view, form->relhastriggers);
		put_bool(&view, form->relrowsecurity);
		finish_row(&view);
	}
	end_view(&view);
}

static void
fill_indexes(Tuplestorestate *store, TupleDesc desc)
{
	ViewScan view;

	begin_view(&view, store, desc, IndexRelationId);
	while (next_tuple(&view))
	{
		Form_pg_index form = (Form_pg_index) GETSTRUCT(view.tuple);
		FormData_pg_class table;
		char *index = get_rel_name(form->indexrelid);

		/* dropped meanwhile, or of a TOAST table */
		if (index == NULL || !get_rel_form(form->indrelid, &table) ||
		    table.relkind != RELKIND_RELATION)
			continue;
		put_name(&view, get_namespace_name(table.relnamespace));
		put_name(&view, NameStr(table.relname));
		put_name(&view, index);
		put_null(&view); /* tablespace: the database's */
		put_text(&view, pg_get_indexdef_string(form->indexrelid, true));
		finish_row(&view);
	}
	end_view(&view);
}

/* The views are all of the server's own: there is no query to show. */
static void
fill_views(Tuplestorestate *store, TupleDesc desc)
{
	ViewScan view;

	begin_view(&view, store, desc, RelationRelationId);
	while (next_tuple(&view))
	{
		Form_pg_class form = class_form(&view);

		if (form->relkind != RELKIND_VIEW)
			continue;
		put_name(&view, get_namespace_name(form->relnamespace));
		put_name(&view, NameStr(form->relname));
		put_name(&view, GetUserNameFromId(form->relowner, true));
		put_null(&view);
		finish_row(&view);
	}
	end_view(&view);
}

static void
fill_available_extensions(Tuplestorestate *store, TupleDesc desc)
{
	const char *name;
	const char *version;
	const char *comment;

	for (int n = 0; GetKnownExtension(n, &name, &version, &comment); n++)
	{
		HeapTuple tuple = SearchSysCache1(EXTENSIONNAME, CStringGetDatum(name));
		Datum values[4];
		bool nulls[4] = {false, false, true, false};

		values[0] = name_datum(name);
		values[1] = CStringGetTextDatum(version);
		values[2] = (Datum) 0;
		values[3] = CStringGetTextDatum(comment);
		if (tuple != NULL)
			values[2] = SysCacheGetAttr(
				EXTENSIONNAME, tuple, Anum_pg_extension_extversion, &nulls[2]);
		tuplestore_putvalues(store, desc, values, nulls);
		if (tuple != NULL)
			ReleaseSysCache(tuple);
	}
}

/* ------------------------------------------------------------------------ */

#define ENTRY(oid, name, relkind, fill)                                      \
	{                                                                        \
		oid, "pg_" #name, relkind, name##_columns, lengthof(name##_columns), \
			fill                                                             \
	}
#define CATALOG(oid, name, fill) ENTRY(oid, name, RELKIND_RELATION, fill)
#define VIEW(oid, name, fill) ENTRY(oid, name, RELKIND_VIEW, fill)

const SystemView catalog_views[] = {
	CATALOG(1247, type, fill_type),
	CATALOG(1255, proc, fill_proc),
	CATALOG(2617, operator, fill_operator),
	CATALOG(2605, cast, fill_cast),
	CATALOG(2600, aggregate, fill_aggregate),
	CATALOG(2601, am, fill_am),
	CATALOG(2616, opclass, fill_opclass),
	CATALOG(2753, opfamily, fill_opfamily),
	CATALOG(2602, amop, fill_amop),
	CATALOG(2603, amproc, fill_amproc),
	CATALOG(3456, collation, fill_collation),
	CATALOG(2612, language, fill_language),
	CATALOG(1213, tablespace, fill_tablespace),
	CATALOG(2608, depend, fill_depend),
	CATALOG(3394, init_privs, fill_init_privs),
	VIEW(12000, roles, fill_roles),
	VIEW(12014, user, fill_user),
	VIEW(12033, tables, fill_tables),
	VIEW(12043, indexes, fill_indexes),
	VIEW(12028, views, fill_views),
	VIEW(12081, available_extensions, fill_available_extensions),
	{InvalidOid, NULL, 0, NULL, 0, NULL},
};
