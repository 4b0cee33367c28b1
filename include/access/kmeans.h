/*
 * access/kmeans.h
 *		k-means: centers of a sample, by one process or by several.
 *
 * What is clustered are arrays of float, of half, or of bits; distances are
 * those of the metric, of which the triangle inequality must hold: L2 (not
 * squared), the angle between unit vectors in units of pi, or Hamming's.
 *
 * All participants call KMeansRun on one KMeansShared, which may be in shared
 * memory, each when it is there: who comes late joins in.  The result depends on
 * the sample and the seed only, not on how many they are nor on who does what.
 *
 * Sources: Elkan, "Using the Triangle Inequality to Accelerate k-Means", ICML
 * 2003; Arthur and Vassilvitskii, "k-means++: The Advantages of Careful
 * Seeding", SODA 2007.
 */
#ifndef KMEANS_H
#define KMEANS_H

#include "port/atomics.h"
#include "storage/barrier.h"

#define KMEANS_MAX_ITERATIONS 500

typedef enum KMeansElement
{
	KMEANS_FLOAT,
	KMEANS_HALF,
	KMEANS_BIT /* packed, most significant first; metric is Hamming's */
} KMeansElement;

typedef enum KMeansMetric
{
	KMEANS_L2,
	KMEANS_SPHERICAL, /* samples are unit vectors, centers become such */
	KMEANS_HAMMING
} KMeansMetric;

typedef struct KMeansParams
{
	KMeansElement element;
	KMeansMetric metric;
	int dim;      /* elements of a vector */
	int ncenters; /* k, at least 1 */
	int nsamples; /* may be 0: then centers are random */
	uint64 seed;
} KMeansParams;

typedef struct KMeansShared
{
	uint32 magic;        /* [C] */
	KMeansParams params; /* [C] */
	Size stride;         /* [C] bytes from one vector to the next */
	Size samples;        /* [C] offsets from here of what lies behind */
	Size centers;        /* [C] */
	Size tiles;          /* [C] centers as tiles; 0: bits have none */
	Size lower;          /* [C] nsamples x ncenters floats */
	Size upper;          /* [C] nsamples floats */
	Size weight;         /* [C] twice nsamples floats */
	Size closest;        /* [C] nsamples ints */
	Size halfdistance;   /* [C] ncenters x ncenters floats */
	Size nearest;        /* [C] ncenters floats */
	Size moved;          /* [C] ncenters floats */
	Size changed;        /* [C] ncenters flags */
	Size sums;           /* [C] twice a double per block of samples */
	Barrier barrier;     /* [A] between steps; what lies behind is written by
						  * whoever claimed its block, read after the barrier */
	pg_atomic_uint32 claimed[4]; /* [A] blocks of a step, by its number */
	pg_atomic_uint32 changes[4]; /* [A] samples that changed their center */
	pg_atomic_uint64 program[4]; /* [A] what a step does, by its number */
	/* how far it is, for who asks */
	pg_atomic_uint32 chosen;     /* [A] centers that k-means++ has chosen */
	pg_atomic_uint32 iterations; /* [A] how many there were */
} KMeansShared;

/* Bytes of a vector, from one to the next. */
extern Size KMeansStride(KMeansElement element, int dim);
/*
 * Bytes that a KMeansShared needs with all that lies behind it.  ERROR 54000 if
 * that cannot be told in a Size.
 */
extern Size KMeansSize(const KMeansParams *params);
/* At a place of that size and of the alignment of a cache line. */
extern void KMeansInit(KMeansShared *shared, const KMeansParams *params);
/* There are fewer samples than was said, as it turned out; before KMeansRun. */
extern void KMeansSetSamples(KMeansShared *shared, int nsamples);
/* The i-th of each, to be filled and read; elements, without a header. */
extern void *KMeansSample(KMeansShared *shared, int i);
extern void *KMeansCenter(KMeansShared *shared, int i);
/* The centers as tiles (access/tile_kernels.h), the last filled up; or NULL. */
extern const float *KMeansTiles(KMeansShared *shared);
/*
 * By every participant, once the sample is there; when it returns the centers
 * are.  Interruptible; wait_event_info is reported while others are waited for.
 */
extern void KMeansRun(KMeansShared *shared, uint32 wait_event_info);
/* The same; report (or NULL) is called at first and after each step. */
extern void
KMeansRunReporting(KMeansShared *shared, uint32 wait_event_info,
                   void (*report)(KMeansShared *shared, void *arg), void *arg);
/*
 * After KMeansRun, by any of them or by all: the memory of the sample and of the
 * bounds goes back to the system.  Centers and tiles stay; nothing else may be
 * read.
 */
extern void KMeansForgetSample(KMeansShared *shared);

#endif /* KMEANS_H */
