/*
 * tcop/interrupts.h
 *		What interrupts.c shares with the main loop.
 */
#ifndef INTERRUPTS_H
#define INTERRUPTS_H

/* Waiting for the client's next message: a cancel has nothing to act upon. */
extern bool DoingCommandRead;

/* What is due while the next message is awaited. */
extern void ProcessClientReadInterrupt(void);
/* Handlers of the timeouts of a session and of a worker. */
extern void RegisterSessionTimeouts(void);

#endif /* INTERRUPTS_H */
