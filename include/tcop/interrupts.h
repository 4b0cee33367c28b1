/*
 * tcop/interrupts.h
 *		What interrupts.c shares with the main loop.
 */
#ifndef INTERRUPTS_H
#define INTERRUPTS_H

/* Waiting for the client's next message: a cancel has nothing to act upon. */
extern bool DoingCommandRead;

#endif /* INTERRUPTS_H */
