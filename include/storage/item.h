/*
 * storage/item.h: an item on a page, of whatever kind.
 */
#ifndef ITEM_H
#define ITEM_H

typedef Pointer Item;

#endif /* ITEM_H */
