/*
 * fsmpage.c
 *		One page of the free space map.
 *
 * Each leaf is the category of one slot, each inner node the maximum of its
 * children, so that the root tells whether a search pays, and a search goes
 * down one path.  Node i has the children 2i + 1 and 2i + 2.  A crash may leave
 * a parent that is not the maximum: a search that runs into one rebuilds the
 * page and begins again.
 *
 * Corresponds to PostgreSQL's fsmpage.c.
 */
#include "postgres.h"

#include "storage/bufmgr.h"
#include "storage/fsm_internals.h"

#define leftchild(x) (2 * (x) + 1)
#define rightchild(x) (2 * (x) + 2)
#define parentof(x) (((x) -1) / 2)

/* The node to the right on the same level, around to its first. */
static int
rightneighbor(int x)
{
	x++;
	/* The first node of a level is a power of two less one. */
	if (((x + 1) & x) == 0)
		x = parentof(x);
	return x;
}

static uint8
max_of_children(FSMPage fsmpage, int node)
{
	int left = leftchild(node);
	int right = rightchild(node);
	uint8 value = 0;

	if (left < (int) NodesPerPage)
		value = fsmpage->fp_nodes[left];
	if (right < (int) NodesPerPage)
		value = Max(value, fsmpage->fp_nodes[right]);
	return value;
}

bool
fsm_set_avail(Page page, int slot, uint8 value)
{
	FSMPage fsmpage = (FSMPage) PageGetContents(page);
	int node = NonLeafNodesPerPage + slot;
	uint8 old = fsmpage->fp_nodes[node];

	Assert(slot >= 0 && slot < (int) LeafNodesPerPage);
	/* A root below the value betrays a torn page: then go on. */
	if (old == value && value <= fsmpage->fp_nodes[0])
		return false;
	fsmpage->fp_nodes[node] = value;
	do
	{
		uint8 newvalue;

		node = parentof(node);
		newvalue = max_of_children(fsmpage, node);
		if (newvalue == fsmpage->fp_nodes[node])
			break;
		fsmpage->fp_nodes[node] = newvalue;
	} while (node > 0);
	if (value > fsmpage->fp_nodes[0])
		(void) fsm_rebuild_page(page);
	return true;
}

uint8
fsm_get_avail(Page page, int slot)
{
	FSMPage fsmpage = (FSMPage) PageGetContents(page);

	Assert(slot >= 0 && slot < (int) LeafNodesPerPage);
	return fsmpage->fp_nodes[NonLeafNodesPerPage + slot];
}

uint8
fsm_get_max_avail(Page page)
{
	return ((FSMPage) PageGetContents(page))->fp_nodes[0];
}

/*
 * From next_slot go up, and to the right at each level, until a node has
 * enough; then down to a leaf of it.  So searches that begin elsewhere end
 * elsewhere.
 */
int
fsm_search_avail(Buffer buf, uint8 minvalue, bool advancenext,
                 bool exclusive_lock_held)
{
	Page page = BufferGetPage(buf);
	FSMPage fsmpage = (FSMPage) PageGetContents(page);
	int target;
	int node;
	int slot;

restart:
	if (fsmpage->fp_nodes[0] < minvalue)
		return -1;
	/* read once: others may change it under a share lock */
	target = *(volatile int *) &fsmpage->fp_next_slot;
	if (target < 0 || target >= (int) LeafNodesPerPage)
		target = 0;
	node = target + NonLeafNodesPerPage;
	while (node > 0 && fsmpage->fp_nodes[node] < minvalue)
		node = parentof(rightneighbor(node));

	while (node < (int) NonLeafNodesPerPage)
	{
		int child = leftchild(node);

		if (child < (int) NodesPerPage && fsmpage->fp_nodes[child] >= minvalue)
		{
			node = child;
			continue;
		}
		child++;
		if (child < (int) NodesPerPage && fsmpage->fp_nodes[child] >= minvalue)
			node = child;
		else
		{
			/* A parent promised what no child has. */
			if (!exclusive_lock_held)
			{
				LockBuffer(buf, BUFFER_LOCK_UNLOCK);
				LockBuffer(buf, BUFFER_LOCK_EXCLUSIVE);
				exclusive_lock_held = true;
			}
			(void) fsm_rebuild_page(page);
			MarkBufferDirtyHint(buf, false);
			goto restart;
		}
	}
	slot = node - NonLeafNodesPerPage;
	fsmpage->fp_next_slot = slot + (advancenext ? 1 : 0);
	return slot;
}

bool
fsm_truncate_avail(Page page, int nslots)
{
	FSMPage fsmpage = (FSMPage) PageGetContents(page);
	bool changed = false;

	Assert(nslots >= 0 && nslots < (int) LeafNodesPerPage);
	for (int node = NonLeafNodesPerPage + nslots; node < (int) NodesPerPage;
	     node++)
	{
		if (fsmpage->fp_nodes[node] != 0)
			changed = true;
		fsmpage->fp_nodes[node] = 0;
	}
	if (changed)
		(void) fsm_rebuild_page(page);
	return changed;
}

bool
fsm_rebuild_page(Page page)
{
	FSMPage fsmpage = (FSMPage) PageGetContents(page);
	bool changed = false;

	for (int node = NonLeafNodesPerPage - 1; node >= 0; node--)
	{
		uint8 value = max_of_children(fsmpage, node);

		if (fsmpage->fp_nodes[node] != value)
		{
			fsmpage->fp_nodes[node] = value;
			changed = true;
		}
	}
	return changed;
}
