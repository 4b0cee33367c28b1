/*
 * kernels_half.c
 *	  The choice of the kernels for halves, and their scalar reference.
 *
 * As kernels.c: the scalar set is the definition, and works until another one
 * is chosen.
 */
#include "postgres.h"

#include <math.h>

#ifdef __x86_64__
#include <cpuid.h>
#endif

#include "access/half_kernels.h"

static float
l2_squared_scalar(const half *a, const half *b, int dim)
{
	float sum = 0;

	for (int i = 0; i < dim; i++)
	{
		float d = HalfToFloat4(a[i]) - HalfToFloat4(b[i]);

		sum += d * d;
	}
	return sum;
}

static float
inner_product_scalar(const half *a, const half *b, int dim)
{
	float sum = 0;

	for (int i = 0; i < dim; i++)
		sum += HalfToFloat4(a[i]) * HalfToFloat4(b[i]);
	return sum;
}

static float
negative_inner_product_scalar(const half *a, const half *b, int dim)
{
	return -inner_product_scalar(a, b, dim);
}

static float
l1_scalar(const half *a, const half *b, int dim)
{
	float sum = 0;

	for (int i = 0; i < dim; i++)
		sum += fabsf(HalfToFloat4(a[i]) - HalfToFloat4(b[i]));
	return sum;
}

static void
l2_squared_many_scalar(const half *q, const half *const *v, int n, int dim,
                       float *out)
{
	for (int i = 0; i < n; i++)
		out[i] = l2_squared_scalar(q, v[i], dim);
}

static void
negative_ip_many_scalar(const half *q, const half *const *v, int n, int dim,
                        float *out)
{
	for (int i = 0; i < n; i++)
		out[i] = negative_inner_product_scalar(q, v[i], dim);
}

static void
l1_many_scalar(const half *q, const half *const *v, int n, int dim, float *out)
{
	for (int i = 0; i < n; i++)
		out[i] = l1_scalar(q, v[i], dim);
}

static void
cosine_scalar(const half *a, const half *b, int dim, float *ip, float *aa,
              float *bb)
{
	float sum_ip = 0;
	float sum_aa = 0;
	float sum_bb = 0;

	for (int i = 0; i < dim; i++)
	{
		float x = HalfToFloat4(a[i]);
		float y = HalfToFloat4(b[i]);

		sum_ip += x * y;
		sum_aa += x * x;
		sum_bb += y * y;
	}
	*ip = sum_ip;
	*aa = sum_aa;
	*bb = sum_bb;
}

static double
norm_squared_scalar(const half *a, int dim)
{
	double sum = 0;

	for (int i = 0; i < dim; i++)
	{
		double x = (double) HalfToFloat4(a[i]);

		sum += x * x;
	}
	return sum;
}

static void
to_float_scalar(const half *a, float *out, int dim)
{
	for (int i = 0; i < dim; i++)
		out[i] = HalfToFloat4(a[i]);
}

static void
from_float_scalar(const float *a, half *out, int dim)
{
	for (int i = 0; i < dim; i++)
		out[i] = Float4ToHalfUnchecked(a[i]);
}

#define SCALAR_KERNELS                                                  \
	{                                                                   \
		.isa = VECTOR_ISA_SCALAR, .name = "scalar",                     \
		.l2_squared = l2_squared_scalar,                                \
		.inner_product = inner_product_scalar,                          \
		.negative_inner_product = negative_inner_product_scalar,        \
		.l1 = l1_scalar,                                                \
		.many = {[VECTOR_METRIC_L2_SQUARED] = l2_squared_many_scalar,   \
		         [VECTOR_METRIC_NEGATIVE_IP] = negative_ip_many_scalar, \
		         [VECTOR_METRIC_L1] = l1_many_scalar},                  \
		.cosine = cosine_scalar, .norm_squared = norm_squared_scalar,   \
		.to_float = to_float_scalar, .from_float = from_float_scalar    \
	}

const HalfKernels half_kernels_scalar = SCALAR_KERNELS;

/* Set before the first child is forked, constant afterwards. */
HalfKernels half_kernels = SCALAR_KERNELS;

#ifdef __x86_64__
/* vcvtph2ps and vcvtps2ph; compilers do not all know them by name */
static bool
cpu_has_f16c(void)
{
	unsigned int eax, ebx, ecx, edx;

	return __get_cpuid(1, &eax, &ebx, &ecx, &edx) && (ecx & bit_F16C);
}
#endif

const HalfKernels *
half_kernels_for(VectorIsa isa)
{
	switch (isa)
	{
		case VECTOR_ISA_SCALAR:
			return &half_kernels_scalar;
#ifdef __x86_64__
		case VECTOR_ISA_AVX2:
			if (vector_kernels_for(isa) != NULL && cpu_has_f16c())
				return &half_kernels_avx2;
			break;
		case VECTOR_ISA_AVX512:
			/* masked loads of 16-bit numbers need BW and VL */
			if (vector_kernels_for(isa) != NULL &&
			    __builtin_cpu_supports("avx512bw") &&
			    __builtin_cpu_supports("avx512vl"))
				return &half_kernels_avx512;
			break;
#endif
		default:
			break;
	}
	return NULL;
}

void
half_kernels_init(void)
{
	const HalfKernels *best = half_kernels_for(VECTOR_ISA_AVX512);

	if (best == NULL)
		best = half_kernels_for(VECTOR_ISA_AVX2);
	if (best == NULL)
		best = &half_kernels_scalar;
	half_kernels = *best;
}
