/*
 * postmaster/pmsocket.h
 *		The sockets on which the postmaster listens.
 */
#ifndef PMSOCKET_H
#define PMSOCKET_H

#define MAXLISTEN 16

extern int ListenSockets[MAXLISTEN];
extern int NumListenSockets;

/* As unix_socket_directories and listen_addresses say; FATAL if there is none to listen on. */
extern void OpenServerSockets(void);
/* In a child: the descriptors alone. */
extern void CloseServerSockets(void);
extern void TouchSocketFiles(void);
/* A connected socket, or -1 with a line in the log. */
extern int AcceptConnection(int server_fd);

#endif /* PMSOCKET_H */
