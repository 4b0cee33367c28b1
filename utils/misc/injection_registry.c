/*
 * injection_registry.c
 *		The names of the injection points: collected from the program itself.
 *
 * Each INJECTION_POINT leaves the address of its descriptor in the section
 * "injection_sites", whose ends the linker names.  A section of addresses and
 * not of descriptors, since addresses follow one another without gaps whatever
 * the compiler thinks of alignment.  A program has the points of the object
 * files that it is linked of, so a unit test may have its own.
 *
 * The descriptors are numbered in the postmaster before the first fork; every
 * child has a copy.
 *
 * PostgreSQL knows no names before code passes them: one that is misspelt there
 * waits for ever.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "storage/shmem.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"

#define HIDDEN __attribute__((weak, visibility("hidden")))
/* Defined by the linker; nobody has a point, then both are null. */
extern InjectionSite *__start_injection_sites[] HIDDEN;
extern InjectionSite *__stop_injection_sites[] HIDDEN;

static InjectionPointInfo *points = NULL;
static int npoints = 0;

#define MAX_NEAREST 3

static int
compare_sites(const void *a, const void *b)
{
	const InjectionSite *left = *(InjectionSite *const *) a;
	const InjectionSite *right = *(InjectionSite *const *) b;
	int result = strcmp(left->name, right->name);

	if (result == 0)
		result = strcmp(left->file, right->file);
	return result ? result : left->line - right->line;
}

/* Words of small letters and digits, joined by dashes. */
static bool
valid_name(const char *name)
{
	bool in_word = false;

	if (strlen(name) >= INJ_NAME_MAXLEN)
		return false;
	for (; *name; name++)
	{
		bool of_word =
			(*name >= 'a' && *name <= 'z') || (*name >= '0' && *name <= '9');

		if (!of_word && (*name != '-' || !in_word))
			return false;
		in_word = of_word;
	}
	return in_word;
}

/* The first word, or two where the field's name has two. */
static int
subsystem_length(const char *name)
{
	static const char *const two_words[] = {"shm-mq-", "concurrent-index-"};

	for (int i = 0; i < (int) lengthof(two_words); i++)
		if (strncmp(name, two_words[i], strlen(two_words[i])) == 0)
			return (int) strlen(two_words[i]) - 1;
	return (int) strcspn(name, "-");
}

static void
add_site(InjectionPointInfo *point, InjectionSite *site)
{
	if (point->class != site->class)
		elog(ERROR,
		     "injection point %s is of class %s at %s:%d and of class %s at "
		     "%s:%d",
		     site->name, InjectionClassName(point->class),
		     point->sites[0]->file, point->sites[0]->line,
		     InjectionClassName(site->class), site->file, site->line);
	point->takes |= site->takes;
	point->nsites++;
}

InjectionPointInfo *
InjectionRegistryBuild(InjectionSite **sites, int nsites, int *count)
{
	InjectionPointInfo *result = MemoryContextAlloc(
		TopMemoryContext, mul_size(Max(nsites, 1), sizeof(*result)));
	int n = 0;

	if (nsites > 0)
		qsort(sites, nsites, sizeof(*sites), compare_sites);
	for (int i = 0; i < nsites; i++)
	{
		InjectionSite *site = sites[i];

		if (!valid_name(site->name))
			elog(ERROR, "invalid name of injection point \"%s\" at %s:%d",
			     site->name, site->file, site->line);
		if (n > 0 && strcmp(result[n - 1].name, site->name) == 0)
			add_site(&result[n - 1], site);
		else
			result[n++] = (InjectionPointInfo){.name = site->name,
			                                   .class = site->class,
			                                   .takes = site->takes,
			                                   .subsystem_len =
			                                       subsystem_length(site->name),
			                                   .nsites = 1,
			                                   .sites = &sites[i]};
		site->index = n - 1;
	}
	*count = n;
	return result;
}

static void
collect(void)
{
	if (points == NULL)
		points = InjectionRegistryBuild(
			__start_injection_sites,
			(int) (__stop_injection_sites - __start_injection_sites), &npoints);
}

int
InjectionPointCount(void)
{
	collect();
	return npoints;
}

const InjectionPointInfo *
InjectionPointGet(int point)
{
	collect();
	Assert(point >= 0 && point < npoints);
	return &points[point];
}

int
InjectionPointFind(const char *name)
{
	int low = 0;
	int high;

	collect();
	high = npoints - 1;
	while (low <= high)
	{
		int middle = (low + high) / 2;
		int order = strcmp(name, points[middle].name);

		if (order == 0)
			return middle;
		if (order < 0)
			high = middle - 1;
		else
			low = middle + 1;
	}
	return -1;
}

const char *
InjectionClassName(InjectionClass class)
{
	switch (class)
	{
		case INJ_NORMAL:
			return "normal";
		case INJ_CRITICAL:
			return "critical";
		case INJ_NOTHROW:
			return "no-throw";
		case INJ_POSTMASTER:
			return "postmaster";
	}
	return "???";
}

/* ---- names like another ---- */

/* Letters to put in, take out or change; names are short. */
static int
edit_distance(const char *a, const char *b)
{
	int row[INJ_NAME_MAXLEN + 1];
	int length = Min((int) strlen(b), INJ_NAME_MAXLEN);

	for (int j = 0; j <= length; j++)
		row[j] = j;
	for (int i = 0; a[i]; i++)
	{
		int diagonal = row[0];

		row[0] = i + 1;
		for (int j = 1; j <= length; j++)
		{
			int change = diagonal + (a[i] != b[j - 1]);

			diagonal = row[j];
			row[j] = Min(change, Min(row[j], row[j - 1]) + 1);
		}
	}
	return row[length];
}

char *
InjectionPointNearest(const char *name)
{
	StringInfoData hint;
	int nearest[MAX_NEAREST];
	int distances[MAX_NEAREST];
	int found = 0;

	for (int i = 0; i < InjectionPointCount(); i++)
	{
		int distance = edit_distance(name, points[i].name);
		int at;

		/* A part of a name is near it. */
		if (*name && strstr(points[i].name, name))
			distance = Min(distance, 2);
		if (distance > Max(2, (int) strlen(name) / 3))
			continue;
		for (at = found; at > 0 && distances[at - 1] > distance; at--)
			if (at < MAX_NEAREST)
			{
				distances[at] = distances[at - 1];
				nearest[at] = nearest[at - 1];
			}
		if (at == MAX_NEAREST)
			continue;
		distances[at] = distance;
		nearest[at] = i;
		found = Min(found + 1, MAX_NEAREST);
	}
	initStringInfo(&hint);
	for (int i = 0; i < found; i++)
		appendStringInfo(&hint, "%s\"%s\"",
		                 i == 0           ? "Perhaps you mean "
		                 : i == found - 1 ? " or "
		                                  : ", ",
		                 points[nearest[i]].name);
	appendStringInfo(&hint, "%sThe view injection_points lists them all.",
	                 found ? ". " : "");
	return hint.data;
}
