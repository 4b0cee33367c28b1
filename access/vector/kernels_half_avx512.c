/*
 * kernels_half_avx512.c
 *	  Distance kernels for halves with AVX-512 (F, DQ, BW and VL).
 *
 * As kernels_half_avx2.c, with registers of sixteen floats; a tail is one
 * masked load.  The instructions of AVX512-FP16 have no place here: they round
 * each difference, product and sum to eleven bits and overflow at 65504, where
 * the distances of this type are those of floats.
 */
#include "postgres.h"

#ifdef __x86_64__

#include <immintrin.h>

#include "access/half_kernels.h"

#define TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl")))
#define INLINE static inline __attribute__((always_inline))

#define STEP_L2(acc, a, b)                      \
	do                                          \
	{                                           \
		__m512 d_ = _mm512_sub_ps((a), (b));    \
		(acc) = _mm512_fmadd_ps(d_, d_, (acc)); \
	} while (0)
#define STEP_IP(acc, a, b) ((acc) = _mm512_fmadd_ps((a), (b), (acc)))
#define STEP_L1(acc, a, b) \
	((acc) = _mm512_add_ps((acc), _mm512_abs_ps(_mm512_sub_ps((a), (b)))))

TARGET INLINE __m512
load(const half *p)
{
	return _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *) p));
}

/* The last ones, up to sixteen; zeros behind them. */
TARGET INLINE __m512
load_tail(const half *p, int left)
{
	__mmask16 mask = left >= 16 ? 0xFFFF : (__mmask16) ((1u << left) - 1);

	return _mm512_cvtph_ps(_mm256_maskz_loadu_epi16(mask, p));
}

#define DEFINE_METRIC(name, STEP, SIGN)                                     \
	TARGET static float name(const half *a, const half *b, int dim)         \
	{                                                                       \
		__m512 s0 = _mm512_setzero_ps(), s1 = s0, s2 = s0, s3 = s0;         \
		int i = 0;                                                          \
                                                                            \
		for (; i + 64 <= dim; i += 64)                                      \
		{                                                                   \
			STEP(s0, load(a + i), load(b + i));                             \
			STEP(s1, load(a + i + 16), load(b + i + 16));                   \
			STEP(s2, load(a + i + 32), load(b + i + 32));                   \
			STEP(s3, load(a + i + 48), load(b + i + 48));                   \
		}                                                                   \
		for (; i + 16 <= dim; i += 16)                                      \
			STEP(s0, load(a + i), load(b + i));                             \
		if (i < dim)                                                        \
			STEP(s1, load_tail(a + i, dim - i), load_tail(b + i, dim - i)); \
		return SIGN _mm512_reduce_add_ps(                                   \
			_mm512_add_ps(_mm512_add_ps(s0, s1), _mm512_add_ps(s2, s3)));   \
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
			const half *p0 = v[Min(k + 4, n - 1)];                          \
			const half *p1 = v[Min(k + 5, n - 1)];                          \
			const half *p2 = v[Min(k + 6, n - 1)];                          \
			const half *p3 = v[Min(k + 7, n - 1)];                          \
			__m512 s0 = _mm512_setzero_ps(), s1 = s0, s2 = s0, s3 = s0;     \
			__m512 t0 = s0, t1 = s0, t2 = s0, t3 = s0;                      \
			int i = 0;                                                      \
                                                                            \
			for (; i + 32 <= dim; i += 32)                                  \
			{                                                               \
				__m512 x = load(q + i);                                     \
				__m512 y = load(q + i + 16);                                \
                                                                            \
				__builtin_prefetch(p0 + i);                                 \
				__builtin_prefetch(p1 + i);                                 \
				__builtin_prefetch(p2 + i);                                 \
				__builtin_prefetch(p3 + i);                                 \
				STEP(s0, x, load(v0 + i));                                  \
				STEP(s1, x, load(v1 + i));                                  \
				STEP(s2, x, load(v2 + i));                                  \
				STEP(s3, x, load(v3 + i));                                  \
				STEP(t0, y, load(v0 + i + 16));                             \
				STEP(t1, y, load(v1 + i + 16));                             \
				STEP(t2, y, load(v2 + i + 16));                             \
				STEP(t3, y, load(v3 + i + 16));                             \
			}                                                               \
			for (; i < dim; i += 16)                                        \
			{                                                               \
				__m512 x = load_tail(q + i, dim - i);                       \
                                                                            \
				STEP(s0, x, load_tail(v0 + i, dim - i));                    \
				STEP(s1, x, load_tail(v1 + i, dim - i));                    \
				STEP(s2, x, load_tail(v2 + i, dim - i));                    \
				STEP(s3, x, load_tail(v3 + i, dim - i));                    \
			}                                                               \
			out[k] = SIGN _mm512_reduce_add_ps(_mm512_add_ps(s0, t0));      \
			out[k + 1] = SIGN _mm512_reduce_add_ps(_mm512_add_ps(s1, t1));  \
			out[k + 2] = SIGN _mm512_reduce_add_ps(_mm512_add_ps(s2, t2));  \
			out[k + 3] = SIGN _mm512_reduce_add_ps(_mm512_add_ps(s3, t3));  \
		}                                                                   \
		for (; k < n; k++)                                                  \
			out[k] = name(q, v[k], dim);                                    \
	}

DEFINE_METRIC(l2_squared_avx512, STEP_L2, +)
DEFINE_METRIC(inner_product_avx512, STEP_IP, +)
DEFINE_METRIC(negative_ip_avx512, STEP_IP, -)
DEFINE_METRIC(l1_avx512, STEP_L1, +)

TARGET static void
cosine_avx512(const half *a, const half *b, int dim, float *ip, float *aa,
              float *bb)
{
	__m512 s = _mm512_setzero_ps(), sa = s, sb = s;
	__m512 t = s, ta = s, tb = s;
	int i = 0;

	for (; i + 32 <= dim; i += 32)
	{
		__m512 x = load(a + i), y = load(b + i);
		__m512 u = load(a + i + 16), w = load(b + i + 16);

		s = _mm512_fmadd_ps(x, y, s);
		sa = _mm512_fmadd_ps(x, x, sa);
		sb = _mm512_fmadd_ps(y, y, sb);
		t = _mm512_fmadd_ps(u, w, t);
		ta = _mm512_fmadd_ps(u, u, ta);
		tb = _mm512_fmadd_ps(w, w, tb);
	}
	for (; i < dim; i += 16)
	{
		__m512 x = load_tail(a + i, dim - i), y = load_tail(b + i, dim - i);

		s = _mm512_fmadd_ps(x, y, s);
		sa = _mm512_fmadd_ps(x, x, sa);
		sb = _mm512_fmadd_ps(y, y, sb);
	}
	*ip = _mm512_reduce_add_ps(_mm512_add_ps(s, t));
	*aa = _mm512_reduce_add_ps(_mm512_add_ps(sa, ta));
	*bb = _mm512_reduce_add_ps(_mm512_add_ps(sb, tb));
}

TARGET static double
norm_squared_avx512(const half *a, int dim)
{
	__m512d s = _mm512_setzero_pd(), t = s;

	for (int i = 0; i < dim; i += 16)
	{
		__m512 x = load_tail(a + i, dim - i);
		__m512d lo = _mm512_cvtps_pd(_mm512_castps512_ps256(x));
		__m512d hi = _mm512_cvtps_pd(_mm512_extractf32x8_ps(x, 1));

		s = _mm512_fmadd_pd(lo, lo, s);
		t = _mm512_fmadd_pd(hi, hi, t);
	}
	return _mm512_reduce_add_pd(_mm512_add_pd(s, t));
}

TARGET static void
to_float_avx512(const half *a, float *out, int dim)
{
	int i = 0;

	for (; i + 16 <= dim; i += 16)
		_mm512_storeu_ps(out + i, load(a + i));
	for (; i < dim; i++)
		out[i] = HalfToFloat4(a[i]);
}

TARGET static void
from_float_avx512(const float *a, half *out, int dim)
{
	int i = 0;

	for (; i + 16 <= dim; i += 16)
		_mm256_storeu_si256(
			(__m256i *) (out + i),
			_mm512_cvtps_ph(_mm512_loadu_ps(a + i),
		                    _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
	for (; i < dim; i++)
		out[i] = Float4ToHalfUnchecked(a[i]);
}

const HalfKernels half_kernels_avx512 = {
	.isa = VECTOR_ISA_AVX512,
	.name = "avx512",
	.l2_squared = l2_squared_avx512,
	.inner_product = inner_product_avx512,
	.negative_inner_product = negative_ip_avx512,
	.l1 = l1_avx512,
	.many = {[VECTOR_METRIC_L2_SQUARED] = l2_squared_avx512_many,
             [VECTOR_METRIC_NEGATIVE_IP] = negative_ip_avx512_many,
             [VECTOR_METRIC_L1] = l1_avx512_many},
	.cosine = cosine_avx512,
	.norm_squared = norm_squared_avx512,
	.to_float = to_float_avx512,
	.from_float = from_float_avx512};

#endif /* __x86_64__ */
