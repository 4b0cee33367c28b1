/*
 * peer.hpp: vectors, exact distances and turns, for the programs that search with
 * another library: hnswlib_bench.cpp, faiss_bench.cpp.
 *
 * Vectors are .fvecs or .bvecs (by the name's end).  A returned row counts if
 * its distance is not above that of the K-th exact neighbour, so that ties do
 * not matter; exact distances come from the ground truth file, or else from a
 * scan.
 */
#ifndef BENCH_PEER_HPP
#define BENCH_PEER_HPP

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

extern const char *const program; /* each program's own name */

struct Matrix
{
	int dim = 0;
	size_t rows = 0;
	std::vector<float> data;

	const float *
	row(size_t i) const
	{
		return data.data() + i * (size_t) dim;
	}
};

[[noreturn]] inline void
die(const std::string &message)
{
	fprintf(stderr, "%s: %s\n", program, message.c_str());
	exit(1);
}

inline bool
ends_with(const std::string &s, const char *end)
{
	size_t n = strlen(end);

	return s.size() >= n && s.compare(s.size() - n, n, end) == 0;
}

/* A record's values behind its number of dimensions. */
template <typename T>
void
append_values(Matrix &m, const std::vector<uint8_t> &record)
{
	for (size_t i = 0; i < record.size(); i += sizeof(T))
	{
		T value;

		memcpy(&value, &record[i], sizeof(T));
		m.data.push_back((float) value);
	}
}

inline Matrix
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
		if (bytes)
			append_values<uint8_t>(m, record);
		else if (ints)
			append_values<int32_t>(m, record);
		else
			append_values<float>(m, record);
		m.rows++;
	}
	fclose(f);
	if (m.rows == 0)
		die("file \"" + name + "\" is empty");
	return m;
}

inline double
distance(const float *a, const float *b, int dim)
{
	double sum = 0;

	for (int i = 0; i < dim; i++)
		sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
	return sum;
}

/* Of all threads. */
inline double
processor_seconds()
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
		   (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

inline double
now()
{
	return std::chrono::duration<double>(
			   std::chrono::steady_clock::now().time_since_epoch())
		.count();
}

/* What is searched for, in what, and which answers are right. */
struct Task
{
	Matrix base;
	Matrix query;
	int k;
	std::vector<double> limit; /* distance of the k-th neighbour of each query */

	Task(const std::string &base_name, const std::string &query_name,
		 const std::string &gt_name, int nearest)
		: base(read_vectors(base_name)), query(read_vectors(query_name)),
		  k(nearest), limit(query.rows)
	{
		if (base.dim != query.dim)
			die("base and query vectors have different dimensions");
		if (k < 1 || (size_t) k > base.rows)
			die("there are not so many neighbours");
		if (gt_name.empty())
			limits_by_scan();
		else
			limits_by_truth(read_vectors(gt_name));
	}

	bool
	hit(size_t q, size_t row) const
	{
		return distance(query.row(q), base.row(row), base.dim) <=
			   limit[q] * (1 + 1e-6) + 1e-12;
	}

  private:
	void
	limits_by_truth(const Matrix &gt)
	{
		if (gt.rows != query.rows || gt.dim < k)
			die("ground truth does not fit the queries");
		for (size_t q = 0; q < query.rows; q++)
			limit[q] = distance(query.row(q),
								base.row((size_t) gt.row(q)[k - 1]), base.dim);
	}

	void
	limits_by_scan()
	{
		std::vector<double> d(base.rows);

		for (size_t q = 0; q < query.rows; q++)
		{
			for (size_t i = 0; i < base.rows; i++)
				d[i] = distance(query.row(q), base.row(i), base.dim);
			std::nth_element(d.begin(), d.begin() + (k - 1), d.end());
			limit[q] = d[(size_t) k - 1];
		}
	}
};

/*
 * Takes turns with others: says "ready"; then, for each line "PARAMETER PASSES"
 * that it reads, calls set(PARAMETER) and so many times search(q, rows) for one
 * query after the other, which appends the rows found.  Printed are recall, and
 * of the fastest pass microseconds a query on the clock and of processor time.
 */
template <typename Set, typename Search>
void
serve(const Task &task, Set set, Search search)
{
	std::vector<std::vector<size_t>> found(task.query.rows);
	double queries = (double) task.query.rows;
	int parameter, passes;

	printf("ready\n");
	fflush(stdout);
	while (scanf("%d %d", &parameter, &passes) == 2)
	{
		double best = 1e9, best_processor = 1e9;
		size_t hits = 0;

		set(parameter);
		for (int pass = 0; pass < passes; pass++)
		{
			double processor = processor_seconds();
			double clock = now();

			for (size_t q = 0; q < task.query.rows; q++)
			{
				found[q].clear();
				search(q, found[q]);
			}
			best = std::min(best, now() - clock);
			best_processor =
				std::min(best_processor, processor_seconds() - processor);
		}
		for (size_t q = 0; q < task.query.rows; q++)
			for (size_t row : found[q])
				hits += task.hit(q, row);
		printf("%.4f\t%.1f\t%.1f\n", (double) hits / (task.k * queries),
			   best / queries * 1e6, best_processor / queries * 1e6);
		fflush(stdout);
	}
}

#endif /* BENCH_PEER_HPP */
