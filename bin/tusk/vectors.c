/*
 * vectors.c: vector files, exact neighbours.
 *
 * .fvecs, .bvecs, .ivecs: records of an int32 dimension and that many float32,
 * uint8 or int32, little endian, all of the same dimension, no header.  A file
 * is checked before anything is loaded from it: its size must be a whole
 * number of records of the first one's dimension, and each record must say
 * that dimension again.
 */
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool.h"

#define MAX_DIM 16000
#define MAX_SCAN_THREADS 64
#define LANES 8

bool
vector_file_open(vector_file *v, const char *path)
{
	size_t length = strlen(path);
	struct stat st;
	int32_t dim;
	uint64_t record;

	memset(v, 0, sizeof(*v));
	snprintf(v->path, sizeof(v->path), "%s", path);
	if (length < 6 || strcmp(path + length - 4, "vecs") != 0 ||
	    path[length - 6] != '.' || strchr("fbi", path[length - 5]) == NULL)
	{
		complain("file \"%s\" is none of .fvecs, .bvecs, .ivecs", path);
		return false;
	}
	v->kind = path[length - 5];
	v->bytes_per_value = v->kind == 'b' ? 1 : 4;
	v->file = fopen(path, "rb");
	if (v->file == NULL || fstat(fileno(v->file), &st) != 0)
	{
		complain("could not open file \"%s\": %s", path, strerror(errno));
		return false;
	}
	if (!S_ISREG(st.st_mode))
	{
		complain("\"%s\" is not a regular file", path);
		goto fail;
	}
	if (fread(&dim, sizeof(dim), 1, v->file) != 1)
	{
		complain("file \"%s\" is empty or truncated: %lld bytes", path,
		         (long long) st.st_size);
		goto fail;
	}
	if (dim < 1 || dim > MAX_DIM)
	{
		complain("file \"%s\" is no vector file: it begins with dimension %d, "
		         "must be between 1 and %d",
		         path, dim, MAX_DIM);
		goto fail;
	}
	v->dim = dim;
	record = sizeof(dim) + (uint64_t) dim * (unsigned) v->bytes_per_value;
	if ((uint64_t) st.st_size % record != 0)
	{
		complain("file \"%s\" is truncated or no vector file: %lld bytes are "
		         "not a whole number of records of %llu bytes (dimension %d)",
		         path, (long long) st.st_size, (unsigned long long) record,
		         dim);
		goto fail;
	}
	v->rows = (uint64_t) st.st_size / record;
	v->record = malloc((size_t) dim * (unsigned) v->bytes_per_value);
	if (v->record == NULL)
	{
		complain("out of memory");
		goto fail;
	}
	rewind(v->file);
	return true;

fail:
	fclose(v->file);
	v->file = NULL;
	return false;
}

bool
vector_file_read(vector_file *v, float *values)
{
	size_t size = (size_t) v->dim * (unsigned) v->bytes_per_value;
	int32_t dim;

	if (fread(&dim, sizeof(dim), 1, v->file) != 1 || dim != v->dim ||
	    fread(v->record, 1, size, v->file) != size)
	{
		complain("file \"%s\" is damaged: a record before byte %ld does not "
		         "have dimension %d",
		         v->path, ftell(v->file), v->dim);
		return false;
	}
	for (int i = 0; i < v->dim; i++)
	{
		int32_t n;

		if (v->kind == 'b')
			values[i] = v->record[i];
		else if (v->kind == 'f')
			memcpy(&values[i], v->record + i * 4, 4);
		else
		{
			memcpy(&n, v->record + i * 4, 4);
			values[i] = (float) n;
		}
	}
	return true;
}

void
vector_file_close(vector_file *v)
{
	if (v->file != NULL)
		fclose(v->file);
	free(v->record);
	v->file = NULL;
	v->record = NULL;
}

float *
vector_file_load(const char *path, int *dim, uint64_t *rows)
{
	vector_file v;
	float *values;

	if (!vector_file_open(&v, path))
		return NULL;
	values = malloc(sizeof(float) * v.rows * (unsigned) v.dim);
	if (values == NULL)
		complain("out of memory: %llu vectors of dimension %d",
		         (unsigned long long) v.rows, v.dim);
	for (uint64_t i = 0; values != NULL && i < v.rows; i++)
		if (!vector_file_read(&v, values + i * (unsigned) v.dim))
		{
			free(values);
			values = NULL;
		}
	*dim = v.dim;
	*rows = v.rows;
	vector_file_close(&v);
	return values;
}

/* Both kinds of values have four bytes. */
static bool
write_records(const char *path, const void *values, int dim, uint64_t rows)
{
	FILE *f = fopen(path, "wb");
	int32_t n = dim;
	bool ok = f != NULL;

	for (uint64_t i = 0; ok && i < rows; i++)
		ok = fwrite(&n, sizeof(n), 1, f) == 1 &&
		     fwrite((const char *) values + i * (unsigned) dim * 4, 4,
		            (size_t) dim, f) == (size_t) dim;
	if (f != NULL && fclose(f) != 0)
		ok = false;
	if (!ok)
		complain("could not write file \"%s\": %s", path, strerror(errno));
	return ok;
}

bool
vector_file_write(const char *path, const float *values, int dim, uint64_t rows)
{
	return write_records(path, values, dim, rows);
}

bool
int_file_write(const char *path, const int32_t *values, int k, uint64_t rows)
{
	return write_records(path, values, k, rows);
}

/* ---- distances ---- */

/* Sums in lanes, so that the compiler can use vector registers. */
static float
sum_lanes(const float *lanes)
{
	float sum = 0;

	for (int i = 0; i < LANES; i++)
		sum += lanes[i];
	return sum;
}

static float
l2_squared(const float *a, const float *b, int dim)
{
	float lanes[LANES] = {0};
	int i = 0;
	float sum;

	for (; i + LANES <= dim; i += LANES)
		for (int j = 0; j < LANES; j++)
		{
			float d = a[i + j] - b[i + j];

			lanes[j] += d * d;
		}
	sum = sum_lanes(lanes);
	for (; i < dim; i++)
		sum += (a[i] - b[i]) * (a[i] - b[i]);
	return sum;
}

static float
inner_product(const float *a, const float *b, int dim)
{
	float lanes[LANES] = {0};
	int i = 0;
	float sum;

	for (; i + LANES <= dim; i += LANES)
		for (int j = 0; j < LANES; j++)
			lanes[j] += a[i + j] * b[i + j];
	sum = sum_lanes(lanes);
	for (; i < dim; i++)
		sum += a[i] * b[i];
	return sum;
}

double
vector_distance(vector_metric metric, const float *a, const float *b, int dim)
{
	if (metric == METRIC_L2)
		return l2_squared(a, b, dim);
	if (metric == METRIC_IP)
		return -inner_product(a, b, dim);
	return 1 -
	       inner_product(a, b, dim) / sqrt((double) inner_product(a, a, dim) *
	                                       inner_product(b, b, dim));
}

double
distance_allowance(double limit)
{
	return limit + 1e-5 * fabs(limit) + 1e-9;
}

/* ---- exact neighbours ---- */

typedef struct scan_job
{
	vector_metric metric;
	const float *base;
	uint64_t rows;
	const float *queries;
	uint64_t nqueries;
	int dim;
	int k;
	int32_t *ids;
	double *limit;
	uint64_t *next; /* next query; taken atomically */
	bool failed;
} scan_job;

/* The k best so far, in order; k is small. */
static void
scan_one(scan_job *job, uint64_t q, double *best, int32_t *best_ids)
{
	const float *query = job->queries + q * (unsigned) job->dim;
	int n = 0;

	for (uint64_t i = 0; i < job->rows; i++)
	{
		double d = vector_distance(
			job->metric, query, job->base + i * (unsigned) job->dim, job->dim);
		int at;

		if (n == job->k && d >= best[n - 1])
			continue;
		if (n < job->k)
			n++;
		for (at = n - 1; at > 0 && best[at - 1] > d; at--)
		{
			best[at] = best[at - 1];
			best_ids[at] = best_ids[at - 1];
		}
		best[at] = d;
		best_ids[at] = (int32_t) i;
	}
	if (job->limit != NULL)
		job->limit[q] = n > 0 ? best[n - 1] : 0;
	for (int i = 0; job->ids != NULL && i < job->k; i++)
		job->ids[q * (unsigned) job->k + (unsigned) i] =
			i < n ? best_ids[i] : -1;
}

static void *
scan_thread(void *arg)
{
	scan_job *job = arg;
	double *best = malloc(sizeof(double) * (size_t) job->k);
	int32_t *best_ids = malloc(sizeof(int32_t) * (size_t) job->k);

	job->failed = best == NULL || best_ids == NULL;
	while (!job->failed && !interrupted)
	{
		uint64_t q = __atomic_fetch_add(job->next, 1, __ATOMIC_RELAXED);

		if (q >= job->nqueries)
			break;
		scan_one(job, q, best, best_ids);
	}
	free(best);
	free(best_ids);
	return NULL;
}

bool
exact_neighbours(vector_metric metric, const float *base, uint64_t rows,
                 const float *queries, uint64_t nqueries, int dim, int k,
                 int32_t *ids, double *limit)
{
	uint64_t next = 0;
	pthread_t threads[MAX_SCAN_THREADS];
	scan_job jobs[MAX_SCAN_THREADS];
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	int n = processors < 1                  ? 1
	        : processors > MAX_SCAN_THREADS ? MAX_SCAN_THREADS
	                                        : (int) processors;
	int started = 1;
	bool ok = true;

	for (int i = 0; i < n; i++)
	{
		scan_job job = {metric, base, rows,  queries, nqueries, dim,
		                k,      ids,  limit, &next,   false};

		jobs[i] = job;
	}
	for (; started < n; started++)
		if (pthread_create(&threads[started], NULL, scan_thread,
		                   &jobs[started]) != 0)
			break;
	scan_thread(&jobs[0]);
	for (int i = 1; i < started; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < started; i++)
		ok = ok && !jobs[i].failed;
	return ok && !interrupted;
}
