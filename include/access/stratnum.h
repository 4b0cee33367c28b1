/*
 * access/stratnum.h
 *		Numbers of the operators of an operator class, as access methods know
 *		them.
 */
#ifndef STRATNUM_H
#define STRATNUM_H

typedef uint16 StrategyNumber;
#define InvalidStrategy ((StrategyNumber) 0)

/* of a btree: comparisons */
#define BTLessStrategyNumber 1
#define BTLessEqualStrategyNumber 2
#define BTEqualStrategyNumber 3
#define BTGreaterEqualStrategyNumber 4
#define BTGreaterStrategyNumber 5
#define BTMaxStrategyNumber 5

#endif /* STRATNUM_H */
