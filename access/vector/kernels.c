/*
 * kernels.c
 *	  The choice of the distance kernels, and their scalar reference.
 *
 * The scalar set is the definition that the others are tested against for all
 * lengths (regress/unit/test_vector_kernels.c); it is written for reading, and
 * the compiler may not reorder its sums.
 */
#include "postgres.h"

#include <math.h>

#ifdef __x86_64__
#include <cpuid.h>
#endif

#include "access/bit_kernels.h"
#include "access/half_kernels.h"
#include "access/sparsevec_kernels.h"
#include "access/tile_kernels.h"
#include "access/vector_codes.h"
#include "access/vector_kernels.h"

static float
l2_squared_scalar(const float *a, const float *b, int dim)
{
	float sum = 0;

	for (int i = 0; i < dim; i++)
	{
		float d = a[i] - b[i];

		sum += d * d;
	}
	return sum;
}

static float
inner_product_scalar(const float *a, const float *b, int dim)
{
	float sum = 0;

	for (int i = 0; i < dim; i++)
		sum += a[i] * b[i];
	return sum;
}

static float
negative_inner_product_scalar(const float *a, const float *b, int dim)
{
	return -inner_product_scalar(a, b, dim);
}

static float
l1_scalar(const float *a, const float *b, int dim)
{
	float sum = 0;

	for (int i = 0; i < dim; i++)
		sum += fabsf(a[i] - b[i]);
	return sum;
}

static void
l2_squared_many_scalar(const float *q, const float *const *v, int n, int dim,
                       float *out)
{
	for (int i = 0; i < n; i++)
		out[i] = l2_squared_scalar(q, v[i], dim);
}

static void
negative_ip_many_scalar(const float *q, const float *const *v, int n, int dim,
                        float *out)
{
	for (int i = 0; i < n; i++)
		out[i] = negative_inner_product_scalar(q, v[i], dim);
}

static void
l1_many_scalar(const float *q, const float *const *v, int n, int dim,
               float *out)
{
	for (int i = 0; i < n; i++)
		out[i] = l1_scalar(q, v[i], dim);
}

static void
cosine_scalar(const float *a, const float *b, int dim, float *ip, float *aa,
              float *bb)
{
	float sum_ip = 0;
	float sum_aa = 0;
	float sum_bb = 0;

	for (int i = 0; i < dim; i++)
	{
		sum_ip += a[i] * b[i];
		sum_aa += a[i] * a[i];
		sum_bb += b[i] * b[i];
	}
	*ip = sum_ip;
	*aa = sum_aa;
	*bb = sum_bb;
}

static double
norm_squared_scalar(const float *a, int dim)
{
	double sum = 0;

	for (int i = 0; i < dim; i++)
		sum += (double) a[i] * (double) a[i];
	return sum;
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
		.cosine = cosine_scalar, .norm_squared = norm_squared_scalar    \
	}

const VectorKernels vector_kernels_scalar = SCALAR_KERNELS;

/* Set before the first child is forked, constant afterwards. */
VectorKernels vector_kernels = SCALAR_KERNELS;

#ifdef __x86_64__
/*
 * Does the operating system save the registers named by mask?  Bits 1 and 2
 * of XCR0 are for the 256-bit ones, 5 to 7 for the 512-bit ones.
 */
static bool
os_saves(uint32 mask)
{
	unsigned int eax, ebx, ecx, edx;
	uint32 lo, hi;

	if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || !(ecx & bit_OSXSAVE))
		return false;
	__asm__ __volatile__("xgetbv" : "=a"(lo), "=d"(hi) : "c"(0));
	return (lo & mask) == mask;
}
#endif

const VectorKernels *
vector_kernels_for(VectorIsa isa)
{
	switch (isa)
	{
		case VECTOR_ISA_SCALAR:
			return &vector_kernels_scalar;
#ifdef __x86_64__
		case VECTOR_ISA_AVX2:
			if (__builtin_cpu_supports("avx2") &&
			    __builtin_cpu_supports("fma") && os_saves(0x06))
				return &vector_kernels_avx2;
			break;
		case VECTOR_ISA_AVX512:
			if (__builtin_cpu_supports("avx512f") &&
			    __builtin_cpu_supports("avx512dq") && os_saves(0xE6))
				return &vector_kernels_avx512;
			break;
#endif
		default:
			break;
	}
	return NULL;
}

VectorIsa
vector_kernels_init(void)
{
	const VectorKernels *best = vector_kernels_for(VECTOR_ISA_AVX512);

	if (best == NULL)
		best = vector_kernels_for(VECTOR_ISA_AVX2);
	if (best == NULL)
		best = &vector_kernels_scalar;
	vector_kernels = *best;
	half_kernels_init();
	tile_kernels = *tile_kernels_for(best->isa);
	sparsevec_kernels = *sparsevec_kernels_for(best->isa);
	bit_kernels_init();
	vector_code_kernels_init();
	return best->isa;
}
