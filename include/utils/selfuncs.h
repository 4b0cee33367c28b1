/*
 * utils/selfuncs.h
 *		Estimates that access methods build theirs on.
 */
#ifndef SELFUNCS_H
#define SELFUNCS_H

#include "optimizer/cost.h"

#endif /* SELFUNCS_H */
