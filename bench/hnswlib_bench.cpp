/*
 * hnswlib_bench.cpp: the peer that "make bench" measures Tusk against.
 *
 *	hnswlib_bench BASE QUERY [--gt FILE.ivecs] [-m M] [--efc N] [-k K]
 *				  [--ef N,N,...] [--threads N,N,...] [--seed N]
 *
 * Builds an hnswlib index (L2) over BASE once per number of threads and prints
 * one tab-separated line per ef:
 *
 *	hnswlib  threads  build_seconds  processor_seconds  ef  recall  queries_per_second
 *
 * Vectors are .fvecs or .bvecs (by the name's end).  A returned row counts if
 * its distance is not above that of the K-th exact neighbour, so that ties do
 * not matter; exact distances come from the ground truth file, or else from a
 * scan.  Queries run on one thread: that is what one Tusk session has.
 */
#include <hnswlib/hnswlib.h>
#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
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

[[noreturn]] static void
die(const std::string &message)
{
	fprintf(stderr, "hnswlib_bench: %s\n", message.c_str());
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
	return m;
}

static std::vector<int>
parse_list(const char *text)
{
	std::vector<int> list;

	for (const char *p = text; *p != '\0';)
	{
		char *end;

		list.push_back((int) strtol(p, &end, 10));
		if (end == p)
			die(std::string("invalid list \"") + text + "\"");
		p = *end == ',' ? end + 1 : end;
	}
	return list;
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
seconds_since(std::chrono::steady_clock::time_point start)
{
	return std::chrono::duration<double>(std::chrono::steady_clock::now() -
										 start)
		.count();
}

int
main(int argc, char **argv)
{
	std::string gt_name;
	int m = 16;
	int efc = 64;
	int k = 10;
	unsigned seed = 100;
	std::vector<int> efs = {40, 80, 160, 200};
	std::vector<int> threads = {1, 2};

	if (argc < 3)
		die("usage: hnswlib_bench BASE QUERY [options]");
	for (int i = 3; i + 1 < argc; i += 2)
	{
		std::string option = argv[i];

		if (option == "--gt")
			gt_name = argv[i + 1];
		else if (option == "-m")
			m = atoi(argv[i + 1]);
		else if (option == "--efc")
			efc = atoi(argv[i + 1]);
		else if (option == "-k")
			k = atoi(argv[i + 1]);
		else if (option == "--ef")
			efs = parse_list(argv[i + 1]);
		else if (option == "--threads")
			threads = parse_list(argv[i + 1]);
		else if (option == "--seed")
			seed = (unsigned) atoi(argv[i + 1]);
		else
			die("unknown option \"" + option + "\"");
	}

	Matrix base = read_vectors(argv[1]);
	Matrix query = read_vectors(argv[2]);

	if (base.dim != query.dim)
		die("base and query vectors have different dimensions");

	/* distance of the k-th exact neighbour of each query */
	std::vector<double> limit(query.rows);

	if (!gt_name.empty())
	{
		Matrix gt = read_vectors(gt_name);

		if (gt.rows != query.rows || gt.dim < k)
			die("ground truth does not fit the queries");
		for (size_t q = 0; q < query.rows; q++)
			limit[q] = distance(query.row(q),
								base.row((size_t) gt.row(q)[k - 1]), base.dim);
	}
	else
	{
		std::vector<double> d(base.rows);

		for (size_t q = 0; q < query.rows; q++)
		{
			for (size_t i = 0; i < base.rows; i++)
				d[i] = distance(query.row(q), base.row(i), base.dim);
			std::nth_element(d.begin(), d.begin() + (k - 1), d.end());
			limit[q] = d[k - 1];
		}
	}

	for (int n : threads)
	{
		hnswlib::L2Space space((size_t) base.dim);
		hnswlib::HierarchicalNSW<float> index(&space, base.rows, (size_t) m,
											  (size_t) efc, seed);
		auto start = std::chrono::steady_clock::now();
		double cpu_before = processor_seconds();
		std::atomic<size_t> next{1};
		std::vector<std::thread> pool;

		index.addPoint(base.row(0), 0);
		for (int t = 0; t < n; t++)
			pool.emplace_back([&] {
				for (size_t i = next++; i < base.rows; i = next++)
					index.addPoint(base.row(i), i);
			});
		for (auto &t : pool)
			t.join();

		double build = seconds_since(start);
		double cpu = processor_seconds() - cpu_before;

		for (int ef : efs)
		{
			size_t hits = 0;
			double spent = 0;

			index.setEf((size_t) ef);
			for (size_t q = 0; q < query.rows; q++)
			{
				auto from = std::chrono::steady_clock::now();
				auto found = index.searchKnn(query.row(q), (size_t) k);

				if (q > 0) // as in bin/tusk/bench.c
					spent += seconds_since(from);
				for (; !found.empty(); found.pop())
					if (distance(query.row(q), base.row(found.top().second),
								 base.dim) <= limit[q] * (1 + 1e-6) + 1e-12)
						hits++;
			}
			printf("hnswlib\t%d\t%.3f\t%.2f\t%d\t%.4f\t%.0f\n", n, build,
				   cpu, ef,
				   (double) hits / ((double) k * (double) query.rows),
				   (double) (query.rows - 1) / spent);
			fflush(stdout);
		}
	}
	return 0;
}
