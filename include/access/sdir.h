/*
 * access/sdir.h
 *		Directions of a scan.
 */
#ifndef SDIR_H
#define SDIR_H

typedef enum ScanDirection
{
	BackwardScanDirection = -1,
	NoMovementScanDirection = 0,
	ForwardScanDirection = 1
} ScanDirection;

#define ScanDirectionIsForward(direction) ((direction) == ForwardScanDirection)
#define ScanDirectionIsBackward(direction) \
	((direction) == BackwardScanDirection)

#endif /* SDIR_H */
