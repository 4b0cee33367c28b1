/*
 * storage/buf.h: handles of buffers.
 */
#ifndef BUF_H
#define BUF_H

/* index of the buffer + 1; 0: none */
typedef int Buffer;

#define InvalidBuffer 0
#define BufferIsInvalid(buffer) ((buffer) == InvalidBuffer)

typedef struct BufferAccessStrategyData *BufferAccessStrategy;

#endif /* BUF_H */
