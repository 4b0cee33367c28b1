/*
 * utils/combocid.h
 *		Command ids of rows inserted and deleted in one transaction.
 */
#ifndef COMBOCID_H
#define COMBOCID_H

extern void AtEOXact_ComboCid(void);
extern Size EstimateComboCIDStateSpace(void);
extern void SerializeComboCIDState(Size maxsize, char *start_address);
extern void RestoreComboCIDState(char *comboCIDstate);

#endif /* COMBOCID_H */
