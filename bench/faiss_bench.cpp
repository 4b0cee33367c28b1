/*
 * faiss_bench.cpp: the peer that bench/ivfflat.py measures ivfflat against.
 *
 *	faiss_bench build BASE [--lists N] [--sample N] [--iterations N]
 *				[--threads N] [--seed N]
 *	faiss_bench search BASE QUERY [--gt FILE.ivecs] [-k K]
 *				[and the options of build]
 *
 * An IndexIVFFlat (L2, in memory) over BASE: trained on a random sample of the
 * rows with so many iterations of k-means, then given all rows at once.  "build"
 * prints one tab-separated line:
 *
 *	threads  seconds  processor_seconds  k-means_seconds  add_seconds
 *
 * "search" builds with --threads and says "ready"; then, for each number of
 * probes that it reads, it searches with one thread, for one query after the
 * other, and prints a line:
 *
 *	probes  recall  queries_per_second  processor_microseconds_per_query
 *
 * Vectors are .fvecs or .bvecs (by the name's end).  A returned row counts if
 * its distance is not above that of the K-th exact neighbour, so that ties do
 * not matter; exact distances come from the ground truth file, or else from a
 * scan.
 */
#include <faiss/IndexFlat.h>
#include <faiss/IndexIVFFlat.h>
#include <omp.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <random>
#include <string>
#include <vector>

struct Matrix
{
	int dim = 0;
	size_t rows = 0;
	std::vector<float> data;

	const float *
	row(size_t i) const
	{
		return data.data() + i * dim;
	}
};

struct Options
{
	std::string gt;
	int lists = 200;
	int sample = 10000;
	int iterations = 20;
	int threads = 1;
	int k = 10;
	unsigned seed = 100;
};

[[noreturn]] static void
die(const std::string &message)
{
	fprintf(stderr, "faiss_bench: %s\n", message.c_str());
	exit(1);
}

static bool
ends_with(const std::string &s, const char *end)
{
	size_t n = strlen(end);

	return s.size() >= n && s.compare(s.size() - n, n, end) == 0;
}

static Matrix
read_vectors(const std::string &name)
{
	Matrix m;
	bool bytes = ends_with(name, ".bvecs");
	bool ints = ends_with(name, ".ivecs");
	FILE *f = fopen(name.c_str(), "rb");
	int32_t dim;
	std::vector<uint8_t> record;

	if (f == nullptr)
		die("could not open file \"" + name + "\"");
	while (fread(&dim, sizeof(dim), 1, f) == 1)
	{
		if (dim <= 0 || (m.dim != 0 && dim != m.dim))
			die("file \"" + name + "\" is no vector file");
		m.dim = dim;
		record.resize((size_t) dim * (bytes ? 1 : 4));
		if (fread(record.data(), 1, record.size(), f) != record.size())
			die("file \"" + name + "\" is truncated");
		for (int i = 0; i < dim; i++)
		{
			float value;

			if (bytes)
				value = record[i];
			else if (ints)
			{
				int32_t n;

				memcpy(&n, &record[i * 4], 4);
				value = (float) n;
			}
			else
				memcpy(&value, &record[i * 4], 4);
			m.data.push_back(value);
		}
		m.rows++;
	}
	fclose(f);
	if (m.rows == 0)
		die("file \"" + name + "\" is empty");
	return m;
}

static Options
parse_options(int argc, char **argv, int first)
{
	Options o;

	for (int i = first; i < argc; i += 2)
	{
		std::string option = argv[i];

		if (i + 1 == argc)
			die("option \"" + option + "\" lacks a value");
		if (option == "--gt")
			o.gt = argv[i + 1];
		else if (option == "--lists")
			o.lists = atoi(argv[i + 1]);
		else if (option == "--sample")
			o.sample = atoi(argv[i + 1]);
		else if (option == "--iterations")
			o.iterations = atoi(argv[i + 1]);
		else if (option == "--threads")
			o.threads = atoi(argv[i + 1]);
		else if (option == "--seed")
			o.seed = (unsigned) atoi(argv[i + 1]);
		else if (option == "-k")
			o.k = atoi(argv[i + 1]);
		else
			die("unknown option \"" + option + "\"");
	}
	return o;
}

static double
distance(const float *a, const float *b, int dim)
{
	double sum = 0;

	for (int i = 0; i < dim; i++)
		sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
	return sum;
}

/* Of all threads. */
static double
processor_seconds()
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
		   (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static double
now()
{
	return std::chrono::duration<double>(
			   std::chrono::steady_clock::now().time_since_epoch())
		.count();
}

/* Rows at random, none twice, in the order of the table. */
static std::vector<float>
take_sample(const Matrix &base, const Options &o)
{
	size_t n = std::min(base.rows, (size_t) std::max(o.sample, 1));
	std::vector<size_t> rows(base.rows);
	std::vector<size_t> taken;
	std::mt19937 random(o.seed);
	std::vector<float> sample;

	std::iota(rows.begin(), rows.end(), (size_t) 0);
	std::sample(rows.begin(), rows.end(), std::back_inserter(taken), n, random);
	for (size_t i : taken)
		sample.insert(sample.end(), base.row(i), base.row(i) + base.dim);
	return sample;
}

struct BuildTimes
{
	double clock, processor, train, add;
};

/* Taking the sample is part of a build, as it is of Tusk's. */
static BuildTimes
build_index(faiss::IndexIVFFlat &index, const Matrix &base, const Options &o)
{
	double start = now();
	double processor = processor_seconds();
	double trained;

	omp_set_num_threads(o.threads);
	index.cp.niter = o.iterations;
	index.cp.seed = (int) o.seed;
	index.cp.min_points_per_centroid = 1;
	index.cp.max_points_per_centroid = 1 << 20;
	{
		std::vector<float> sample = take_sample(base, o);

		index.train((faiss::Index::idx_t) (sample.size() / (size_t) base.dim),
					sample.data());
	}
	trained = now();
	index.add((faiss::Index::idx_t) base.rows, base.data.data());
	return {now() - start, processor_seconds() - processor, trained - start,
			now() - trained};
}

/* Distance of the k-th exact neighbour of each query. */
static std::vector<double>
exact_limits(const Matrix &base, const Matrix &query, const Options &o)
{
	std::vector<double> limit(query.rows);

	if (!o.gt.empty())
	{
		Matrix gt = read_vectors(o.gt);

		if (gt.rows != query.rows || gt.dim < o.k)
			die("ground truth does not fit the queries");
		for (size_t q = 0; q < query.rows; q++)
			limit[q] =
				distance(query.row(q), base.row((size_t) gt.row(q)[o.k - 1]),
						 base.dim);
		return limit;
	}

	std::vector<double> d(base.rows);

	for (size_t q = 0; q < query.rows; q++)
	{
		for (size_t i = 0; i < base.rows; i++)
			d[i] = distance(query.row(q), base.row(i), base.dim);
		std::nth_element(d.begin(), d.begin() + (o.k - 1), d.end());
		limit[q] = d[(size_t) o.k - 1];
	}
	return limit;
}

static void
search(faiss::IndexIVFFlat &index, const Matrix &base, const Matrix &query,
	   const Options &o)
{
	std::vector<double> limit = exact_limits(base, query, o);
	std::vector<float> d(query.rows * (size_t) o.k);
	std::vector<faiss::Index::idx_t> ids(d.size());
	int probes;

	omp_set_num_threads(1);
	printf("ready\n");
	fflush(stdout);
	while (scanf("%d", &probes) == 1)
	{
		size_t hits = 0;
		double clock;
		double processor = processor_seconds();

		index.nprobe = (size_t) probes;
		clock = now();
		for (size_t q = 0; q < query.rows; q++)
			index.search(1, query.row(q), o.k, d.data() + q * (size_t) o.k,
						 ids.data() + q * (size_t) o.k);
		clock = now() - clock;
		processor = processor_seconds() - processor;
		for (size_t i = 0; i < ids.size(); i++)
		{
			size_t q = i / (size_t) o.k;

			if (ids[i] >= 0 && distance(query.row(q), base.row((size_t) ids[i]),
										base.dim) <=
								   limit[q] * (1 + 1e-6) + 1e-12)
				hits++;
		}
		printf("%d\t%.4f\t%.0f\t%.1f\n", probes,
			   (double) hits / (double) ids.size(),
			   (double) query.rows / clock,
			   processor / (double) query.rows * 1e6);
		fflush(stdout);
	}
}

int
main(int argc, char **argv)
{
	std::string mode = argc > 1 ? argv[1] : "";
	bool searches = mode == "search";

	if ((mode != "build" && !searches) || argc < (searches ? 4 : 3))
		die("usage: faiss_bench build BASE [options] | search BASE QUERY "
			"[options]");

	Options o = parse_options(argc, argv, searches ? 4 : 3);
	Matrix base = read_vectors(argv[2]);
	faiss::IndexFlatL2 centers(base.dim);
	faiss::IndexIVFFlat index(&centers, (size_t) base.dim, (size_t) o.lists,
							  faiss::METRIC_L2);
	BuildTimes t = build_index(index, base, o);

	if (searches)
	{
		Matrix query = read_vectors(argv[3]);

		if (base.dim != query.dim)
			die("base and query vectors have different dimensions");
		search(index, base, query, o);
	}
	else
		printf("%d\t%.3f\t%.2f\t%.3f\t%.3f\n", o.threads, t.clock, t.processor,
			   t.train, t.add);
	return 0;
}
