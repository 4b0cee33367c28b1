/*
 * access/generic_xlog.h
 *		Changing index pages: on private copies, applied all at once in a
 *		critical section by GenericXLogFinish.
 *
 * The caller holds an exclusive content lock on every buffer from before
 * RegisterBuffer until after Finish or Abort.
 */
#ifndef GENERIC_XLOG_H
#define GENERIC_XLOG_H

#include "access/xlogdefs.h"
#include "access/xlogreader.h"
#include "lib/stringinfo.h"
#include "storage/buf.h"
#include "storage/bufpage.h"
#include "utils/rel.h"

#define MAX_GENERIC_XLOG_PAGES 32 /* buffers in one change */
#define GENERIC_XLOG_FULL_IMAGE 0x0001

typedef struct GenericXLogState GenericXLogState;

extern GenericXLogState *GenericXLogStart(Relation relation);
/* The copy to change; the page itself is untouched until Finish. */
extern Page
GenericXLogRegisterBuffer(GenericXLogState *state, Buffer buffer, int flags);
extern XLogRecPtr GenericXLogFinish(GenericXLogState *state);
extern void GenericXLogAbort(GenericXLogState *state);

extern void generic_redo(XLogReaderState *record);
extern void generic_desc(StringInfo buf, XLogReaderState *record);
extern const char *generic_identify(uint8 info);

#endif /* GENERIC_XLOG_H */
