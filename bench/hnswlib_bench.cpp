/*
 * hnswlib_bench.cpp: the peer that "make bench" measures Tusk against.
 *
 *	hnswlib_bench BASE QUERY [--gt FILE.ivecs] [-m M] [--efc N] [-k K]
 *				  [--ef N,N,...] [--threads N,N,...] [--seed N]
 *	hnswlib_bench turns BASE QUERY [the same]
 *
 * Builds an hnswlib index (L2) over BASE once per number of threads and prints
 * one tab-separated line per ef:
 *
 *	hnswlib  threads  build_seconds  processor_seconds  ef  recall  queries_per_second
 *
 * With "turns" it builds with the first number of threads only, and then takes
 * turns: each line "EF PASSES" that it reads is searched and answered (peer.hpp:
 * serve).  Queries run on one thread: that is what one Tusk session has.
 */
#include <hnswlib/hnswlib.h>

#include <atomic>
#include <memory>
#include <thread>

#include "peer.hpp"

const char *const program = "hnswlib_bench";

struct Options
{
	std::string gt;
	int m = 16;
	int efc = 64;
	int k = 10;
	unsigned seed = 100;
	std::vector<int> efs = {40, 80, 160, 200};
	std::vector<int> threads = {1, 2};
};

using Index = hnswlib::HierarchicalNSW<float>;

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
		else if (option == "-m")
			o.m = atoi(argv[i + 1]);
		else if (option == "--efc")
			o.efc = atoi(argv[i + 1]);
		else if (option == "-k")
			o.k = atoi(argv[i + 1]);
		else if (option == "--ef")
			o.efs = parse_list(argv[i + 1]);
		else if (option == "--threads")
			o.threads = parse_list(argv[i + 1]);
		else if (option == "--seed")
			o.seed = (unsigned) atoi(argv[i + 1]);
		else
			die("unknown option \"" + option + "\"");
	}
	return o;
}

static std::unique_ptr<Index>
build_index(hnswlib::L2Space &space, const Matrix &base, const Options &o,
			int threads)
{
	auto index = std::make_unique<Index>(&space, base.rows, (size_t) o.m,
										 (size_t) o.efc, o.seed);
	std::atomic<size_t> next{1};
	std::vector<std::thread> pool;

	index->addPoint(base.row(0), 0);
	for (int t = 0; t < threads; t++)
		pool.emplace_back([&] {
			for (size_t i = next++; i < base.rows; i = next++)
				index->addPoint(base.row(i), i);
		});
	for (auto &t : pool)
		t.join();
	return index;
}

/* Recall, and queries per second. */
static std::pair<double, double>
measure(const Index &index, const Task &task)
{
	size_t hits = 0;
	double spent = 0;

	for (size_t q = 0; q < task.query.rows; q++)
	{
		double from = now();
		auto found = index.searchKnn(task.query.row(q), (size_t) task.k);

		if (q > 0) // as in bin/tusk/bench.c
			spent += now() - from;
		for (; !found.empty(); found.pop())
			hits += task.hit(q, found.top().second);
	}
	return {(double) hits / ((double) task.k * (double) task.query.rows),
			(double) (task.query.rows - 1) / spent};
}

static void
take_turns(const Task &task, const Options &o)
{
	hnswlib::L2Space space((size_t) task.base.dim);
	auto index = build_index(space, task.base, o, o.threads[0]);

	serve(
		task, [&](int ef) { index->setEf((size_t) ef); },
		[&](size_t q, std::vector<size_t> &rows) {
			auto found = index->searchKnn(task.query.row(q), (size_t) task.k);

			for (; !found.empty(); found.pop())
				rows.push_back(found.top().second);
		});
}

int
main(int argc, char **argv)
{
	int first = argc > 1 && strcmp(argv[1], "turns") == 0 ? 2 : 1;

	if (argc < first + 2)
		die("usage: hnswlib_bench [turns] BASE QUERY [options]");

	Options o = parse_options(argc, argv, first + 2);
	Task task(argv[first], argv[first + 1], o.gt, o.k);

	if (first == 2)
	{
		take_turns(task, o);
		return 0;
	}
	for (int n : o.threads)
	{
		hnswlib::L2Space space((size_t) task.base.dim);
		double start = now();
		double processor = processor_seconds();
		auto index = build_index(space, task.base, o, n);
		double build = now() - start;

		processor = processor_seconds() - processor;
		for (int ef : o.efs)
		{
			index->setEf((size_t) ef);

			auto [recall, rate] = measure(*index, task);

			printf("hnswlib\t%d\t%.3f\t%.2f\t%d\t%.4f\t%.0f\n", n, build,
				   processor, ef, recall, rate);
			fflush(stdout);
		}
	}
	return 0;
}
