-- EXPLAIN CREATE INDEX: what it shows of a small table, and all that CREATE
-- INDEX says about a definition that is wrong.  The table is read whole, so the
-- numbers are the same each time, but for the bytes that builds of today take
-- in memory, which do not belong here; COSTS OFF leaves out the time.
\pset format unaligned
\pset tuples_only on

CREATE EXTENSION vector;
CREATE TABLE e (id integer, cat integer, v vector(3), w vector, s sparsevec(9));
INSERT INTO e SELECT i, i % 3, ('[' || i || ',' || i % 7 || ',1]')::vector,
  '[1,2]', ('{1:' || i + 1 || ',3:1}/9')::sparsevec FROM generate_series(0, 299) i;
INSERT INTO e (id, cat) SELECT i, 1 FROM generate_series(1, 50) i;

EXPLAIN (COSTS OFF) CREATE INDEX ON e USING hnsw (v vector_l2_ops) \g |sed -E '/mem|Mem|Pack|Temp/s/[0-9]+/N/g'
EXPLAIN (COSTS OFF, VERBOSE) CREATE INDEX named ON e USING hnsw (v vector_cosine_ops) WITH (m = 40, ef_construction = 80) \g |sed -E '/mem|Mem|Pack|Temp/s/[0-9]+/N/g'
EXPLAIN (COSTS OFF, FORMAT JSON) CREATE INDEX ON e USING hnsw (v vector_l2_ops) \g |sed -E '/mem|Mem|Pack|Temp/s/[0-9]+/N/g'
EXPLAIN (COSTS OFF) CREATE INDEX CONCURRENTLY "Odd name" ON e USING hnsw (s sparsevec_l2_ops) \g |sed -E '/mem|Mem|Pack|Temp/s/[0-9]+/N/g'
-- expressions and predicates
EXPLAIN (COSTS OFF) CREATE INDEX ON e USING hnsw ((v::halfvec(3)) halfvec_l2_ops) WHERE cat = 1 \g |sed -E '/mem|Mem|Pack|Temp/s/[0-9]+/N/g'
EXPLAIN (COSTS OFF) CREATE INDEX ON e USING hnsw ((binary_quantize(v)::bit(3)) bit_hamming_ops) WHERE false \g |sed -E '/mem|Mem|Pack|Temp/s/[0-9]+/N/g'
EXPLAIN (COSTS OFF) CREATE INDEX ON e USING hnsw ((subvector(v, 1, 2)::vector(2)) vector_l2_ops) WHERE v IS NULL \g |sed -E '/mem|Mem|Pack|Temp/s/[0-9]+/N/g'
-- nothing was made
SELECT count(*) FROM pg_class WHERE relname LIKE '%idx%' OR relname IN ('named', 'Odd name');

-- tables that are not logged, and that are empty
CREATE UNLOGGED TABLE u (v halfvec(5));
EXPLAIN (COSTS OFF) CREATE INDEX ON u USING hnsw (v halfvec_l2_ops) \g |sed -E '/mem|Mem|Pack|Temp/s/[0-9]+/N/g'
CREATE TEMP TABLE tt (v bit(16));
INSERT INTO tt SELECT i::bit(16) FROM generate_series(1, 100) i;
EXPLAIN (COSTS OFF) CREATE INDEX ON tt USING hnsw (v bit_hamming_ops) \g |sed -E '/mem|Mem|Pack|Temp/s/[0-9]+/N/g'

-- not enough memory
SET maintenance_work_mem = '1MB';
INSERT INTO e SELECT i, 7, ('[' || i || ',' || i % 7 || ',1]')::vector FROM generate_series(300, 3299) i;
EXPLAIN (COSTS OFF) CREATE INDEX ON e USING hnsw (v vector_l2_ops) WHERE cat = 7 \g |sed -E '/mem|Mem|Pack|Temp/s/[0-9]+/N/g'
SET hnsw.build_spill = 'page_inserts';
EXPLAIN (COSTS OFF) CREATE INDEX ON e USING hnsw (v vector_l2_ops) WHERE cat = 7 \g |sed -E '/mem|Mem|Pack|Temp/s/[0-9]+/N/g'
RESET hnsw.build_spill;
RESET maintenance_work_mem;

-- names that are there
CREATE INDEX there ON e USING hnsw (v vector_l2_ops) WHERE cat = 2;
EXPLAIN CREATE INDEX there ON e USING hnsw (v vector_l2_ops);
EXPLAIN CREATE INDEX IF NOT EXISTS there ON e USING hnsw (v vector_l2_ops);
EXPLAIN (FORMAT JSON) CREATE INDEX IF NOT EXISTS there ON e USING hnsw (v vector_l2_ops);
EXPLAIN (COSTS OFF) CREATE INDEX IF NOT EXISTS other ON e USING hnsw (v vector_l2_ops) WHERE cat = 2 \g |sed -E '/mem|Mem|Pack|Temp/s/[0-9]+/N/g'

-- what CREATE INDEX says
EXPLAIN CREATE INDEX ON nosuch USING hnsw (v vector_l2_ops);
EXPLAIN CREATE INDEX ON e USING hnsw (nosuch vector_l2_ops);
EXPLAIN CREATE INDEX ON e USING hnsw (v);
EXPLAIN CREATE INDEX ON e USING hnsw (v halfvec_l2_ops);
EXPLAIN CREATE INDEX ON e USING hnsw (v nosuch_ops);
EXPLAIN CREATE INDEX ON e USING hnsw (w vector_l2_ops);
EXPLAIN CREATE INDEX ON e USING hnsw (v vector_l2_ops, w vector_l2_ops);
EXPLAIN CREATE INDEX ON e USING hnsw ((v::vector(2001)) vector_l2_ops);
EXPLAIN CREATE INDEX ON e USING hnsw (v vector_l2_ops) WITH (m = 1);
EXPLAIN CREATE INDEX ON e USING hnsw (v vector_l2_ops) WITH (m = 40);
EXPLAIN CREATE INDEX ON e USING hnsw (v vector_l2_ops) WITH (lists = 4);
EXPLAIN CREATE INDEX ON e USING hnsw (v vector_l2_ops) WHERE random() > 0.5;
EXPLAIN CREATE UNIQUE INDEX ON e USING hnsw (v vector_l2_ops);
EXPLAIN CREATE INDEX ON pg_class USING hnsw (v vector_l2_ops);
EXPLAIN CREATE INDEX ON e (id);
EXPLAIN CREATE INDEX ON e USING ivfflat (v vector_l2_ops);
-- what a value of the sample says
EXPLAIN CREATE INDEX ON e USING hnsw ((w::vector(3)) vector_l2_ops);

-- what EXPLAIN cannot do
EXPLAIN (BUFFERS) CREATE INDEX ON e USING hnsw (v vector_l2_ops);
EXPLAIN ANALYZE CREATE INDEX CONCURRENTLY ON e USING hnsw (v vector_l2_ops);
EXPLAIN (FORMAT XML) CREATE INDEX ON e USING hnsw (v vector_l2_ops);
EXPLAIN (FORMAT) CREATE INDEX ON e USING hnsw (v vector_l2_ops);
EXPLAIN EXPLAIN CREATE INDEX ON e USING hnsw (v vector_l2_ops);
EXPLAIN CREATE INDEX;
EXPLAIN CREATE TABLE x (i integer);
BEGIN READ ONLY;
EXPLAIN (COSTS OFF) CREATE INDEX ON e USING hnsw (v vector_l2_ops) WHERE cat = 2 \g |sed -E '/mem|Mem|Pack|Temp/s/[0-9]+/N/g'
EXPLAIN ANALYZE CREATE INDEX ON e USING hnsw (v vector_l2_ops);
ROLLBACK;

-- among other statements; comments; positions
SELECT 'EXPLAIN CREATE INDEX' AS "EXPLAIN"\; EXPLAIN /* a; b */ (COSTS -- c
  OFF) CREATE INDEX ON e USING hnsw (v vector_l2_ops) WHERE cat = 2\; SELECT 2 AS two \g |sed -E '/mem|Mem|Pack|Temp/s/[0-9]+/N/g'
SELECT 'é'\; EXPLAIN (COSTS OFF) CREATE INDEX ON e USING hnsw (v vector_l2_ops)\; SELECT nosuch \g |sed -E '/mem|Mem|Pack|Temp/s/[0-9]+/N/g'
SELECT 1\; EXPLAIN (COSTS OFF) CREATE INDEX ON e USING hnsw (v vector_l2_ops)\; SELEKT 2 \g |sed -E '/mem|Mem|Pack|Temp/s/[0-9]+/N/g'
EXPLAIN (COSTS OFF) CREATE INDEX ON e USING hnsw (v vector_l2_ops) WHERE catt = 2 \g |sed -E '/mem|Mem|Pack|Temp/s/[0-9]+/N/g'

-- built, rolled back
BEGIN;
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) CREATE INDEX built ON e USING hnsw (v vector_l2_ops) WHERE false \g |sed -E '/mem|Mem|Pack|Temp/s/[0-9]+/N/g'
SELECT relname, reltuples FROM pg_class WHERE relname = 'built';
ROLLBACK;
SELECT count(*) FROM pg_class WHERE relname = 'built';
DROP TABLE e, u, tt;
DROP EXTENSION vector;
