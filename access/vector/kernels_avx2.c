/*
 * kernels_avx2.c
 *	  Distance kernels for AVX2 with FMA.
 *
 * A chain of dependent FMAs is bound by their latency (four cycles or so), so
 * one distance is summed in four registers, and "many" does four distances
 * side by side with two registers each: the parts of q are loaded once.
 */
#include "postgres.h"

#ifdef __x86_64__

#include <immintrin.h>
#include <math.h>

#include "access/vector_kernels.h"

#define TARGET __attribute__((target("avx2,fma")))
#define INLINE static inline __attribute__((always_inline))

/* Each metric is one step on registers and the same step on numbers. */
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

#define TAIL_L2(a, b) (((a) - (b)) * ((a) - (b)))
#define TAIL_IP(a, b) ((a) * (b))
#define TAIL_L1(a, b) fabsf((a) - (b))

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
 * name: one distance.  name_many: prefetches the next group while it works on
 * four; the rest of the group goes one by one.
 */
#define DEFINE_METRIC(name, STEP, TAIL, SIGN)                                  \
	TARGET static float name(const float *a, const float *b, int dim)          \
	{                                                                          \
		__m256 s0 = _mm256_setzero_ps(), s1 = s0, s2 = s0, s3 = s0;            \
		float sum;                                                             \
		int i = 0;                                                             \
                                                                               \
		for (; i + 32 <= dim; i += 32)                                         \
		{                                                                      \
			STEP(s0, _mm256_loadu_ps(a + i), _mm256_loadu_ps(b + i));          \
			STEP(s1, _mm256_loadu_ps(a + i + 8), _mm256_loadu_ps(b + i + 8));  \
			STEP(s2, _mm256_loadu_ps(a + i + 16),                              \
			     _mm256_loadu_ps(b + i + 16));                                 \
			STEP(s3, _mm256_loadu_ps(a + i + 24),                              \
			     _mm256_loadu_ps(b + i + 24));                                 \
		}                                                                      \
		for (; i + 8 <= dim; i += 8)                                           \
			STEP(s0, _mm256_loadu_ps(a + i), _mm256_loadu_ps(b + i));          \
		sum =                                                                  \
			hsum(_mm256_add_ps(_mm256_add_ps(s0, s1), _mm256_add_ps(s2, s3))); \
		for (; i < dim; i++)                                                   \
			sum += TAIL(a[i], b[i]);                                           \
		return SIGN sum;                                                       \
	}                                                                          \
                                                                               \
	TARGET __attribute__((unused)) static void name##_many(                    \
		const float *q, const float *const *v, int n, int dim, float *out)     \
	{                                                                          \
		int k = 0;                                                             \
                                                                               \
		for (; k + 4 <= n; k += 4)                                             \
		{                                                                      \
			const float *v0 = v[k], *v1 = v[k + 1];                            \
			const float *v2 = v[k + 2], *v3 = v[k + 3];                        \
			__m256 s0 = _mm256_setzero_ps(), s1 = s0, s2 = s0, s3 = s0;        \
			__m256 t0 = s0, t1 = s0, t2 = s0, t3 = s0;                         \
			float r0, r1, r2, r3;                                              \
			int i = 0;                                                         \
                                                                               \
			for (; i + 16 <= dim; i += 16)                                     \
			{                                                                  \
				__m256 x = _mm256_loadu_ps(q + i);                             \
				__m256 y = _mm256_loadu_ps(q + i + 8);                         \
                                                                               \
				for (int j = k + 4; j < k + 8 && j < n; j++)                   \
					__builtin_prefetch(v[j] + i);                              \
				STEP(s0, x, _mm256_loadu_ps(v0 + i));                          \
				STEP(s1, x, _mm256_loadu_ps(v1 + i));                          \
				STEP(s2, x, _mm256_loadu_ps(v2 + i));                          \
				STEP(s3, x, _mm256_loadu_ps(v3 + i));                          \
				STEP(t0, y, _mm256_loadu_ps(v0 + i + 8));                      \
				STEP(t1, y, _mm256_loadu_ps(v1 + i + 8));                      \
				STEP(t2, y, _mm256_loadu_ps(v2 + i + 8));                      \
				STEP(t3, y, _mm256_loadu_ps(v3 + i + 8));                      \
			}                                                                  \
			r0 = hsum(_mm256_add_ps(s0, t0));                                  \
			r1 = hsum(_mm256_add_ps(s1, t1));                                  \
			r2 = hsum(_mm256_add_ps(s2, t2));                                  \
			r3 = hsum(_mm256_add_ps(s3, t3));                                  \
			for (; i < dim; i++)                                               \
			{                                                                  \
				r0 += TAIL(q[i], v0[i]);                                       \
				r1 += TAIL(q[i], v1[i]);                                       \
				r2 += TAIL(q[i], v2[i]);                                       \
				r3 += TAIL(q[i], v3[i]);                                       \
			}                                                                  \
			out[k] = SIGN r0;                                                  \
			out[k + 1] = SIGN r1;                                              \
			out[k + 2] = SIGN r2;                                              \
			out[k + 3] = SIGN r3;                                              \
		}                                                                      \
		for (; k < n; k++)                                                     \
			out[k] = name(q, v[k], dim);                                       \
	}

DEFINE_METRIC(l2_squared_avx2, STEP_L2, TAIL_L2, +)
DEFINE_METRIC(inner_product_avx2, STEP_IP, TAIL_IP, +)
DEFINE_METRIC(negative_ip_avx2, STEP_IP, TAIL_IP, -)
DEFINE_METRIC(l1_avx2, STEP_L1, TAIL_L1, +)

TARGET static void
cosine_avx2(const float *a, const float *b, int dim, float *ip, float *aa,
            float *bb)
{
	__m256 s = _mm256_setzero_ps(), sa = s, sb = s;
	__m256 t = s, ta = s, tb = s;
	int i = 0;

	for (; i + 16 <= dim; i += 16)
	{
		__m256 x = _mm256_loadu_ps(a + i), y = _mm256_loadu_ps(b + i);
		__m256 u = _mm256_loadu_ps(a + i + 8), w = _mm256_loadu_ps(b + i + 8);

		s = _mm256_fmadd_ps(x, y, s);
		sa = _mm256_fmadd_ps(x, x, sa);
		sb = _mm256_fmadd_ps(y, y, sb);
		t = _mm256_fmadd_ps(u, w, t);
		ta = _mm256_fmadd_ps(u, u, ta);
		tb = _mm256_fmadd_ps(w, w, tb);
	}
	*ip = hsum(_mm256_add_ps(s, t));
	*aa = hsum(_mm256_add_ps(sa, ta));
	*bb = hsum(_mm256_add_ps(sb, tb));
	for (; i < dim; i++)
	{
		*ip += a[i] * b[i];
		*aa += a[i] * a[i];
		*bb += b[i] * b[i];
	}
}

TARGET static double
norm_squared_avx2(const float *a, int dim)
{
	__m256d s = _mm256_setzero_pd(), t = s;
	__m128d h;
	double sum;
	int i = 0;

	for (; i + 8 <= dim; i += 8)
	{
		__m256d x = _mm256_cvtps_pd(_mm_loadu_ps(a + i));
		__m256d y = _mm256_cvtps_pd(_mm_loadu_ps(a + i + 4));

		s = _mm256_fmadd_pd(x, x, s);
		t = _mm256_fmadd_pd(y, y, t);
	}
	s = _mm256_add_pd(s, t);
	h = _mm_add_pd(_mm256_castpd256_pd128(s), _mm256_extractf128_pd(s, 1));
	h = _mm_add_sd(h, _mm_unpackhi_pd(h, h));
	sum = _mm_cvtsd_f64(h);
	for (; i < dim; i++)
		sum += (double) a[i] * (double) a[i];
	return sum;
}

const VectorKernels vector_kernels_avx2 = {
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
	.norm_squared = norm_squared_avx2};

#endif /* __x86_64__ */
