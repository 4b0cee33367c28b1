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
 * "search" builds with --threads and takes turns: each line "PROBES PASSES" that
 * it reads is searched, with one thread, and answered (peer.hpp: serve).
 */
#include <faiss/IndexFlat.h>
#include <faiss/IndexIVFFlat.h>
#include <omp.h>

#include <numeric>
#include <random>

#include "peer.hpp"

const char *const program = "faiss_bench";

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

static void
take_turns(faiss::IndexIVFFlat &index, const Task &task)
{
	std::vector<float> d((size_t) task.k);
	std::vector<faiss::Index::idx_t> ids(d.size());

	omp_set_num_threads(1);
	serve(
		task, [&](int probes) { index.nprobe = (size_t) probes; },
		[&](size_t q, std::vector<size_t> &rows) {
			index.search(1, task.query.row(q), task.k, d.data(), ids.data());
			for (auto id : ids)
				if (id >= 0)
					rows.push_back((size_t) id);
		});
}

static void
run_search(const char *base, const char *query, const Options &o)
{
	Task task(base, query, o.gt, o.k);
	faiss::IndexFlatL2 centers(task.base.dim);
	faiss::IndexIVFFlat index(&centers, (size_t) task.base.dim,
							  (size_t) o.lists, faiss::METRIC_L2);

	build_index(index, task.base, o);
	take_turns(index, task);
}

static void
run_build(const char *name, const Options &o)
{
	Matrix base = read_vectors(name);
	faiss::IndexFlatL2 centers(base.dim);
	faiss::IndexIVFFlat index(&centers, (size_t) base.dim, (size_t) o.lists,
							  faiss::METRIC_L2);
	BuildTimes t = build_index(index, base, o);

	printf("%d\t%.3f\t%.2f\t%.3f\t%.3f\n", o.threads, t.clock, t.processor,
		   t.train, t.add);
}

int
main(int argc, char **argv)
{
	std::string mode = argc > 1 ? argv[1] : "";

	if (mode == "build" && argc >= 3)
		run_build(argv[2], parse_options(argc, argv, 3));
	else if (mode == "search" && argc >= 4)
		run_search(argv[2], argv[3], parse_options(argc, argv, 4));
	else
		die("usage: faiss_bench build BASE [options] | search BASE QUERY "
			"[options]");
	return 0;
}
