/*
 * kernels_tile.c
 *	  Distances between several arrays and several others, and what else k-means
 *	  does with long rows of numbers: the scalar reference, AVX2, AVX-512.
 *
 * The sums of a distance are one lane's: a chain of dependent FMAs, of which
 * there are eight side by side, as many as it takes to hide their latency.
 */
#include "postgres.h"

#include <math.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

#include "access/tile_kernels.h"

#define W VECTOR_TILE_WIDTH
#define P VECTOR_TILE_POINTS

StaticAssertDecl(W == 16 && P == 8, "kernels are written for that");

/*
 * What sums of the eight points come from: q is the next number of a point, t
 * that of the tile.
 */

/* ---- scalar ---- */

#define L2_SCALAR(acc, q, t)  \
	do                        \
	{                         \
		float d_ = (q) - (t); \
		(acc) += d_ * d_;     \
	} while (0)
#define IP_SCALAR(acc, q, t) ((acc) -= (q) * (t))

#define DEFINE_SCALAR(name, STEP)                                              \
	static void name(const float *const *points, const float *tile, int dim,   \
	                 const float *begin, float *out, Size stride)              \
	{                                                                          \
		for (int p = 0; p < P; p++)                                            \
		{                                                                      \
			float sum[W] = {0};                                                \
                                                                               \
			if (begin != NULL)                                                 \
				memcpy(sum, begin, sizeof(sum));                               \
			for (int i = 0; i < dim; i++)                                      \
				for (int c = 0; c < W; c++)                                    \
					STEP(sum[c], points[p][i], tile[(Size) i * W + (Size) c]); \
			memcpy(out + (Size) p * stride, sum, sizeof(sum));                 \
		}                                                                      \
	}

DEFINE_SCALAR(l2_scalar, L2_SCALAR)
DEFINE_SCALAR(ip_scalar, IP_SCALAR)

static int
least_scalar(const float *a, int n)
{
	int found = -1;

	for (int i = 0; i < n; i++)
		if (!isnan(a[i]) && (found < 0 || a[i] < a[found]))
			found = i;
	return found;
}

static int
below_scalar(float upper, const float *bound, const float *shift,
             const float *other, int n, int *out)
{
	int found = 0;

	for (int i = 0; i < n; i++)
	{
		out[found] = i;
		found += !(upper <= bound[i] - shift[i]) & !(upper <= other[i]);
	}
	return found;
}

static int
up_to_scalar(const float *a, int n, float limit)
{
	int found = 0;

	for (int i = 0; i < n; i++)
		found += !(a[i] > limit);
	return found;
}

static void
add_scalar(float *sum, const float *a, int n)
{
	for (int i = 0; i < n; i++)
		sum[i] += a[i];
}

#define SCALAR_KERNELS                                                       \
	{                                                                        \
		.isa = VECTOR_ISA_SCALAR,                                            \
		.distances = {[VECTOR_METRIC_L2_SQUARED] = l2_scalar,                \
		              [VECTOR_METRIC_NEGATIVE_IP] = ip_scalar},              \
		.least = least_scalar, .up_to = up_to_scalar, .below = below_scalar, \
		.add = add_scalar                                                    \
	}

static const TileKernels tile_kernels_scalar = SCALAR_KERNELS;

/* Set before the first child is forked, constant afterwards. */
TileKernels tile_kernels = SCALAR_KERNELS;

#ifdef __x86_64__

#define L2_512(acc, q, t)                       \
	do                                          \
	{                                           \
		__m512 d_ = _mm512_sub_ps((q), (t));    \
		(acc) = _mm512_fmadd_ps(d_, d_, (acc)); \
	} while (0)
#define IP_512(acc, q, t) ((acc) = _mm512_fnmadd_ps((q), (t), (acc)))
#define L2_256(acc, q, t)                       \
	do                                          \
	{                                           \
		__m256 d_ = _mm256_sub_ps((q), (t));    \
		(acc) = _mm256_fmadd_ps(d_, d_, (acc)); \
	} while (0)
#define IP_256(acc, q, t) ((acc) = _mm256_fnmadd_ps((q), (t), (acc)))

/* ---- AVX2: two registers have a row of the tile; four points at a time ---- */

#define TARGET_256 __attribute__((target("avx2,fma")))

#define DEFINE_256(name, STEP)                                                 \
	TARGET_256 static void name(const float *const *points, const float *tile, \
	                            int dim, const float *begin, float *out,       \
	                            Size stride)                                   \
	{                                                                          \
		for (int p = 0; p < P; p += 4)                                         \
		{                                                                      \
			const float *a = points[p], *b = points[p + 1];                    \
			const float *c = points[p + 2], *d = points[p + 3];                \
			const float *row = tile;                                           \
			float *to = out + (Size) p * stride;                               \
			__m256 a0 = begin ? _mm256_loadu_ps(begin) : _mm256_setzero_ps();  \
			__m256 b0 = a0, c0 = a0, d0 = a0;                                  \
			__m256 a1 =                                                        \
				begin ? _mm256_loadu_ps(begin + 8) : _mm256_setzero_ps();      \
			__m256 b1 = a1, c1 = a1, d1 = a1;                                  \
                                                                               \
			for (int i = 0; i < dim; i++, row += W)                            \
			{                                                                  \
				__m256 t0 = _mm256_loadu_ps(row);                              \
				__m256 t1 = _mm256_loadu_ps(row + 8);                          \
				__m256 q = _mm256_broadcast_ss(a + i);                         \
                                                                               \
				STEP(a0, q, t0);                                               \
				STEP(a1, q, t1);                                               \
				q = _mm256_broadcast_ss(b + i);                                \
				STEP(b0, q, t0);                                               \
				STEP(b1, q, t1);                                               \
				q = _mm256_broadcast_ss(c + i);                                \
				STEP(c0, q, t0);                                               \
				STEP(c1, q, t1);                                               \
				q = _mm256_broadcast_ss(d + i);                                \
				STEP(d0, q, t0);                                               \
				STEP(d1, q, t1);                                               \
			}                                                                  \
			_mm256_storeu_ps(to, a0);                                          \
			_mm256_storeu_ps(to + 8, a1);                                      \
			_mm256_storeu_ps(to + stride, b0);                                 \
			_mm256_storeu_ps(to + stride + 8, b1);                             \
			_mm256_storeu_ps(to + 2 * stride, c0);                             \
			_mm256_storeu_ps(to + 2 * stride + 8, c1);                         \
			_mm256_storeu_ps(to + 3 * stride, d0);                             \
			_mm256_storeu_ps(to + 3 * stride + 8, d1);                         \
		}                                                                      \
	}

DEFINE_256(l2_avx2, L2_256)
DEFINE_256(ip_avx2, IP_256)

TARGET_256 static int
least_avx2(const float *a, int n)
{
	__m256 least = _mm256_set1_ps(INFINITY);
	float lanes[8];
	float found = INFINITY;
	int i = 0;

	/* of a NaN and a number min takes the second */
	for (; i + 8 <= n; i += 8)
		least = _mm256_min_ps(_mm256_loadu_ps(a + i), least);
	_mm256_storeu_ps(lanes, least);
	for (int j = 0; j < 8; j++)
		found = lanes[j] < found ? lanes[j] : found;
	for (; i < n; i++)
		found = a[i] < found ? a[i] : found;
	for (i = 0; i < n; i++)
		if (a[i] == found)
			return i;
	return -1;
}

TARGET_256 static int
up_to_avx2(const float *a, int n, float limit)
{
	__m256 l = _mm256_set1_ps(limit);
	int found = 0;
	int i = 0;

	for (; i + 8 <= n; i += 8)
		found += __builtin_popcount((unsigned int) _mm256_movemask_ps(
			_mm256_cmp_ps(_mm256_loadu_ps(a + i), l, _CMP_NGT_UQ)));
	for (; i < n; i++)
		found += !(a[i] > limit);
	return found;
}

TARGET_256 static int
below_avx2(float upper, const float *bound, const float *shift,
           const float *other, int n, int *out)
{
	__m256 u = _mm256_set1_ps(upper);
	int found = 0;
	int i = 0;

	for (; i + 8 <= n; i += 8)
	{
		__m256 low = _mm256_sub_ps(_mm256_loadu_ps(bound + i),
		                           _mm256_loadu_ps(shift + i));
		__m256 both = _mm256_and_ps(
			_mm256_cmp_ps(u, low, _CMP_NLE_UQ),
			_mm256_cmp_ps(u, _mm256_loadu_ps(other + i), _CMP_NLE_UQ));
		uint32 mask = (uint32) _mm256_movemask_ps(both);

		for (; mask != 0; mask &= mask - 1)
			out[found++] = i + __builtin_ctz(mask);
	}
	for (; i < n; i++)
		if (!(upper <= bound[i] - shift[i]) && !(upper <= other[i]))
			out[found++] = i;
	return found;
}

TARGET_256 static void
add_avx2(float *sum, const float *a, int n)
{
	int i = 0;

	for (; i + 8 <= n; i += 8)
		_mm256_storeu_ps(sum + i, _mm256_add_ps(_mm256_loadu_ps(sum + i),
		                                        _mm256_loadu_ps(a + i)));
	for (; i < n; i++)
		sum[i] += a[i];
}

static const TileKernels tile_kernels_avx2 = {
	.isa = VECTOR_ISA_AVX2,
	.distances = {[VECTOR_METRIC_L2_SQUARED] = l2_avx2,
                  [VECTOR_METRIC_NEGATIVE_IP] = ip_avx2},
	.least = least_avx2,
	.up_to = up_to_avx2,
	.below = below_avx2,
	.add = add_avx2};

/* ---- AVX-512: one register has a row of the tile ---- */

#define TARGET_512 __attribute__((target("avx512f,avx512dq")))

#define DEFINE_512(name, STEP)                                                 \
	TARGET_512 static void name(const float *const *points, const float *tile, \
	                            int dim, const float *begin, float *out,       \
	                            Size stride)                                   \
	{                                                                          \
		const float *a = points[0], *b = points[1], *c = points[2];            \
		const float *d = points[3], *e = points[4], *f = points[5];            \
		const float *g = points[6], *h = points[7];                            \
		__m512 a0 = begin ? _mm512_loadu_ps(begin) : _mm512_setzero_ps();      \
		__m512 b0 = a0, c0 = a0, d0 = a0;                                      \
		__m512 e0 = a0, f0 = a0, g0 = a0, h0 = a0;                             \
                                                                               \
		for (int i = 0; i < dim; i++, tile += W)                               \
		{                                                                      \
			__m512 t = _mm512_loadu_ps(tile);                                  \
                                                                               \
			STEP(a0, _mm512_set1_ps(a[i]), t);                                 \
			STEP(b0, _mm512_set1_ps(b[i]), t);                                 \
			STEP(c0, _mm512_set1_ps(c[i]), t);                                 \
			STEP(d0, _mm512_set1_ps(d[i]), t);                                 \
			STEP(e0, _mm512_set1_ps(e[i]), t);                                 \
			STEP(f0, _mm512_set1_ps(f[i]), t);                                 \
			STEP(g0, _mm512_set1_ps(g[i]), t);                                 \
			STEP(h0, _mm512_set1_ps(h[i]), t);                                 \
		}                                                                      \
		_mm512_storeu_ps(out, a0);                                             \
		_mm512_storeu_ps(out + stride, b0);                                    \
		_mm512_storeu_ps(out + 2 * stride, c0);                                \
		_mm512_storeu_ps(out + 3 * stride, d0);                                \
		_mm512_storeu_ps(out + 4 * stride, e0);                                \
		_mm512_storeu_ps(out + 5 * stride, f0);                                \
		_mm512_storeu_ps(out + 6 * stride, g0);                                \
		_mm512_storeu_ps(out + 7 * stride, h0);                                \
	}

DEFINE_512(l2_avx512, L2_512)
DEFINE_512(ip_avx512, IP_512)

#define REST_MASK(left) \
	((left) >= 16 ? (__mmask16) 0xFFFF : (__mmask16) ((1u << (left)) - 1))

TARGET_512 static int
least_avx512(const float *a, int n)
{
	__m512 least = _mm512_set1_ps(INFINITY);
	float found;

	for (int i = 0; i < n; i += 16)
		least = _mm512_mask_min_ps(
			least, REST_MASK(n - i),
			_mm512_maskz_loadu_ps(REST_MASK(n - i), a + i), least);
	found = _mm512_reduce_min_ps(least);
	for (int i = 0; i < n; i += 16)
	{
		__mmask16 mask = _mm512_mask_cmp_ps_mask(
			REST_MASK(n - i), _mm512_maskz_loadu_ps(REST_MASK(n - i), a + i),
			_mm512_set1_ps(found), _CMP_EQ_OQ);

		if (mask != 0)
			return i + __builtin_ctz((unsigned int) mask);
	}
	return -1;
}

TARGET_512 static int
up_to_avx512(const float *a, int n, float limit)
{
	__m512 l = _mm512_set1_ps(limit);
	int found = 0;

	for (int i = 0; i < n; i += 16)
	{
		__mmask16 m = REST_MASK(n - i);

		found += __builtin_popcount((unsigned int) _mm512_mask_cmp_ps_mask(
			m, _mm512_maskz_loadu_ps(m, a + i), l, _CMP_NGT_UQ));
	}
	return found;
}

TARGET_512 static int
below_avx512(float upper, const float *bound, const float *shift,
             const float *other, int n, int *out)
{
	__m512 u = _mm512_set1_ps(upper);
	int found = 0;

	for (int i = 0; i < n; i += 16)
	{
		__mmask16 m = REST_MASK(n - i);
		__m512 low = _mm512_sub_ps(_mm512_maskz_loadu_ps(m, bound + i),
		                           _mm512_maskz_loadu_ps(m, shift + i));
		uint32 mask;

		m = _mm512_mask_cmp_ps_mask(m, u, low, _CMP_NLE_UQ);
		m = _mm512_mask_cmp_ps_mask(m, u, _mm512_maskz_loadu_ps(m, other + i),
		                            _CMP_NLE_UQ);
		for (mask = m; mask != 0; mask &= mask - 1)
			out[found++] = i + __builtin_ctz(mask);
	}
	return found;
}

TARGET_512 static void
add_avx512(float *sum, const float *a, int n)
{
	for (int i = 0; i < n; i += 16)
	{
		__mmask16 m = REST_MASK(n - i);

		_mm512_mask_storeu_ps(sum + i, m,
		                      _mm512_add_ps(_mm512_maskz_loadu_ps(m, sum + i),
		                                    _mm512_maskz_loadu_ps(m, a + i)));
	}
}

static const TileKernels tile_kernels_avx512 = {
	.isa = VECTOR_ISA_AVX512,
	.distances = {[VECTOR_METRIC_L2_SQUARED] = l2_avx512,
                  [VECTOR_METRIC_NEGATIVE_IP] = ip_avx512},
	.least = least_avx512,
	.up_to = up_to_avx512,
	.below = below_avx512,
	.add = add_avx512};

#endif /* __x86_64__ */

const TileKernels *
tile_kernels_for(VectorIsa isa)
{
	if (vector_kernels_for(isa) == NULL)
		return NULL;
#ifdef __x86_64__
	if (isa == VECTOR_ISA_AVX2)
		return &tile_kernels_avx2;
	if (isa == VECTOR_ISA_AVX512)
		return &tile_kernels_avx512;
#endif
	return &tile_kernels_scalar;
}
