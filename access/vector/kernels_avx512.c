/*
 * kernels_avx512.c
 *	  Distance kernels for AVX-512 (F and DQ).
 *
 * As kernels_avx2.c, with registers of sixteen numbers; a tail is one masked
 * load, never a loop.
 */
#include "postgres.h"

#ifdef __x86_64__

#include <immintrin.h>

#include "access/vector_kernels.h"

#define TARGET __attribute__((target("avx512f,avx512dq")))

#define STEP_L2(acc, a, b)                      \
	do                                          \
	{                                           \
		__m512 d_ = _mm512_sub_ps((a), (b));    \
		(acc) = _mm512_fmadd_ps(d_, d_, (acc)); \
	} while (0)
#define STEP_IP(acc, a, b) ((acc) = _mm512_fmadd_ps((a), (b), (acc)))
#define STEP_L1(acc, a, b) \
	((acc) = _mm512_add_ps((acc), _mm512_abs_ps(_mm512_sub_ps((a), (b)))))

#define TAIL_MASK(left) ((__mmask16) ((1u << (left)) - 1))

/* A masked load gives zeros, which add nothing in any of the metrics. */
#define DEFINE_METRIC(name, STEP, SIGN)                                      \
	TARGET static float name(const float *a, const float *b, int dim)        \
	{                                                                        \
		__m512 s0 = _mm512_setzero_ps(), s1 = s0, s2 = s0, s3 = s0;          \
		int i = 0;                                                           \
                                                                             \
		for (; i + 64 <= dim; i += 64)                                       \
		{                                                                    \
			STEP(s0, _mm512_loadu_ps(a + i), _mm512_loadu_ps(b + i));        \
			STEP(s1, _mm512_loadu_ps(a + i + 16),                            \
			     _mm512_loadu_ps(b + i + 16));                               \
			STEP(s2, _mm512_loadu_ps(a + i + 32),                            \
			     _mm512_loadu_ps(b + i + 32));                               \
			STEP(s3, _mm512_loadu_ps(a + i + 48),                            \
			     _mm512_loadu_ps(b + i + 48));                               \
		}                                                                    \
		for (; i + 16 <= dim; i += 16)                                       \
			STEP(s0, _mm512_loadu_ps(a + i), _mm512_loadu_ps(b + i));        \
		if (i < dim)                                                         \
		{                                                                    \
			__mmask16 m = TAIL_MASK(dim - i);                                \
                                                                             \
			STEP(s1, _mm512_maskz_loadu_ps(m, a + i),                        \
			     _mm512_maskz_loadu_ps(m, b + i));                           \
		}                                                                    \
		return SIGN _mm512_reduce_add_ps(                                    \
			_mm512_add_ps(_mm512_add_ps(s0, s1), _mm512_add_ps(s2, s3)));    \
	}                                                                        \
                                                                             \
	TARGET __attribute__((unused)) static void name##_many(                  \
		const float *q, const float *const *v, int n, int dim, float *out)   \
	{                                                                        \
		int k = 0;                                                           \
                                                                             \
		for (; k + 4 <= n; k += 4)                                           \
		{                                                                    \
			const float *v0 = v[k], *v1 = v[k + 1];                          \
			const float *v2 = v[k + 2], *v3 = v[k + 3];                      \
			const float *p0 = v[Min(k + 4, n - 1)];                          \
			const float *p1 = v[Min(k + 5, n - 1)];                          \
			const float *p2 = v[Min(k + 6, n - 1)];                          \
			const float *p3 = v[Min(k + 7, n - 1)];                          \
			__m512 s0 = _mm512_setzero_ps(), s1 = s0, s2 = s0, s3 = s0;      \
			__m512 t0 = s0, t1 = s0, t2 = s0, t3 = s0;                       \
			int i = 0;                                                       \
                                                                             \
			for (; i + 32 <= dim; i += 32)                                   \
			{                                                                \
				__m512 x = _mm512_loadu_ps(q + i);                           \
				__m512 y = _mm512_loadu_ps(q + i + 16);                      \
                                                                             \
				__builtin_prefetch(p0 + i);                                  \
				__builtin_prefetch(p0 + i + 16);                             \
				__builtin_prefetch(p1 + i);                                  \
				__builtin_prefetch(p1 + i + 16);                             \
				__builtin_prefetch(p2 + i);                                  \
				__builtin_prefetch(p2 + i + 16);                             \
				__builtin_prefetch(p3 + i);                                  \
				__builtin_prefetch(p3 + i + 16);                             \
				STEP(s0, x, _mm512_loadu_ps(v0 + i));                        \
				STEP(s1, x, _mm512_loadu_ps(v1 + i));                        \
				STEP(s2, x, _mm512_loadu_ps(v2 + i));                        \
				STEP(s3, x, _mm512_loadu_ps(v3 + i));                        \
				STEP(t0, y, _mm512_loadu_ps(v0 + i + 16));                   \
				STEP(t1, y, _mm512_loadu_ps(v1 + i + 16));                   \
				STEP(t2, y, _mm512_loadu_ps(v2 + i + 16));                   \
				STEP(t3, y, _mm512_loadu_ps(v3 + i + 16));                   \
			}                                                                \
			for (; i < dim; i += 16)                                         \
			{                                                                \
				__mmask16 m =                                                \
					dim - i >= 16 ? (__mmask16) 0xFFFF : TAIL_MASK(dim - i); \
				__m512 x = _mm512_maskz_loadu_ps(m, q + i);                  \
                                                                             \
				STEP(s0, x, _mm512_maskz_loadu_ps(m, v0 + i));               \
				STEP(s1, x, _mm512_maskz_loadu_ps(m, v1 + i));               \
				STEP(s2, x, _mm512_maskz_loadu_ps(m, v2 + i));               \
				STEP(s3, x, _mm512_maskz_loadu_ps(m, v3 + i));               \
			}                                                                \
			out[k] = SIGN _mm512_reduce_add_ps(_mm512_add_ps(s0, t0));       \
			out[k + 1] = SIGN _mm512_reduce_add_ps(_mm512_add_ps(s1, t1));   \
			out[k + 2] = SIGN _mm512_reduce_add_ps(_mm512_add_ps(s2, t2));   \
			out[k + 3] = SIGN _mm512_reduce_add_ps(_mm512_add_ps(s3, t3));   \
		}                                                                    \
		for (; k < n; k++)                                                   \
			out[k] = name(q, v[k], dim);                                     \
	}

DEFINE_METRIC(l2_squared_avx512, STEP_L2, +)
DEFINE_METRIC(inner_product_avx512, STEP_IP, +)
DEFINE_METRIC(negative_ip_avx512, STEP_IP, -)
DEFINE_METRIC(l1_avx512, STEP_L1, +)

TARGET static void
cosine_avx512(const float *a, const float *b, int dim, float *ip, float *aa,
              float *bb)
{
	__m512 s = _mm512_setzero_ps(), sa = s, sb = s;
	__m512 t = s, ta = s, tb = s;
	int i = 0;

	for (; i + 32 <= dim; i += 32)
	{
		__m512 x = _mm512_loadu_ps(a + i), y = _mm512_loadu_ps(b + i);
		__m512 u = _mm512_loadu_ps(a + i + 16), w = _mm512_loadu_ps(b + i + 16);

		s = _mm512_fmadd_ps(x, y, s);
		sa = _mm512_fmadd_ps(x, x, sa);
		sb = _mm512_fmadd_ps(y, y, sb);
		t = _mm512_fmadd_ps(u, w, t);
		ta = _mm512_fmadd_ps(u, u, ta);
		tb = _mm512_fmadd_ps(w, w, tb);
	}
	for (; i < dim; i += 16)
	{
		__mmask16 m = dim - i >= 16 ? (__mmask16) 0xFFFF : TAIL_MASK(dim - i);
		__m512 x = _mm512_maskz_loadu_ps(m, a + i);
		__m512 y = _mm512_maskz_loadu_ps(m, b + i);

		s = _mm512_fmadd_ps(x, y, s);
		sa = _mm512_fmadd_ps(x, x, sa);
		sb = _mm512_fmadd_ps(y, y, sb);
	}
	*ip = _mm512_reduce_add_ps(_mm512_add_ps(s, t));
	*aa = _mm512_reduce_add_ps(_mm512_add_ps(sa, ta));
	*bb = _mm512_reduce_add_ps(_mm512_add_ps(sb, tb));
}

TARGET static double
norm_squared_avx512(const float *a, int dim)
{
	__m512d s = _mm512_setzero_pd(), t = s;
	double sum;
	int i = 0;

	for (; i + 16 <= dim; i += 16)
	{
		__m512d x = _mm512_cvtps_pd(_mm256_loadu_ps(a + i));
		__m512d y = _mm512_cvtps_pd(_mm256_loadu_ps(a + i + 8));

		s = _mm512_fmadd_pd(x, x, s);
		t = _mm512_fmadd_pd(y, y, t);
	}
	sum = _mm512_reduce_add_pd(_mm512_add_pd(s, t));
	for (; i < dim; i++)
		sum += (double) a[i] * (double) a[i];
	return sum;
}

const VectorKernels vector_kernels_avx512 = {
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
	.norm_squared = norm_squared_avx512};

#endif /* __x86_64__ */
