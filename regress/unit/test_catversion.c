/*
 * test_catversion.c
 *		Every change of a catalog or view that is written down in a data directory
 *		changes the version, so that a server does not start with a directory of
 *		another build (which one with a column less in a view did, and failed an
 *		assertion when it was read).
 */
#include "postgres.h"

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>

#include "catalog/catversion.h"
#include "unit.h"

#define T_INT4 23
#define T_TEXT 25

static const SystemViewColumn view_columns[] = {{"ab", T_INT4}, {"c", T_TEXT}};
static const SystemViewColumn other_type[] = {{"ab", T_INT4}, {"c", T_INT4}};
static const SystemViewColumn other_name[] = {{"ab", T_INT4}, {"d", T_TEXT}};
static const SystemViewColumn other_end[] = {{"a", T_INT4}, {"bc", T_TEXT}};
static const SystemViewColumn other_order[] = {{"c", T_TEXT}, {"ab", T_INT4}};

static const SystemView view = {12990, "a_view", 'v', view_columns, 2};

static void
test_view(void)
{
	SystemView other[9];
	uint32 version = SystemViewVersion(&view);

	for (int i = 0; i < lengthof(other); i++)
		other[i] = view;
	other[0].columns = other_type;
	other[1].columns = other_name;
	other[2].columns = other_end;
	other[3].columns = other_order;
	other[4].ncolumns = 1;
	other[5].oid++;
	other[6].name = "b_view";
	other[7].relkind = 'r';
	other[8].extension = "vector";
	for (int i = 0; i < lengthof(other); i++)
		CU_ASSERT_NOT_EQUAL(SystemViewVersion(&other[i]), version);
	/* what it is filled by is not written down */
	other[0] = view;
	other[0].function = 1;
	CU_ASSERT_EQUAL(SystemViewVersion(&other[0]), version);
}

static void
test_catalog(void)
{
	static const CatalogColumn columns[] = {{"oid", T_INT4, true},
	                                        {"name", T_TEXT, true}};
	static const CatalogColumn nullable[] = {{"oid", T_INT4, true},
	                                         {"name", T_TEXT, false}};
	const CatalogSchema catalog = {1260, "a_catalog", false, 2, columns};
	CatalogSchema other[5] = {catalog, catalog, catalog, catalog, catalog};
	uint32 version = CatalogSchemaVersion(&catalog);

	other[0].columns = nullable;
	other[1].natts = 1;
	other[2].shared = true;
	other[3].oid++;
	other[4].name = "b_catalog";
	for (int i = 0; i < lengthof(other); i++)
		CU_ASSERT_NOT_EQUAL(CatalogSchemaVersion(&other[i]), version);
}

static void
test_all(void)
{
	CU_ASSERT_EQUAL(CatalogVersion() / 1000000, CATALOG_ERA);
	CU_ASSERT_EQUAL(CatalogVersion(), CatalogVersion());
}

int
main(void)
{
	CU_pSuite suite;

	CU_initialize_registry();
	suite = CU_add_suite("catversion", NULL, NULL);
	CU_ADD_TEST(suite, test_view);
	CU_ADD_TEST(suite, test_catalog);
	CU_ADD_TEST(suite, test_all);
	return unit_run();
}
