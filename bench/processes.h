/*
 * processes.h: processes of the server's own code without a server, for
 * wal_bench.c and sort_bench.c.
 *
 *	begin_server_code();
 *	... settings ...
 *	make_server_memory(processes);
 *	shared = share_memory(sizeof(*shared));
 *	run_processes(processes, fn);
 *
 * Files are below the working directory.  Nobody supervises: a process that
 * fails ends the benchmark.
 */
#ifndef BENCH_PROCESSES_H
#define BENCH_PROCESSES_H

/* Prints what errno says of it, and ends. */
extern void give_up(const char *what) pg_attribute_noreturn();

/* Seconds on the clock. */
extern double bench_now(void);

/* Unless they are there. */
extern void make_directories(const char *const *names, int n);

extern void begin_server_code(void);

/* With slots for so many processes at a time. */
extern void make_server_memory(int processes);

/* Zeroed, at the same address in all. */
extern void *share_memory(size_t size);

/* fn(0) to fn(n - 1), each in a process with a PGPROC; waits for all. */
extern void run_processes(int n, void (*fn)(int me));

#endif /* BENCH_PROCESSES_H */
