/*
 * shape.c
 *	  What is known of indexes and tables: descriptors shared by all sessions.
 *
 * BEGIN's answer says what an index is like: access method, type, metric,
 * columns of the table, outputs of the statement.  That is long and seldom
 * changes, so it has a number, and a session that knows the number is not told
 * the rest again.  Sessions of all threads find it by name in a hash table of
 * liburcu's, without a lock; who is told something new replaces it.
 *
 * No thread but the program's: call_rcu would start one, with the signal mask of
 * whom it meets first, and a program that blocks a signal to wait for it would
 * be killed through that; so would a table that resizes itself.
 *
 * 1.	A shape is constant from the moment that it can be found.
 * 2.	Who found it holds a reference, taken inside of the read-side section in
 *		which it was found, and only if there was one left.
 * 3.	The table holds one; who takes an entry out waits for all who may still
 *		find it (synchronize_rcu: they look a name up, and wait for nothing), and
 *		gives it back.
 * 4.	Names are statements' texts, which a program may make anew each time:
 *		beyond MAX_SHAPES, who adds one takes another out that was not found
 *		since the last who looked for such a one came by.  Whose query has it
 *		keeps it; another session is told it all again.
 */
#include "postgres.h"

#include <stdio.h>
#include <stdlib.h>

#include <urcu-bp.h>
#include <urcu/rculfhash.h>

/* Some tens of bytes: a call would cost as much as the hash. */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "access/bitvec.h"
#include "access/halfvec.h"
#include "access/hnsw.h"
#include "access/ivfflat.h"
#include "access/sparsevec.h"
#include "access/vector.h"
#include "runtime.h"

/* Entries of the table (4); one more for each thread that adds just now. */
#define MAX_SHAPES 512

/* An entry of the table. */
typedef struct ShapeName
{
	int used; /* atomic: somebody found it of late */
	struct cds_lfht_node node;
	tusk_shape *shape;
	size_t length;
	char name[FLEXIBLE_ARRAY_MEMBER];
} ShapeName;

typedef struct ShapeKey
{
	const void *name;
	size_t length;
} ShapeKey;

/* What a type and a metric mean. */
static const struct
{
	uint32 type;
	uint32 metric;
	PGFunction index_distance;
	bool normalised;
	PGFunction distance; /* the operator's */
} metrics[] = {
	{DIRECT_TYPE_VECTOR, DIRECT_METRIC_L2, vector_l2_squared_distance, false,
     l2_distance},
	{DIRECT_TYPE_VECTOR, DIRECT_METRIC_IP, vector_negative_inner_product, false,
     vector_negative_inner_product},
	{DIRECT_TYPE_VECTOR, DIRECT_METRIC_COSINE, vector_negative_inner_product,
     true, cosine_distance},
	{DIRECT_TYPE_VECTOR, DIRECT_METRIC_L1, l1_distance, false, l1_distance},
	{DIRECT_TYPE_HALFVEC, DIRECT_METRIC_L2, halfvec_l2_squared_distance, false,
     halfvec_l2_distance},
	{DIRECT_TYPE_HALFVEC, DIRECT_METRIC_IP, halfvec_negative_inner_product,
     false, halfvec_negative_inner_product},
	{DIRECT_TYPE_HALFVEC, DIRECT_METRIC_COSINE, halfvec_negative_inner_product,
     true, halfvec_cosine_distance},
	{DIRECT_TYPE_HALFVEC, DIRECT_METRIC_L1, halfvec_l1_distance, false,
     halfvec_l1_distance},
	{DIRECT_TYPE_BIT, DIRECT_METRIC_HAMMING, hamming_distance, false,
     hamming_distance},
	{DIRECT_TYPE_BIT, DIRECT_METRIC_JACCARD, jaccard_distance, false,
     jaccard_distance},
	{DIRECT_TYPE_SPARSEVEC, DIRECT_METRIC_L2, sparsevec_l2_squared_distance,
     false, sparsevec_l2_distance},
	{DIRECT_TYPE_SPARSEVEC, DIRECT_METRIC_IP, sparsevec_negative_inner_product,
     false, sparsevec_negative_inner_product},
	{DIRECT_TYPE_SPARSEVEC, DIRECT_METRIC_COSINE,
     sparsevec_negative_inner_product, true, sparsevec_cosine_distance},
	{DIRECT_TYPE_SPARSEVEC, DIRECT_METRIC_L1, sparsevec_l1_distance, false,
     sparsevec_l1_distance},
};

/* That there is one says that values are normalised; it is not called. */
static FmgrInfo some_norm;

/* -1: there is no such thing. */
static int
FindMetric(uint32 type, uint32 metric)
{
	for (int i = 0; i < (int) lengthof(metrics); i++)
		if (metrics[i].type == type && metrics[i].metric == metric)
			return i;
	return -1;
}

bool
ShapeIsPossible(const DirectBeginReply *reply)
{
	return (reply->am == DIRECT_AM_HNSW || reply->am == DIRECT_AM_IVFFLAT) &&
	       FindMetric(reply->type, reply->metric) >= 0;
}

PGFunction
ShapeDistanceFunction(const tusk_shape *shape)
{
	return metrics[FindMetric(shape->type, shape->metric)].distance;
}

static const VectorTypeInfo *
TypeInfo(const tusk_shape *shape)
{
	switch (shape->type)
	{
		case DIRECT_TYPE_HALFVEC:
			return (const VectorTypeInfo *) DatumGetPointer(
				hnsw_halfvec_support(NULL));
		case DIRECT_TYPE_BIT:
			return (const VectorTypeInfo *) DatumGetPointer(
				hnsw_bit_support(NULL));
		case DIRECT_TYPE_SPARSEVEC:
			return (const VectorTypeInfo *) DatumGetPointer(
				hnsw_sparsevec_support(NULL));
		default:
			return &vector_type_info;
	}
}

/* As hnsw.c's, which asks the catalogs. */
void
HnswInitSupport(VectorSupport *support, Relation index)
{
	const tusk_shape *shape = CurrentReader->shape;
	int i = FindMetric(shape->type, shape->metric);

	VectorSupportInit(support, TypeInfo(shape), metrics[i].index_distance,
	                  metrics[i].normalised ? &some_norm : NULL,
	                  shape->dimensions);
}

/* As ivfflat.c's; what only builds use is left out. */
void
IvfflatInitSupport(IvfflatSupport *support, Relation index)
{
	memset(support, 0, sizeof(*support));
	HnswInitSupport(&support->value, index);
}

/* ---------------------------------------------------------------------------
 * Making and freeing
 * ---------------------------------------------------------------------------
 */

static void
FreeShape(tusk_shape *shape)
{
	if (shape == NULL)
		return;
	free(shape->table.rd_att);
	free(shape->outputs);
	free(shape->missing);
	free(shape);
}

static void
SetRelation(struct RelationData *rel, Form_pg_class form, const char *name,
            const DirectRelation *from)
{
	rel->rd_node.spcNode = from->spc_node;
	rel->rd_node.dbNode = from->db_node;
	rel->rd_node.relNode = from->rel_node;
	rel->rd_id = from->oid;
	rel->rd_rel = form;
	form->relpersistence = RELPERSISTENCE_PERMANENT;
	snprintf(NameStr(form->relname), NAMEDATALEN, "%s %u", name, from->oid);
}

static bool
ColumnIsPossible(const DirectColumn *c)
{
	return c->length != 0 && c->length >= -2 &&
	       !(c->by_value && (c->length < 0 || c->length > 8)) &&
	       c->align != '\0' && strchr("csid", c->align) != NULL;
}

bool
tusk_shape_columns_are_possible(const DirectColumn *columns, uint32_t n)
{
	for (uint32 i = 0; i < n; i++)
		if (!ColumnIsPossible(&columns[i]))
			return false;
	return true;
}

/* NULL: out of memory. */
static TupleDesc
MakeTupleDesc(const DirectColumn *columns, uint32 n, bool *missing)
{
	TupleDesc desc = calloc(1, offsetof(TupleDescData, attrs) +
	                               n * sizeof(FormData_pg_attribute));

	if (desc == NULL)
		return NULL;
	desc->natts = (int) n;
	desc->tdrefcount = -1;
	for (uint32 i = 0; i < n; i++)
	{
		const DirectColumn *c = &columns[i];
		Form_pg_attribute att = TupleDescAttr(desc, i);

		Assert(ColumnIsPossible(c));
		att->attnum = (int16) (i + 1);
		att->atttypid = c->type;
		att->atttypmod = c->typmod;
		att->attlen = c->length;
		att->attbyval = c->by_value != 0;
		att->attalign = c->align;
		att->attisdropped = c->dropped != 0;
		missing[i] = c->missing != 0;
	}
	return desc;
}

static tusk_shape *
MakeShape(const DirectBeginReply *reply, const DirectColumn *columns,
          const DirectOutput *outputs)
{
	tusk_shape *shape = calloc(1, sizeof(*shape));

	if (shape == NULL)
		return NULL;
	shape->references = 1;
	shape->number = reply->shape;
	shape->am = reply->am;
	shape->type = reply->type;
	shape->metric = reply->metric;
	shape->dimensions = reply->dimensions;
	shape->index_attnum = reply->index_attnum;
	shape->noutputs = (int) reply->noutputs;
	SetRelation(&shape->index, &shape->index_form, "index", &reply->index);
	SetRelation(&shape->table, &shape->table_form, "table", &reply->table);
	shape->missing = calloc(reply->ncolumns + 1, sizeof(bool));
	shape->outputs = calloc(reply->noutputs + 1, sizeof(DirectOutput));
	if (shape->missing != NULL)
		shape->table.rd_att =
			MakeTupleDesc(columns, reply->ncolumns, shape->missing);
	if (shape->outputs == NULL || shape->table.rd_att == NULL)
	{
		FreeShape(shape);
		return NULL;
	}
	memcpy(shape->outputs, outputs, reply->noutputs * sizeof(DirectOutput));
	return shape;
}

/* Who gives back the last reference has seen what all others did before. */
void
tusk_shape_release(tusk_shape *shape)
{
	if (shape != NULL && uatomic_add_return(&shape->references, -1) == 0)
		FreeShape(shape);
}

/*
 * A reference; false: it is being freed.  uatomic_cmpxchg and
 * uatomic_add_return are full barriers: the one here pairs with that of
 * tusk_shape_release.
 */
static bool
TakeReference(tusk_shape *shape)
{
	long n = uatomic_read(&shape->references);

	while (n > 0)
	{
		long before = uatomic_cmpxchg(&shape->references, n, n + 1);

		if (before == n)
			return true;
		n = before;
	}
	return false;
}

/* ---------------------------------------------------------------------------
 * Finding
 * ---------------------------------------------------------------------------
 */

static int
HasName(struct cds_lfht_node *node, const void *key)
{
	const ShapeName *entry = caa_container_of(node, ShapeName, node);
	const ShapeKey *k = key;

	return entry->length == k->length &&
	       memcmp(entry->name, k->name, k->length) == 0;
}

/* (3) Of an entry that nobody can find any more; NULL: there is none. */
static void
FreeName(ShapeName *entry)
{
	if (entry == NULL)
		return;
	tusk_shape_release(entry->shape);
	free(entry);
}

tusk_shape *
tusk_shape_find(tusk_mapping *mapping, const void *name, size_t name_length)
{
	ShapeKey key = {name, name_length};
	struct cds_lfht_iter iter;
	struct cds_lfht_node *node;
	tusk_shape *shape = NULL;

	rcu_read_lock();
	cds_lfht_lookup(mapping->shapes, XXH3_64bits(name, name_length), HasName,
	                &key, &iter);
	node = cds_lfht_iter_get_node(&iter);
	if (node != NULL)
	{
		ShapeName *entry = caa_container_of(node, ShapeName, node);

		shape = entry->shape;
		if (!TakeReference(shape))
			shape = NULL;
		/* a hint for TakeOneOut, which orders nothing */
		if (!uatomic_read(&entry->used))
			uatomic_set(&entry->used, 1);
	}
	rcu_read_unlock();
	return shape;
}

/*
 * (4) In a read-side section: takes one out, to be freed behind it.  Those that
 * were found have a second chance; if all were, the next round has the first one
 * of them.  NULL: others have taken them out.
 */
static ShapeName *
TakeOneOut(tusk_mapping *mapping, const ShapeName *keep)
{
	struct cds_lfht_iter iter;
	struct cds_lfht_node *node;

	for (int round = 0; round < 2; round++)
	{
		cds_lfht_first(mapping->shapes, &iter);
		while ((node = cds_lfht_iter_get_node(&iter)) != NULL)
		{
			ShapeName *entry = caa_container_of(node, ShapeName, node);

			cds_lfht_next(mapping->shapes, &iter);
			if (entry == keep)
				continue;
			/* pairs with tusk_shape_find: a hint, which orders nothing */
			if (uatomic_read(&entry->used))
				uatomic_set(&entry->used, 0);
			else if (cds_lfht_del(mapping->shapes, node) == 0)
			{
				uatomic_dec(&mapping->nshapes);
				return entry;
			}
		}
	}
	return NULL;
}

tusk_shape *
tusk_shape_learn(tusk_mapping *mapping, const void *name, size_t name_length,
                 const DirectBeginReply *reply, const DirectColumn *columns,
                 const DirectOutput *outputs)
{
	ShapeKey key = {name, name_length};
	tusk_shape *shape = MakeShape(reply, columns, outputs);
	ShapeName *entry;
	ShapeName *gone = NULL;
	struct cds_lfht_node *old;

	if (shape == NULL)
		return NULL;
	entry = malloc(offsetof(ShapeName, name) + name_length);
	if (entry == NULL)
		return shape; /* this session has it, the others do not */
	shape->references = 2;
	cds_lfht_node_init(&entry->node);
	entry->used = 1;
	entry->shape = shape;
	entry->length = name_length;
	memcpy(entry->name, name, name_length);
	rcu_read_lock();
	old = cds_lfht_add_replace(mapping->shapes, XXH3_64bits(name, name_length),
	                           HasName, &key, &entry->node);
	if (old != NULL)
		gone = caa_container_of(old, ShapeName, node);
	else if (uatomic_add_return(&mapping->nshapes, 1) > MAX_SHAPES)
		gone = TakeOneOut(mapping, entry);
	rcu_read_unlock();
	if (gone != NULL)
		synchronize_rcu();
	FreeName(gone);
	return shape;
}

/* The last session leaves: nobody looks any more, nor is to be waited for. */
void
ShapesForget(tusk_mapping *mapping)
{
	struct cds_lfht_iter iter;
	struct cds_lfht_node *node;

	rcu_read_lock();
	cds_lfht_first(mapping->shapes, &iter);
	while ((node = cds_lfht_iter_get_node(&iter)) != NULL)
	{
		cds_lfht_next(mapping->shapes, &iter);
		if (cds_lfht_del(mapping->shapes, node) == 0)
			FreeName(caa_container_of(node, ShapeName, node));
	}
	rcu_read_unlock();
	(void) cds_lfht_destroy(mapping->shapes, NULL);
	mapping->shapes = NULL;
}

/* ---------------------------------------------------------------------------
 * Asking
 * ---------------------------------------------------------------------------
 */

uint64_t
tusk_shape_number(const tusk_shape *shape)
{
	return shape == NULL ? 0 : shape->number;
}

static bool
IsRelation(const struct RelationData *rel, const DirectRelation *r)
{
	return rel->rd_id == r->oid && rel->rd_node.spcNode == r->spc_node &&
	       rel->rd_node.dbNode == r->db_node &&
	       rel->rd_node.relNode == r->rel_node;
}

bool
tusk_shape_fits(const tusk_shape *shape, const DirectBeginReply *reply)
{
	return shape->number == reply->shape && shape->am == reply->am &&
	       shape->type == reply->type && shape->metric == reply->metric &&
	       shape->dimensions == reply->dimensions &&
	       IsRelation(&shape->index, &reply->index) &&
	       IsRelation(&shape->table, &reply->table);
}

int
tusk_shape_outputs(const tusk_shape *shape)
{
	return shape->noutputs;
}

const DirectOutput *
tusk_shape_output(const tusk_shape *shape, int i)
{
	return &shape->outputs[i];
}

uint32_t
tusk_shape_column_type(const tusk_shape *shape, int attnum)
{
	TupleDesc desc = shape->table.rd_att;

	if (attnum < 1 || attnum > desc->natts ||
	    TupleDescAttr(desc, attnum - 1)->attisdropped)
		return 0;
	return TupleDescAttr(desc, attnum - 1)->atttypid;
}
