-- What users of pgvector type, from its documents: settings, definitions,
-- searches, progress, recall by SQL through CREATE TABLE AS.  As written there;
-- only the tables and their rows are ours: no two distances are equal.
CREATE EXTENSION vector;
CREATE TABLE vectors (id bigint, category_id int, embedding vector(3));
INSERT INTO vectors SELECT i, 120 + i % 7, ARRAY[1 + i * 0.125, 2, 3]::real[] FROM generate_series(1, 2000) i;
CREATE TABLE items (id bigint, embedding vector(3));
INSERT INTO items (embedding) SELECT ARRAY[i, i + 1, i + 2]::real[] FROM generate_series(1, 1000) i;
CREATE TABLE t (val vector(3));

-- settings
SET max_parallel_maintenance_workers = 7;
SET max_parallel_workers = 8;
SET maintenance_work_mem = '8GB';
SHOW maintenance_work_mem;
SET min_parallel_table_scan_size = 1;
SET client_min_messages = DEBUG; SHOW client_min_messages; RESET client_min_messages;
RESET min_parallel_table_scan_size;
RESET max_parallel_workers;
RESET max_parallel_maintenance_workers;
SET maintenance_work_mem = '64MB';
SET enable_seqscan = off;
BEGIN; SET LOCAL enable_seqscan = off; SELECT * FROM vectors ORDER BY embedding <-> '[1,2,3]' LIMIT 5; COMMIT;
BEGIN; SET LOCAL hnsw.ef_search = 100; SELECT * FROM vectors ORDER BY embedding <-> '[1,2,3]' LIMIT 5; COMMIT;

-- hnsw
CREATE INDEX ON items USING hnsw (embedding vector_l2_ops);
CREATE INDEX ON vectors USING hnsw (embedding vector_l2_ops) WITH (m = 16, ef_construction = 64);
CREATE INDEX idx_vectors_hnsw ON vectors USING hnsw (embedding vector_l2_ops) WITH (m = 16, ef_construction = 64);
CREATE INDEX CONCURRENTLY ON items USING hnsw (embedding vector_l2_ops);
CREATE INDEX ON t USING hnsw (val vector_l2_ops) WITH (m = 16, ef_construction = 31);
SET hnsw.ef_search = 10;  SET hnsw.ef_search = 40;  SET hnsw.ef_search = 200;
SET hnsw.ef_search = 0;
SET hnsw.iterative_scan = strict_order;   SET hnsw.iterative_scan = relaxed_order;   SET hnsw.iterative_scan = off;
SET hnsw.max_scan_tuples = 50000;  SET hnsw.scan_mem_multiplier = 2;
RESET hnsw.iterative_scan; RESET hnsw.max_scan_tuples; RESET hnsw.scan_mem_multiplier;
SELECT * FROM vectors ORDER BY embedding <-> '[1,2,3]' LIMIT 5;
SET hnsw.ef_search = 1000;
SELECT * FROM vectors WHERE category_id = 123 ORDER BY embedding <-> '[1,2,3]' LIMIT 5;
WITH relaxed_results AS MATERIALIZED (
    SELECT id, embedding <-> '[1,2,3]' AS distance FROM vectors WHERE category_id = 123 ORDER BY distance LIMIT 5
) SELECT * FROM relaxed_results ORDER BY distance + 0;
-- of two indexes that cost the same either may be taken
BEGIN;
DROP INDEX idx_vectors_hnsw;
EXPLAIN (COSTS off) WITH relaxed_results AS MATERIALIZED (
    SELECT id, embedding <-> '[1,2,3]' AS distance FROM vectors WHERE category_id = 123 ORDER BY distance LIMIT 5
) SELECT * FROM relaxed_results ORDER BY distance + 0;
EXPLAIN (COSTS off) WITH nearest_results AS MATERIALIZED (
    SELECT id, embedding <-> '[1,2,3]' AS distance FROM vectors ORDER BY distance LIMIT 5
) SELECT * FROM nearest_results WHERE distance < 0.5 ORDER BY distance;
ROLLBACK;
WITH nearest_results AS MATERIALIZED (
    SELECT id, embedding <-> '[1,2,3]' AS distance FROM vectors ORDER BY distance LIMIT 5
) SELECT * FROM nearest_results WHERE distance < 0.5 ORDER BY distance;
CREATE TABLE wide (embedding vector(1536));
CREATE INDEX ON wide USING hnsw ((embedding::halfvec(1536)) halfvec_l2_ops);
INSERT INTO wide VALUES (array_fill(1, ARRAY[1536])::vector);
SELECT embedding = array_fill(1, ARRAY[1536])::vector FROM wide ORDER BY embedding::halfvec(1536) <-> array_fill(2, ARRAY[1536])::vector::halfvec(1536) LIMIT 5;

-- watching
DROP INDEX vectors_embedding_idx;
SELECT phase, round(100.0 * blocks_done / nullif(blocks_total, 0), 1) AS "%" FROM pg_stat_progress_create_index;
SELECT phase, round(100.0 * tuples_done / nullif(tuples_total, 0), 1) AS "%" FROM pg_stat_progress_create_index;
EXPLAIN (COSTS off) SELECT * FROM vectors ORDER BY embedding <-> '[1,2,3]' LIMIT 20;

\o /dev/null
EXPLAIN (ANALYZE, BUFFERS) SELECT * FROM vectors ORDER BY embedding <-> '[1,2,3]' LIMIT 20;   -- Index Scan using idx on vectors
\o
CREATE EXTENSION pg_stat_statements;
SELECT pg_stat_statements_reset();
SELECT id FROM vectors ORDER BY embedding <-> '[1,2,3]' LIMIT 2;
SELECT id FROM vectors ORDER BY embedding <-> '[2,2,3]' LIMIT 1;
\o /dev/null
SELECT query, calls, ROUND((total_plan_time + total_exec_time) / calls) AS avg_time_ms,
       ROUND((total_plan_time + total_exec_time) / 60000) AS total_time_min
FROM pg_stat_statements ORDER BY total_plan_time + total_exec_time DESC LIMIT 20;
\o
SELECT query, calls, rows FROM pg_stat_statements WHERE query LIKE 'SELECT id %';
DROP EXTENSION pg_stat_statements;

-- recall
CREATE TEMP TABLE exact_results AS
WITH top AS (SELECT embedding <-> '[1,2,3]' AS distance FROM vectors ORDER BY distance LIMIT 20)
SELECT id FROM vectors WHERE (embedding <-> '[1,2,3]') <= (SELECT MAX(distance) FROM top);
CREATE TEMP TABLE approx_results AS SELECT id FROM vectors ORDER BY embedding <-> '[1,2,3]' LIMIT 20;
SELECT COUNT(*) FROM approx_results a JOIN exact_results e ON a.id = e.id;
SELECT COUNT(*) * 100.0 / 20 AS recall_percentage FROM approx_results a JOIN exact_results e ON a.id = e.id;

-- types of vectors through CREATE TABLE AS
CREATE TABLE made (v, w, h) AS SELECT embedding, embedding::vector(3), embedding::halfvec(3) FROM vectors ORDER BY id LIMIT 2;
SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'made'::regclass AND attnum > 0 ORDER BY attnum;
CREATE INDEX ON made USING hnsw (v vector_l2_ops);
SELECT v FROM made ORDER BY v <-> '[1,1,1]';

DROP TABLE vectors, items, t, wide, made;
DROP EXTENSION vector;
RESET ALL;
