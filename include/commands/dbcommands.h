/*
 * commands/dbcommands.h
 *		Names of databases.
 */
#ifndef DBCOMMANDS_H
#define DBCOMMANDS_H

/* palloc'd; NULL if there is none */
extern char *get_database_name(Oid dbid);

#endif /* DBCOMMANDS_H */
