/*
 * fuzz.h
 *		What the fuzz targets share.
 *
 * A target is libFuzzer's LLVMFuzzerTestOneInput: `make fuzz` links it with that
 * (build-fuzz, clang, with sanitizers), `make check` with replay.c, which feeds
 * it the files of the corpus.  Both are linked with --wrap=proc_exit: where the
 * server's process would end, FATAL or not, the target's input ends.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

extern int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Where proc_exit goes to; the target sets it before it runs server code. */
extern sigjmp_buf fuzz_end;

#endif /* FUZZ_H */
