/*
 * storage/itemid.h: line pointers, the array after a page's header.
 *
 * One 32-bit word: offset (bits 0-14), flags (15-16), length (17-31).
 */
#ifndef ITEMID_H
#define ITEMID_H

typedef struct ItemIdData
{
	unsigned lp_off : 15, /* byte offset of the tuple; REDIRECT: item number */
		lp_flags : 2,     /* LP_xxx */
		lp_len : 15;      /* byte length of the tuple */
} ItemIdData;

typedef ItemIdData *ItemId;

StaticAssertDecl(sizeof(ItemIdData) == 4, "a line pointer is 4 bytes on disk");

#define LP_UNUSED 0   /* free, lp_len is 0 */
#define LP_NORMAL 1   /* in use, lp_len is above 0 */
#define LP_REDIRECT 2 /* points to another item of the page, lp_len is 0 */
#define LP_DEAD 3     /* dead, with or without storage */

typedef uint16 ItemOffset;
typedef uint16 ItemLength;

#define ItemIdGetLength(itemId) ((itemId)->lp_len)
#define ItemIdGetOffset(itemId) ((itemId)->lp_off)
#define ItemIdGetFlags(itemId) ((itemId)->lp_flags)
#define ItemIdGetRedirect(itemId) ((itemId)->lp_off)

#define ItemIdIsValid(itemId) ((itemId) != NULL)
#define ItemIdIsUsed(itemId) ((itemId)->lp_flags != LP_UNUSED)
#define ItemIdIsNormal(itemId) ((itemId)->lp_flags == LP_NORMAL)
#define ItemIdIsRedirected(itemId) ((itemId)->lp_flags == LP_REDIRECT)
#define ItemIdIsDead(itemId) ((itemId)->lp_flags == LP_DEAD)
#define ItemIdHasStorage(itemId) ((itemId)->lp_len != 0)

#define ItemIdSetUnused(itemId) \
	((itemId)->lp_flags = LP_UNUSED, (itemId)->lp_off = 0, (itemId)->lp_len = 0)
#define ItemIdSetNormal(itemId, off, len)                      \
	((itemId)->lp_flags = LP_NORMAL, (itemId)->lp_off = (off), \
	 (itemId)->lp_len = (len))
#define ItemIdSetRedirect(itemId, link)                           \
	((itemId)->lp_flags = LP_REDIRECT, (itemId)->lp_off = (link), \
	 (itemId)->lp_len = 0)
#define ItemIdSetDead(itemId) \
	((itemId)->lp_flags = LP_DEAD, (itemId)->lp_off = 0, (itemId)->lp_len = 0)
#define ItemIdMarkDead(itemId) ((itemId)->lp_flags = LP_DEAD)

#endif /* ITEMID_H */
