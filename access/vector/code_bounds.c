/*
 * code_bounds.c
 *	  What distances of codes tell for certain of those of the points.
 *
 * Let x' be what the code of x decodes to, and the same of q.  By the triangle
 * inequality
 *
 *	|q - x|  >=  |q' - x'| - |q - q'| - |x - x'|
 *	|<q,x> - <q',x'>|  <=  |q| |x - x'| + |q - q'| |x'|
 *
 * What is asked for is less than the distance as a kernel of floats gives it, so
 * that rounding counts, in units u of 2^-24.  With R(x) = |offset| + 128 scale,
 * the reach of x':
 *
 *	1. <q',x'> of codes (codes.c) is made of terms whose amounts add up to
 *	   dim R(q) R(x) at most, each rounded 6 times at most; the squared distance
 *	   of terms of dim (R(q) + R(x))^2, 8 times.  ROUNDINGS are twice that, and
 *	   so cover what evaluating the bound itself rounds.
 *	2. A kernel's squared distance is no more than (dim + 2) u smaller than the
 *	   true one, in proportion, whatever the order of its sums; an inner product
 *	   is no more than (dim + 2) u |q| |x| away from it.
 *	3. Products of small numbers lose what is below 2^-149, a few times, and
 *	   are multiplied by no more than MOST_REACH: less than TINY.
 *	4. Numbers above MOST_REACH are not looked at: nothing overflows, and no
 *	   number here becomes NaN but by an infinite error, which gives the lowest
 *	   bound there is.
 *
 * What is kept of a point is rounded up by 16 units, which covers what it is
 * rounded in a sum or product of some terms, as all are positive.
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "access/vector_codes.h"

#ifdef __x86_64__
#include <emmintrin.h>
#endif

#define UNIT (FLT_EPSILON / 2)
#define MOST_REACH 1099511627776.0 /* 2^40 */
#define TINY 0x1p-100f
#define ROUNDINGS 16

/* The next floats above it and some more, which sums and products may take. */
static float
RoundUp(double x)
{
	return (float) (x * (1 + 16 * (double) UNIT)) + FLT_MIN;
}

void
vector_code_error(const float *x, int dim, const VectorCode *code,
                  VectorCodeError *error)
{
	double offset = code->offset;
	double scale = code->scale;
	double reach = fabs(offset) + 128 * scale;
	double squares = 0;
	double norm = 0;

	for (int i = 0; i < dim; i++)
	{
		double difference = x[i] - (offset + scale * code->x[i]);

		squares += difference * difference;
		norm += (double) x[i] * x[i];
	}
	error->error = error->reach = error->length = INFINITY;
	/* also if it is no number */
	if (!(reach <= MOST_REACH))
		return;
	/* a difference of doubles is as exact as what it is made of */
	error->error = RoundUp(sqrt(squares) + dim * (reach * DBL_EPSILON * 4));
	error->reach = RoundUp(reach);
	error->length = RoundUp(sqrt(norm) + error->error);
}

bool
vector_code_query(VectorCodeQuery *q, VectorMetric metric, int dim,
                  const VectorCodeError *own)
{
	const float up = 1 + 64 * UNIT;
	const float sums = (float) (dim + 32) * UNIT;

	if (metric != VECTOR_METRIC_L2_SQUARED &&
	    metric != VECTOR_METRIC_NEGATIVE_IP)
		return false;
	q->metric = metric;
	q->own = *own;
	q->rounding = ROUNDINGS * UNIT * (float) dim;
	q->kernel = 1 - sums;
	q->by_error = own->length * up;
	q->by_length = (own->error + sums * own->length) * up;
	q->by_reach = q->rounding * own->reach * up;
	return isfinite(own->error);
}

/* ---------------------------------------------------------------------------
 * One by one
 * ---------------------------------------------------------------------------
 */

/* fmaxf, but of a first one that is NaN the second, as SSE2 has it. */
static inline float
Above(float a, float b)
{
	return a > b ? a : b;
}

static inline float
L2Bound(const VectorCodeQuery *q, float d, float error, float reach)
{
	float both = q->own.reach + reach;
	float root;

	d = Above(d - (q->rounding * (both * both) + TINY), 0);
	root = sqrtf(d) * (1 - 8 * UNIT) - (q->own.error + error);
	root = Above(root, 0);
	return Above(root * root * q->kernel - TINY, 0);
}

static inline float
IpBound(const VectorCodeQuery *q, float d, float error, float reach,
        float length)
{
	float loss = q->by_error * error + q->by_length * length;

	return Above(d - (loss + (q->by_reach * reach + TINY)), -INFINITY);
}

static void
BoundsFrom(const VectorCodeQuery *q, const float *error, const float *reach,
           const float *length, int i, int n, float *d)
{
	for (; i < n; i++)
		d[i] = q->metric == VECTOR_METRIC_L2_SQUARED
		           ? L2Bound(q, d[i], error[i], reach[i])
		           : IpBound(q, d[i], error[i], reach[i], length[i]);
}

/* ---------------------------------------------------------------------------
 * Four at once: the same steps in the same order, the same bounds
 * ---------------------------------------------------------------------------
 */

#ifdef __x86_64__

static inline __m128
L2BoundsOfFour(const VectorCodeQuery *q, __m128 d, __m128 error, __m128 reach)
{
	const __m128 zero = _mm_setzero_ps();
	const __m128 tiny = _mm_set1_ps(TINY);
	__m128 both = _mm_add_ps(_mm_set1_ps(q->own.reach), reach);
	__m128 loss = _mm_mul_ps(_mm_set1_ps(q->rounding), _mm_mul_ps(both, both));
	__m128 root;

	d = _mm_max_ps(_mm_sub_ps(d, _mm_add_ps(loss, tiny)), zero);
	root = _mm_sub_ps(_mm_mul_ps(_mm_sqrt_ps(d), _mm_set1_ps(1 - 8 * UNIT)),
	                  _mm_add_ps(_mm_set1_ps(q->own.error), error));
	root = _mm_max_ps(root, zero);
	d = _mm_mul_ps(_mm_mul_ps(root, root), _mm_set1_ps(q->kernel));
	return _mm_max_ps(_mm_sub_ps(d, tiny), zero);
}

static inline __m128
IpBoundsOfFour(const VectorCodeQuery *q, __m128 d, __m128 error, __m128 reach,
               __m128 length)
{
	__m128 loss = _mm_add_ps(_mm_mul_ps(_mm_set1_ps(q->by_error), error),
	                         _mm_mul_ps(_mm_set1_ps(q->by_length), length));
	__m128 rest = _mm_add_ps(_mm_mul_ps(_mm_set1_ps(q->by_reach), reach),
	                         _mm_set1_ps(TINY));

	return _mm_max_ps(_mm_sub_ps(d, _mm_add_ps(loss, rest)),
	                  _mm_set1_ps(-INFINITY));
}

void
vector_code_lower_bounds(const VectorCodeQuery *q, const float *error,
                         const float *reach, const float *length, int n,
                         float *distances)
{
	bool l2 = q->metric == VECTOR_METRIC_L2_SQUARED;
	int i = 0;

	for (; i + 4 <= n; i += 4)
	{
		__m128 d = _mm_loadu_ps(distances + i);
		__m128 e = _mm_loadu_ps(error + i);
		__m128 r = _mm_loadu_ps(reach + i);

		d = l2 ? L2BoundsOfFour(q, d, e, r)
		       : IpBoundsOfFour(q, d, e, r, _mm_loadu_ps(length + i));
		_mm_storeu_ps(distances + i, d);
	}
	BoundsFrom(q, error, reach, length, i, n, distances);
}

#else

void
vector_code_lower_bounds(const VectorCodeQuery *q, const float *error,
                         const float *reach, const float *length, int n,
                         float *distances)
{
	BoundsFrom(q, error, reach, length, 0, n, distances);
}

#endif
