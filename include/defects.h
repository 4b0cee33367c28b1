/*
 * defects.h
 *		Defects that shipped elsewhere, to be put in on purpose.
 *
 * "make TUSK_DEFECT=area-size-wraps" builds the server with one of them, in
 * build-defect-area-size-wraps; "make check-defects" does that for each, runs
 * the test that tells its story, and says whether the test saw it.  No other
 * build has any: each is one #ifdef or #ifndef of its macro, at one place or two,
 * and a server that has one says so when it starts.
 *
 * A paragraph here is a defect: its macro, the test (suite/name, or the
 * program unit/name or litmus/name), and what happened where it shipped.  The script reads the
 * lines with a colon.
 *
 * TUSK_DEFECT_AREA_SIZE_WRAPS: stories/tiny_build_memory
 *		pgvector 0.6.0 to 0.8.1, CVE-2026-3172.  The part of a parallel build's
 *		area that may be used was "area - 1 MB" in unsigned arithmetic; of a
 *		smaller area it was nearly everything there is, and participants wrote
 *		past the segment.
 *
 * TUSK_DEFECT_SIZE_IN_32_BITS: stories/large_build_memory
 *		The same in the other direction (pgvector's CVE-2026-18022 is of this
 *		kind): a product of sizes that is computed in 32 bits.  With 4 GB of
 *		maintenance_work_mem nothing is left of it.
 *
 * TUSK_DEFECT_UNLOCKED_NEIGHBOUR_READ: unit/test_hnsw_list_read
 *		pgvector 0.6.0 to 0.7.3: neighbours were read in a parallel build while
 *		others changed them.
 *
 * TUSK_DEFECT_ENTRY_POINT_NOT_REPAIRED: stories/entry_point_promoted
 *		pgvector #988, until 0.8.2: an element that became the entry point while
 *		vacuum was at work kept its links to elements that vacuum took away.
 *
 * TUSK_DEFECT_DELETED_TAKEN_FOR_EMPTIED: stories/graph_not_repaired
 *		pgvector #993, 0.8.3: elements that an earlier vacuum had marked were
 *		taken for some that this one has to remove.  One whose place an insert
 *		used meanwhile made it fail with "hnsw graph not repaired".
 *
 * TUSK_DEFECT_INSERT_PAGE_REWINDS: stories/insert_walks_index
 *		pgvector #1025: the page where an insert begins to look for a place
 *		stayed at one whose free places were all too small, and each insert
 *		walked the whole index.
 *
 * TUSK_DEFECT_INVALID_INDEX_USED: stories/invalid_index
 *		pgvector #925 and others: what a failed CREATE INDEX CONCURRENTLY leaves
 *		lacks rows; a query must not use it, and its owner must learn of it.
 *
 * TUSK_DEFECT_SHM_NOT_RESERVED: stories/dev_shm_of_64_mb
 *		A segment is larger than /dev/shm has room for, which in a container is
 *		64 MB, and nobody notices until a page is touched: SIGBUS.
 *
 * TUSK_DEFECT_NO_WORKER_IN_SMART_STOP: stories/smart_stop_during_build
 *		PostgreSQL, mended in 2020: a server that waits for its last sessions started
 *		no workers for them, and who had asked for some waited for ever.
 *
 * TUSK_DEFECT_NO_WAIT_FOR_ATTACH: stories/worker_fails_to_attach
 *		PostgreSQL's first parallel queries: a worker that died before it had attached to its
 *		queue could tell nobody, and the leader waited for its share.
 *
 * TUSK_DEFECT_COMMIT_NOT_FLUSHED: stories/killed_around_publish
 *		An index that is said to be there is gone after a crash, because its
 *		commit was told before it was on disk.
 *
 * TUSK_DEFECT_SUM_SIGNAL_FIRST: litmus/parallel_sum
 *		In the example of doc/faults.md: who is done signals, and is counted then.
 *		A leader that looks between the two sleeps on for ever.
 */
#ifndef DEFECTS_H
#define DEFECTS_H

/* TUSK_DEFECT: its name, as the makefile was told it. */
#ifdef TUSK_DEFECT
#define WARN_OF_DEFECT()                                                    \
	ereport(WARNING, (errmsg("this server has the defect \"%s\" in it, on " \
	                         "purpose",                                     \
	                         TUSK_DEFECT),                                  \
	                  errhint("A build without TUSK_DEFECT has none.")))
#else
#define WARN_OF_DEFECT() ((void) 0)
#endif

#endif /* DEFECTS_H */
