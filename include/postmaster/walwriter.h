/*
 * postmaster/walwriter.h
 *		The WAL writer.
 */
#ifndef WALWRITER_H
#define WALWRITER_H

extern int WalWriterDelay;      /* ms */
extern int WalWriterFlushAfter; /* pages */

extern void WalWriterMain(void) pg_attribute_noreturn();
/* It sleeps long now (or no more): set its latch for each async commit. */
extern void SetWalWriterSleeping(bool sleeping);

#endif /* WALWRITER_H */
