/*
 * kernels_half_avx2.c
 *	  Distance kernels for halves with AVX2, FMA and F16C.
 *
 * As kernels_avx2.c: F16C turns eight halves into a register of floats, which
 * is exact.  What is left at the end is read through a buffer of zeros, which
 * add nothing in any of the metrics.
 */
#include "postgres.h"

#ifdef __x86_64__

#include <immintrin.h>

#include "access/half_kernels.h"

#define TARGET __attribute__((target("avx2,fma,f16c")))
#define INLINE static inline __attribute__((always_inline))

#define STEP_L2(acc, a, b)                      \
	do                                          \
	{                                           \
		__m256 d_ = _mm256_sub_ps((a), (b));    \
		(acc) = _mm256_fmadd_ps(d_, d_, (acc)); \
	} while (0)
#define STEP_IP(acc, a, b) ((acc) = _mm256_fmadd_ps((a), (b), (acc)))
#define STEP_L1(acc, a, b)                                                \
	((acc) = _mm256_add_ps((acc), _mm256_andnot_ps(_mm256_set1_ps(-0.0f), \
	                                               _mm256_sub_ps((a), (b)))))

TARGET INLINE __m256
load(const half *p)
{
	return _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *) p));
}

/* The last ones, fewer than eight. */
TARGET INLINE __m256
load_tail(const half *p, int left)
{
	half buffer[8] = {0};

	for (int i = 0; i < left; i++)
		buffer[i] = p[i];
	return load(buffer);
}

TARGET INLINE float
hsum(__m256 v)
{
	__m128 s =
		_mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));

	s = _mm_add_ps(s, _mm_movehl_ps(s, s));
	s = _mm_add_ss(s, _mm_shuffle_ps(s, s, 1));
	return _mm_cvtss_f32(s);
}

/*
 * name: one distance.  name_many: prefetches the next group, one line of 32
 * halves per array and round, while it works on four; the rest of the group
 * goes one by one.
 */
#define DEFINE_METRIC(name, STEP, SIGN)                                     \
	TARGET static float name(const half *a, const half *b, int dim)         \
	{                                                                       \
		__m256 s0 = _mm256_setzero_ps(), s1 = s0, s2 = s0, s3 = s0;         \
		int i = 0;                                                          \
                                                                            \
		for (; i + 32 <= dim; i += 32)                                      \
		{                                                                   \
			STEP(s0, load(a + i), load(b + i));                             \
			STEP(s1, load(a + i + 8), load(b + i + 8));                     \
			STEP(s2, load(a + i + 16), load(b + i + 16));                   \
			STEP(s3, load(a + i + 24), load(b + i + 24));                   \
		}                                                                   \
		for (; i + 8 <= dim; i += 8)                                        \
			STEP(s0, load(a + i), load(b + i));                             \
		if (i < dim)                                                        \
			STEP(s1, load_tail(a + i, dim - i), load_tail(b + i, dim - i)); \
		return SIGN hsum(                                                   \
			_mm256_add_ps(_mm256_add_ps(s0, s1), _mm256_add_ps(s2, s3)));   \
	}                                                                       \
                                                                            \
	TARGET __attribute__((unused)) static void name##_many(                 \
		const half *q, const half *const *v, int n, int dim, float *out)    \
	{                                                                       \
		int k = 0;                                                          \
                                                                            \
		for (; k + 4 <= n; k += 4)                                          \
		{                                                                   \
			const half *v0 = v[k], *v1 = v[k + 1];                          \
			const half *v2 = v[k + 2], *v3 = v[k + 3];                      \
			__m256 s0 = _mm256_setzero_ps(), s1 = s0, s2 = s0, s3 = s0;     \
			__m256 t0 = s0, t1 = s0, t2 = s0, t3 = s0;                      \
			__m256 x;                                                       \
			int i = 0;                                                      \
                                                                            \
			for (; i + 16 <= dim; i += 16)                                  \
			{                                                               \
				__m256 y = load(q + i + 8);                                 \
                                                                            \
				x = load(q + i);                                            \
				for (int j = k + 4; i % 32 == 0 && j < k + 8 && j < n; j++) \
					__builtin_prefetch(v[j] + i);                           \
				STEP(s0, x, load(v0 + i));                                  \
				STEP(s1, x, load(v1 + i));                                  \
				STEP(s2, x, load(v2 + i));                                  \
				STEP(s3, x, load(v3 + i));                                  \
				STEP(t0, y, load(v0 + i + 8));                              \
				STEP(t1, y, load(v1 + i + 8));                              \
				STEP(t2, y, load(v2 + i + 8));                              \
				STEP(t3, y, load(v3 + i + 8));                              \
			}                                                               \
			if (i + 8 <= dim)                                               \
			{                                                               \
				x = load(q + i);                                            \
				STEP(s0, x, load(v0 + i));                                  \
				STEP(s1, x, load(v1 + i));                                  \
				STEP(s2, x, load(v2 + i));                                  \
				STEP(s3, x, load(v3 + i));                                  \
				i += 8;                                                     \
			}                                                               \
			if (i < dim)                                                    \
			{                                                               \
				x = load_tail(q + i, dim - i);                              \
				STEP(t0, x, load_tail(v0 + i, dim - i));                    \
				STEP(t1, x, load_tail(v1 + i, dim - i));                    \
				STEP(t2, x, load_tail(v2 + i, dim - i));                    \
				STEP(t3, x, load_tail(v3 + i, dim - i));                    \
			}                                                               \
			out[k] = SIGN hsum(_mm256_add_ps(s0, t0));                      \
			out[k + 1] = SIGN hsum(_mm256_add_ps(s1, t1));                  \
			out[k + 2] = SIGN hsum(_mm256_add_ps(s2, t2));                  \
			out[k + 3] = SIGN hsum(_mm256_add_ps(s3, t3));                  \
		}                                                                   \
		for (; k < n; k++)                                                  \
			out[k] = name(q, v[k], dim);                                    \
	}

DEFINE_METRIC(l2_squared_avx2, STEP_L2, +)
DEFINE_METRIC(inner_product_avx2, STEP_IP, +)
DEFINE_METRIC(negative_ip_avx2, STEP_IP, -)
DEFINE_METRIC(l1_avx2, STEP_L1, +)

TARGET static void
cosine_avx2(const half *a, const half *b, int dim, float *ip, float *aa,
            float *bb)
{
	__m256 s = _mm256_setzero_ps(), sa = s, sb = s;
	__m256 t = s, ta = s, tb = s;
	int i = 0;

	for (; i + 16 <= dim; i += 16)
	{
		__m256 x = load(a + i), y = load(b + i);
		__m256 u = load(a + i + 8), w = load(b + i + 8);

		s = _mm256_fmadd_ps(x, y, s);
		sa = _mm256_fmadd_ps(x, x, sa);
		sb = _mm256_fmadd_ps(y, y, sb);
		t = _mm256_fmadd_ps(u, w, t);
		ta = _mm256_fmadd_ps(u, u, ta);
		tb = _mm256_fmadd_ps(w, w, tb);
	}
	for (; i < dim; i += 8)
	{
		int left = Min(dim - i, 8);
		__m256 x = load_tail(a + i, left), y = load_tail(b + i, left);

		s = _mm256_fmadd_ps(x, y, s);
		sa = _mm256_fmadd_ps(x, x, sa);
		sb = _mm256_fmadd_ps(y, y, sb);
	}
	*ip = hsum(_mm256_add_ps(s, t));
	*aa = hsum(_mm256_add_ps(sa, ta));
	*bb = hsum(_mm256_add_ps(sb, tb));
}

TARGET static double
norm_squared_avx2(const half *a, int dim)
{
	__m256d s = _mm256_setzero_pd(), t = s;
	__m128d h;

	for (int i = 0; i < dim; i += 8)
	{
		__m256 x = dim - i >= 8 ? load(a + i) : load_tail(a + i, dim - i);
		__m256d lo = _mm256_cvtps_pd(_mm256_castps256_ps128(x));
		__m256d hi = _mm256_cvtps_pd(_mm256_extractf128_ps(x, 1));

		s = _mm256_fmadd_pd(lo, lo, s);
		t = _mm256_fmadd_pd(hi, hi, t);
	}
	s = _mm256_add_pd(s, t);
	h = _mm_add_pd(_mm256_castpd256_pd128(s), _mm256_extractf128_pd(s, 1));
	h = _mm_add_sd(h, _mm_unpackhi_pd(h, h));
	return _mm_cvtsd_f64(h);
}

TARGET static void
to_float_avx2(const half *a, float *out, int dim)
{
	int i = 0;

	for (; i + 8 <= dim; i += 8)
		_mm256_storeu_ps(out + i, load(a + i));
	for (; i < dim; i++)
		out[i] = HalfToFloat4(a[i]);
}

TARGET static void
from_float_avx2(const float *a, half *out, int dim)
{
	int i = 0;

	for (; i + 8 <= dim; i += 8)
		_mm_storeu_si128(
			(__m128i *) (out + i),
			_mm256_cvtps_ph(_mm256_loadu_ps(a + i), _MM_FROUND_TO_NEAREST_INT));
	for (; i < dim; i++)
		out[i] = Float4ToHalfUnchecked(a[i]);
}

const HalfKernels half_kernels_avx2 = {
	.isa = VECTOR_ISA_AVX2,
	.name = "avx2",
	.l2_squared = l2_squared_avx2,
	.inner_product = inner_product_avx2,
	.negative_inner_product = negative_ip_avx2,
	.l1 = l1_avx2,
	.many = {[VECTOR_METRIC_L2_SQUARED] = l2_squared_avx2_many,
             [VECTOR_METRIC_NEGATIVE_IP] = negative_ip_avx2_many,
             [VECTOR_METRIC_L1] = l1_avx2_many},
	.cosine = cosine_avx2,
	.norm_squared = norm_squared_avx2,
	.to_float = to_float_avx2,
	.from_float = from_float_avx2};

#endif /* __x86_64__ */
