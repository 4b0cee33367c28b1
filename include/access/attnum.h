/*
 * access/attnum.h
 *		Attribute numbers: columns from 1, system columns negative.
 */
#ifndef ATTNUM_H
#define ATTNUM_H

typedef int16 AttrNumber;

#define InvalidAttrNumber 0
#define MaxAttrNumber 32767
#define AttributeNumberIsValid(n) ((bool) ((n) != InvalidAttrNumber))
#define AttrNumberIsForUserDefinedAttr(n) ((bool) ((n) > 0))

#define SelfItemPointerAttributeNumber (-1)
#define MinTransactionIdAttributeNumber (-2)
#define MinCommandIdAttributeNumber (-3)
#define MaxTransactionIdAttributeNumber (-4)
#define MaxCommandIdAttributeNumber (-5)
#define TableOidAttributeNumber (-6)
#define FirstLowInvalidHeapAttributeNumber (-7)

#endif /* ATTNUM_H */
