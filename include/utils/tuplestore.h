/*
 * utils/tuplestore.h
 *		Rows kept for reading later, in memory up to maxKBytes, then in a
 *		temporary file.
 *
 * Rows go in at the end and are read from the read position, forward or
 * backward; there may be several, of which one is in use.  Everything is allocated in the context current at the beginning.
 *
 * Corresponds to PostgreSQL's utils/tuplestore.h.
 */
#ifndef TUPLESTORE_H
#define TUPLESTORE_H

#include "executor/tuptable.h"

typedef struct Tuplestorestate Tuplestorestate;

/*
 * randomAccess: it will be read backward or again; interXact: the file
 * outlives the transaction.
 */
extern Tuplestorestate *
tuplestore_begin_heap(bool randomAccess, bool interXact, int maxKBytes);
/* flags asked of reading (EXEC_FLAG_*); all are always there */
extern void tuplestore_set_eflags(Tuplestorestate *state, int eflags);
extern void
tuplestore_puttupleslot(Tuplestorestate *state, TupleTableSlot *slot);
extern void tuplestore_puttuple(Tuplestorestate *state, HeapTuple tuple);
extern void tuplestore_putvalues(Tuplestorestate *state, TupleDesc tdesc,
                                 Datum *values, bool *isnull);
#define tuplestore_donestoring(state) ((void) 0)
/*
 * One more position, at the place of the one in use; that has the number 0
 * until another is selected.  Of a position that found no more, a row put in
 * later is read if it was not the one in use then.
 */
extern int tuplestore_alloc_read_pointer(Tuplestorestate *state, int eflags);
extern void tuplestore_select_read_pointer(Tuplestorestate *state, int ptr);
/* false at the end; the row is a copy if "copy", else good until the next */
extern bool tuplestore_gettupleslot(Tuplestorestate *state, bool forward,
                                    bool copy, TupleTableSlot *slot);
/* move over one row, or over ntuples; false: there were not so many */
extern bool tuplestore_advance(Tuplestorestate *state, bool forward);
extern bool
tuplestore_skiptuples(Tuplestorestate *state, int64 ntuples, bool forward);
extern int64 tuplestore_tuple_count(Tuplestorestate *state);
extern bool tuplestore_in_memory(Tuplestorestate *state);
extern bool tuplestore_ateof(Tuplestorestate *state);
/* read from the first row again */
extern void tuplestore_rescan(Tuplestorestate *state);
extern void tuplestore_clear(Tuplestorestate *state);
extern void tuplestore_end(Tuplestorestate *state);

#endif /* TUPLESTORE_H */
