/*
 * locktag.h
 *		What a heavyweight lock is on: a 16-byte tag, compared and hashed as
 *		bytes.
 */
#ifndef LOCKTAG_H
#define LOCKTAG_H

typedef enum LockTagType
{
	LOCKTAG_RELATION,            /* db (0 if shared), rel */
	LOCKTAG_RELATION_EXTEND,     /* the right to add blocks; same fields */
	LOCKTAG_DATABASE_FROZEN_IDS, /* db */
	LOCKTAG_PAGE,                /* db, rel, block */
	LOCKTAG_TUPLE,               /* db, rel, block, offset */
	LOCKTAG_TRANSACTION,         /* xid */
	LOCKTAG_VIRTUALTRANSACTION,  /* proc number, local xid */
	LOCKTAG_SPECULATIVE_TOKEN,   /* xid, token */
	LOCKTAG_OBJECT,              /* db, class, object, sub-object */
	LOCKTAG_USERLOCK,
	LOCKTAG_ADVISORY /* db, key halves, kind of key */
} LockTagType;

#define LOCKTAG_LAST_TYPE LOCKTAG_ADVISORY

/* Names of the types, as pg_locks.locktype and wait events show them. */
extern const char *const LockTagTypeNames[];

typedef struct LOCKTAG
{
	uint32 locktag_field1;
	uint32 locktag_field2;
	uint32 locktag_field3;
	uint16 locktag_field4;
	uint8 locktag_type; /* LockTagType */
	uint8 locktag_lockmethodid;
} LOCKTAG;

StaticAssertDecl(sizeof(LOCKTAG) == 16, "LOCKTAG has padding");

/* Lock methods: the second differs only in that locks outlive transactions. */
#define DEFAULT_LOCKMETHOD 1
#define USER_LOCKMETHOD 2

#define SET_LOCKTAG(tag, f1, f2, f3, f4, kind, method)         \
	((tag).locktag_field1 = (f1), (tag).locktag_field2 = (f2), \
	 (tag).locktag_field3 = (f3), (tag).locktag_field4 = (f4), \
	 (tag).locktag_type = (kind), (tag).locktag_lockmethodid = (method))

#define SET_LOCKTAG_RELATION(tag, dboid, reloid) \
	SET_LOCKTAG(tag, dboid, reloid, 0, 0, LOCKTAG_RELATION, DEFAULT_LOCKMETHOD)
#define SET_LOCKTAG_RELATION_EXTEND(tag, dboid, reloid)            \
	SET_LOCKTAG(tag, dboid, reloid, 0, 0, LOCKTAG_RELATION_EXTEND, \
	            DEFAULT_LOCKMETHOD)
#define SET_LOCKTAG_DATABASE_FROZEN_IDS(tag, dboid)               \
	SET_LOCKTAG(tag, dboid, 0, 0, 0, LOCKTAG_DATABASE_FROZEN_IDS, \
	            DEFAULT_LOCKMETHOD)
#define SET_LOCKTAG_PAGE(tag, dboid, reloid, blocknum)         \
	SET_LOCKTAG(tag, dboid, reloid, blocknum, 0, LOCKTAG_PAGE, \
	            DEFAULT_LOCKMETHOD)
#define SET_LOCKTAG_TUPLE(tag, dboid, reloid, blocknum, offnum)      \
	SET_LOCKTAG(tag, dboid, reloid, blocknum, offnum, LOCKTAG_TUPLE, \
	            DEFAULT_LOCKMETHOD)
#define SET_LOCKTAG_TRANSACTION(tag, xid) \
	SET_LOCKTAG(tag, xid, 0, 0, 0, LOCKTAG_TRANSACTION, DEFAULT_LOCKMETHOD)
#define SET_LOCKTAG_VIRTUALTRANSACTION(tag, vxid)                              \
	SET_LOCKTAG(tag, (uint32) (vxid).procNumber, (vxid).localTransactionId, 0, \
	            0, LOCKTAG_VIRTUALTRANSACTION, DEFAULT_LOCKMETHOD)
#define SET_LOCKTAG_SPECULATIVE_INSERTION(tag, xid, token)        \
	SET_LOCKTAG(tag, xid, token, 0, 0, LOCKTAG_SPECULATIVE_TOKEN, \
	            DEFAULT_LOCKMETHOD)
#define SET_LOCKTAG_OBJECT(tag, dboid, classoid, objoid, objsubid)      \
	SET_LOCKTAG(tag, dboid, classoid, objoid, objsubid, LOCKTAG_OBJECT, \
	            DEFAULT_LOCKMETHOD)
#define SET_LOCKTAG_ADVISORY(tag, id1, id2, id3, id4) \
	SET_LOCKTAG(tag, id1, id2, id3, id4, LOCKTAG_ADVISORY, USER_LOCKMETHOD)

#endif /* LOCKTAG_H */
