/*
 * codes.c
 *	  Vectors in one byte per number, and distances between them.
 *
 * A distance is made of the product of two codes' numbers, which is a sum of
 * integers and so the same in every set, and of what the codes know of
 * themselves.  The instruction for sums of byte products (VNNI) takes bytes
 * without sign on one side: the query's are raised by 128, and 128 times the
 * other's sum is taken away.
 *
 * A distance is the same from a to b as from b to a, to the last bit, or the
 * heuristic would not see that all elements are as far from a row as from its
 * duplicate (hnswgraph.c).  So both sides have the same part in each product and
 * sum, and no product is joined with a sum (-ffp-contract=off).
 */
#include "postgres.h"

#include <math.h>

#include "access/vector_codes.h"

StaticAssertDecl(offsetof(VectorCode, x) == 16, "VectorCode has changed");

void
vector_encode(const float *x, int dim, VectorCode *code)
{
	float min = dim > 0 ? x[0] : 0;
	float max = min;
	float inverse;
	double norm = 0;
	int32 sum = 0;

	for (int i = 1; i < dim; i++)
	{
		min = Min(min, x[i]);
		max = Max(max, x[i]);
	}
	/* halves, as the whole range may be more than a float holds */
	code->scale = (max / 2 - min / 2) / 255 * 2;
	inverse = 1 / code->scale;
	if (!isfinite(inverse)) /* all are the same, or nearly */
	{
		code->scale = 0;
		inverse = 0;
	}
	code->offset = min + 128 * code->scale;
	for (int i = 0; i < dim; i++)
	{
		int step = (int) lrintf((x[i] / 2 - min / 2) * inverse * 2);
		double decoded;

		code->x[i] = (int8) (Min(step, 255) - 128);
		decoded = code->offset + (double) code->scale * code->x[i];
		sum += code->x[i];
		norm += decoded * decoded;
	}
	code->sum = sum;
	code->norm = (float) norm;
}

/* What a code adds to a product for each unit of the other one's offset. */
static inline float
Moment(const VectorCode *code, int dim)
{
	return (float) dim / 2 * code->offset + code->scale * (float) code->sum;
}

/* From the sum of the products of a's and b's x. */
static inline float
InnerProduct(const VectorCode *a, const VectorCode *b, int dim, int32 product)
{
	float offsets = a->offset * Moment(b, dim) + b->offset * Moment(a, dim);

	return offsets + a->scale * b->scale * (float) product;
}

static inline float
L2FromProduct(const VectorCode *a, const VectorCode *b, int dim, int32 product)
{
	float d = a->norm + b->norm - 2 * InnerProduct(a, b, dim, product);

	return d > 0 ? d : 0; /* also what overflowed to no number at all */
}

static inline float
IpFromProduct(const VectorCode *a, const VectorCode *b, int dim, int32 product)
{
	float d = -InnerProduct(a, b, dim, product);

	return isnan(d) ? 0 : d;
}

/* ---------------------------------------------------------------------------
 * Scalar
 * ---------------------------------------------------------------------------
 */

static int32
ProductScalar(const VectorCode *a, const VectorCode *b, int dim)
{
	int32 sum = 0;

	for (int i = 0; i < dim; i++)
		sum += a->x[i] * b->x[i];
	return sum;
}

#define DEFINE_SCALAR(name, FROM)                                         \
	static void name(const void *q, const void *const *v, int n, int dim, \
	                 float *out)                                          \
	{                                                                     \
		for (int i = 0; i < n; i++)                                       \
			out[i] = FROM(q, v[i], dim, ProductScalar(q, v[i], dim));     \
	}

DEFINE_SCALAR(l2_scalar, L2FromProduct)
DEFINE_SCALAR(ip_scalar, IpFromProduct)

#ifdef __x86_64__

#include <immintrin.h>

/* ---------------------------------------------------------------------------
 * AVX2
 * ---------------------------------------------------------------------------
 */

#define TARGET_AVX2 __attribute__((target("avx2")))

TARGET_AVX2 static int32
ProductAvx2(const VectorCode *a, const VectorCode *b, int dim)
{
	__m256i s = _mm256_setzero_si256();
	__m128i t;
	int32 sum;
	int i = 0;

	for (; i + 16 <= dim; i += 16)
	{
		__m256i x =
			_mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *) (a->x + i)));
		__m256i y =
			_mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *) (b->x + i)));

		s = _mm256_add_epi32(s, _mm256_madd_epi16(x, y));
	}
	t = _mm_add_epi32(_mm256_castsi256_si128(s),
	                  _mm256_extracti128_si256(s, 1));
	t = _mm_add_epi32(t, _mm_shuffle_epi32(t, 0x4E));
	t = _mm_add_epi32(t, _mm_shuffle_epi32(t, 0xB1));
	sum = _mm_cvtsi128_si32(t);
	for (; i < dim; i++)
		sum += a->x[i] * b->x[i];
	return sum;
}

#define DEFINE_AVX2(name, FROM)                                           \
	static void name(const void *q, const void *const *v, int n, int dim, \
	                 float *out)                                          \
	{                                                                     \
		for (int i = 0; i < n; i++)                                       \
		{                                                                 \
			if (i + 2 < n)                                                \
			{                                                             \
				for (int j = 0; j < (int) VECTOR_CODE_SIZE(dim); j += 64) \
					__builtin_prefetch((const char *) v[i + 2] + j);      \
			}                                                             \
			out[i] = FROM(q, v[i], dim, ProductAvx2(q, v[i], dim));       \
		}                                                                 \
	}

DEFINE_AVX2(l2_avx2, L2FromProduct)
DEFINE_AVX2(ip_avx2, IpFromProduct)

/* ---------------------------------------------------------------------------
 * AVX-512 with VNNI
 * ---------------------------------------------------------------------------
 */

#define TARGET_VNNI \
	__attribute__((target("avx512f,avx512bw,avx512dq,avx512vnni")))

#define LOAD_TAIL(mask, code, i) \
	_mm512_maskz_loadu_epi8((mask), (code)->x + (i))

/* The sums over each of four registers. */
TARGET_VNNI static inline __m128i
SumsOfFour(__m512i a, __m512i b, __m512i c, __m512i d)
{
	__m512i ab = _mm512_add_epi32(_mm512_unpacklo_epi32(a, b),
	                              _mm512_unpackhi_epi32(a, b));
	__m512i cd = _mm512_add_epi32(_mm512_unpacklo_epi32(c, d),
	                              _mm512_unpackhi_epi32(c, d));
	__m512i abcd = _mm512_add_epi32(_mm512_unpacklo_epi64(ab, cd),
	                                _mm512_unpackhi_epi64(ab, cd));
	__m256i half = _mm256_add_epi32(_mm512_castsi512_si256(abcd),
	                                _mm512_extracti64x4_epi64(abcd, 1));

	return _mm_add_epi32(_mm256_castsi256_si128(half),
	                     _mm256_extracti128_si256(half, 1));
}

/*
 * What a query's code, and those of four others with the sums of their products,
 * make of it: InnerProduct, for four at once.
 */
TARGET_VNNI static inline __m128
InnerProducts(const VectorCode *q, const VectorCode *const *c, int dim,
              __m128i product, __m128 *norms)
{
	__m128 scale = _mm_loadu_ps((const float *) c[0]);
	__m128 offset = _mm_loadu_ps((const float *) c[1]);
	__m128 norm = _mm_loadu_ps((const float *) c[2]);
	__m128 sum = _mm_loadu_ps((const float *) c[3]);
	__m128 moment;

	_MM_TRANSPOSE4_PS(scale, offset, norm, sum);
	*norms = norm;
	product = _mm_sub_epi32(product, _mm_slli_epi32(_mm_castps_si128(sum), 7));
	sum = _mm_cvtepi32_ps(_mm_castps_si128(sum));
	moment = _mm_add_ps(_mm_mul_ps(_mm_set1_ps((float) dim / 2), offset),
	                    _mm_mul_ps(scale, sum));
	offset = _mm_add_ps(_mm_mul_ps(_mm_set1_ps(q->offset), moment),
	                    _mm_mul_ps(offset, _mm_set1_ps(Moment(q, dim))));
	scale = _mm_mul_ps(_mm_set1_ps(q->scale), scale);
	return _mm_add_ps(offset, _mm_mul_ps(scale, _mm_cvtepi32_ps(product)));
}

TARGET_VNNI static inline __m128
L2FromProducts(const VectorCode *q, const VectorCode *const *c, int dim,
               __m128i product)
{
	__m128 norms;
	__m128 ip = InnerProducts(q, c, dim, product, &norms);
	__m128 d =
		_mm_sub_ps(_mm_add_ps(_mm_set1_ps(q->norm), norms), _mm_add_ps(ip, ip));

	/* the second, if the first is no number */
	return _mm_max_ps(d, _mm_setzero_ps());
}

TARGET_VNNI static inline __m128
IpFromProducts(const VectorCode *q, const VectorCode *const *c, int dim,
               __m128i product)
{
	__m128 norms;
	__m128 ip = InnerProducts(q, c, dim, product, &norms);

	return _mm_and_ps(_mm_sub_ps(_mm_setzero_ps(), ip), _mm_cmpord_ps(ip, ip));
}

/* The caller has the codes on their way to the cache. */
#define DEFINE_VNNI(name, FROM)                                             \
	TARGET_VNNI static void name(const void *query, const void *const *v,   \
	                             int n, int dim, float *out)                \
	{                                                                       \
		const VectorCode *q = query;                                        \
		const __m512i high = _mm512_set1_epi8((char) 0x80);                 \
		const __mmask64 tail = (UINT64CONST(1) << (dim % 64)) - 1;          \
                                                                            \
		for (int k = 0; k < n; k += 4)                                      \
		{                                                                   \
			const VectorCode *c[4];                                         \
			__m512i s0 = _mm512_setzero_si512(), s1 = s0, s2 = s0, s3 = s0; \
			__m128 d;                                                       \
			int i = 0;                                                      \
                                                                            \
			for (int j = 0; j < 4; j++)                                     \
				c[j] = v[Min(k + j, n - 1)];                                \
			for (; i + 64 <= dim; i += 64)                                  \
			{                                                               \
				__m512i x =                                                 \
					_mm512_xor_si512(_mm512_loadu_si512(q->x + i), high);   \
                                                                            \
				s0 = _mm512_dpbusd_epi32(s0, x,                             \
				                         _mm512_loadu_si512(c[0]->x + i));  \
				s1 = _mm512_dpbusd_epi32(s1, x,                             \
				                         _mm512_loadu_si512(c[1]->x + i));  \
				s2 = _mm512_dpbusd_epi32(s2, x,                             \
				                         _mm512_loadu_si512(c[2]->x + i));  \
				s3 = _mm512_dpbusd_epi32(s3, x,                             \
				                         _mm512_loadu_si512(c[3]->x + i));  \
			}                                                               \
			if (i < dim)                                                    \
			{                                                               \
				__m512i x = _mm512_xor_si512(LOAD_TAIL(tail, q, i), high);  \
                                                                            \
				s0 = _mm512_dpbusd_epi32(s0, x, LOAD_TAIL(tail, c[0], i));  \
				s1 = _mm512_dpbusd_epi32(s1, x, LOAD_TAIL(tail, c[1], i));  \
				s2 = _mm512_dpbusd_epi32(s2, x, LOAD_TAIL(tail, c[2], i));  \
				s3 = _mm512_dpbusd_epi32(s3, x, LOAD_TAIL(tail, c[3], i));  \
			}                                                               \
			d = FROM(q, c, dim, SumsOfFour(s0, s1, s2, s3));                \
			if (n - k >= 4)                                                 \
				_mm_storeu_ps(out + k, d);                                  \
			else                                                            \
			{                                                               \
				float rest[4];                                              \
                                                                            \
				_mm_storeu_ps(rest, d);                                     \
				for (int j = 0; k + j < n; j++)                             \
					out[k + j] = rest[j];                                   \
			}                                                               \
		}                                                                   \
	}

DEFINE_VNNI(l2_vnni, L2FromProducts)
DEFINE_VNNI(ip_vnni, IpFromProducts)

#endif /* __x86_64__ */

static bool
CanRun(VectorCodeSet set)
{
	switch (set)
	{
		case VECTOR_CODES_SCALAR:
			return true;
#ifdef __x86_64__
		case VECTOR_CODES_AVX2:
			return vector_kernels_for(VECTOR_ISA_AVX2) != NULL;
		case VECTOR_CODES_VNNI:
			return vector_kernels_for(VECTOR_ISA_AVX512) != NULL &&
			       __builtin_cpu_supports("avx512bw") &&
			       __builtin_cpu_supports("avx512vnni");
#endif
		default:
			return false;
	}
}

VectorCodeDistances
vector_code_distances_for(VectorCodeSet set, VectorMetric metric)
{
	static const VectorCodeDistances sets[VECTOR_NCODE_SETS][VECTOR_NMETRICS] =
		{
			[VECTOR_CODES_SCALAR] = {[VECTOR_METRIC_L2_SQUARED] = l2_scalar,
	                                 [VECTOR_METRIC_NEGATIVE_IP] = ip_scalar},
#ifdef __x86_64__
			[VECTOR_CODES_AVX2] = {[VECTOR_METRIC_L2_SQUARED] = l2_avx2,
	                               [VECTOR_METRIC_NEGATIVE_IP] = ip_avx2},
			[VECTOR_CODES_VNNI] = {[VECTOR_METRIC_L2_SQUARED] = l2_vnni,
	                               [VECTOR_METRIC_NEGATIVE_IP] = ip_vnni},
#endif
		};

	return CanRun(set) ? sets[set][metric] : NULL;
}

/*
 * Asked for by every insert and every search, in a client by several threads:
 * set once, by vector_kernels_init.
 */
static VectorCodeDistances best[VECTOR_NMETRICS] = {
	[VECTOR_METRIC_L2_SQUARED] = l2_scalar,
	[VECTOR_METRIC_NEGATIVE_IP] = ip_scalar};

void
vector_code_kernels_init(void)
{
	for (int metric = 0; metric < VECTOR_NMETRICS; metric++)
	{
		VectorCodeDistances found = NULL;

		for (int set = VECTOR_NCODE_SETS - 1; set >= 0 && !found; set--)
			found = vector_code_distances_for((VectorCodeSet) set,
			                                  (VectorMetric) metric);
		best[metric] = found;
	}
}

VectorCodeDistances
vector_code_distances(VectorMetric metric)
{
	return best[metric];
}
