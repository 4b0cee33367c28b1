/*
 * utils/pidfile.h
 *		postmaster.pid: which line says what.
 *
 *		1	process number of the postmaster
 *		2	data directory
 *		3	start time, seconds since 1970
 *		4	port
 *		5	first Unix socket directory
 *		6	first listen address (empty)
 *		7	key and id of a System V segment (0: there is none)
 *		8	status
 */
#ifndef PIDFILE_H
#define PIDFILE_H

#define LOCK_FILE_LINE_PID 1
#define LOCK_FILE_LINE_DATA_DIR 2
#define LOCK_FILE_LINE_START_TIME 3
#define LOCK_FILE_LINE_PORT 4
#define LOCK_FILE_LINE_SOCKET_DIR 5
#define LOCK_FILE_LINE_LISTEN_ADDR 6
#define LOCK_FILE_LINE_SHMEM_KEY 7
#define LOCK_FILE_LINE_PM_STATUS 8

/* All of one length: a line is replaced in place. */
#define PM_STATUS_STARTING "starting"
#define PM_STATUS_STOPPING "stopping"
#define PM_STATUS_READY "ready   "

#define DIRECTORY_LOCK_FILE "postmaster.pid"
/* Never removed, and nothing in it: its flock is what is inherited. */
#define DIRECTORY_FLOCK_FILE "postmaster.lock"

/* FATAL F0001 if the directory, or the socket, is in use. */
extern void CreateDataDirLockFile(void);
extern void CreateSocketLockFile(const char *socketfile, const char *socketDir);
extern void AddToDataDirLockFile(int target_line, const char *str);
/* False if the file is gone, or another server's. */
extern bool RecheckDataDirLockFile(void);
extern void TouchSocketLockFiles(void);

#endif /* PIDFILE_H */
