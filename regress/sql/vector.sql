-- Type vector, its functions and hnsw: pgvector's results and messages.
\pset format unaligned
\pset tuples_only on
\set SHOW_CONTEXT never
SELECT '[1,2,3]'::vector;
CREATE EXTENSION vector;
CREATE EXTENSION vector;
\echo :LAST_ERROR_SQLSTATE
CREATE EXTENSION IF NOT EXISTS vector;
CREATE EXTENSION nonsense;
\echo :LAST_ERROR_SQLSTATE
-- input and output
SELECT '[1,2,3]'::vector, '[-1,-2,-3]'::vector, '[1.,2.,3.]'::vector, ' [ 1,  2 ,    3  ] '::vector, '[1.23456]'::vector;
SELECT '[1.5e38,-1.5e38]'::vector, '[1.5e-38,-1.5e-38]'::vector, '[1e-46,1]'::vector, '[-1e-46,1]'::vector;
SELECT '[0.0001,0.00001,1000000,999999,16777216]'::vector;
SELECT '[hello,1]'::vector;
\echo :LAST_ERROR_SQLSTATE
SELECT '[NaN,1]'::vector;
\echo :LAST_ERROR_SQLSTATE
SELECT '[Infinity,1]'::vector;
SELECT '[4e38,1]'::vector;
\echo :LAST_ERROR_SQLSTATE
SELECT '[1,2,3'::vector;
SELECT '[1,2,3]9'::vector;
SELECT '1,2,3'::vector;
SELECT '[]'::vector;
SELECT '[1,,3]'::vector;
SELECT '[1,2,3]'::vector(3);
SELECT '[1,2,3]'::vector(2);
\echo :LAST_ERROR_SQLSTATE
SELECT '[1,2,3]'::vector(3, 2);
SELECT '[1,2,3]'::vector(0);
SELECT '[1,2,3]'::vector(16001);
\echo :LAST_ERROR_SQLSTATE
-- functions and operators
SELECT '[1,2,3]'::vector + '[4,5,6]', '[1,2,3]'::vector - '[4,5,6]', '[1,2,3]'::vector * '[4,5,6]', '[1,2,3]'::vector || '[4,5]';
SELECT '[3e38]'::vector + '[3e38]';
\echo :LAST_ERROR_SQLSTATE
SELECT '[1e-37]'::vector * '[1e-37]';
SELECT '[1,2]'::vector + '[1]';
SELECT '[1,2,3]'::vector < '[1,2,3]', '[1,2,3]'::vector <= '[1,2,3]', '[1,2,3]'::vector = '[1,2]', '[1,2,3]'::vector <> '[1,2]', '[1,2,3]'::vector > '[1,2]';
SELECT vector_dims('[1,2,3]');
SELECT vector_dims('[1,2,3]'::vector), vector_norm('[3,4]'), vector_norm('[0,0]');
SELECT l2_distance('[0,0]'::vector, '[3,4]'), inner_product('[1,2]'::vector, '[3,4]'), cosine_distance('[1,0]'::vector, '[0,2]'), l1_distance('[0,0]'::vector, '[3,4]');
SELECT '[0,0]'::vector <-> '[3,4]', '[1,2]'::vector <#> '[3,4]', '[1,2]'::vector <=> '[0,0]', '[0,0]'::vector <+> '[3,4]';
SELECT '[3e38]'::vector <-> '[-3e38]';
SELECT '[1,2]'::vector <-> '[3]';
SELECT l2_normalize('[3,4]'::vector), l2_normalize('[0,0]'::vector), subvector('[1,2,3,4,5]'::vector, 3, 2);
SELECT subvector('[1,2,3,4,5]'::vector, 1, 0);
-- a table
CREATE TABLE items (id integer, v vector(3));
INSERT INTO items VALUES (1, '[0,0,0]'), (2, '[1,2,3]'), (3, '[1,1,1]'), (4, NULL), (5, '[1,2,4]');
INSERT INTO items VALUES (6, '[1,2]');
SELECT * FROM items ORDER BY v <-> '[3,3,3]', id;
SELECT id, v <-> '[1,2,3]' AS distance FROM items WHERE v <-> '[1,2,3]' < 2 ORDER BY distance;
SELECT avg(v), sum(v), count(v), count(*) FROM items;
SELECT id FROM items WHERE v = '[1,2,3]';
COPY items TO STDOUT;
COPY items FROM STDIN;
7	[1,2,x]
\.
-- the index
CREATE INDEX ON items USING hnsw (v);
CREATE INDEX ON items USING hnsw (v vector_l3_ops);
CREATE INDEX ON items USING hnsw (v vector_l2_ops) WITH (m = 1);
CREATE INDEX ON items USING hnsw (v vector_l2_ops) WITH (m = 101);
\echo :LAST_ERROR_SQLSTATE
CREATE INDEX ON items USING hnsw (v vector_l2_ops) WITH (ef_construction = 3);
CREATE INDEX ON items USING hnsw (v vector_l2_ops) WITH (m = 16, ef_construction = 31);
CREATE INDEX ON items USING hnsw (v vector_l2_ops) WITH (lists = 100);
CREATE INDEX ON items USING hnsw (v vector_l2_ops, v vector_ip_ops);
CREATE UNIQUE INDEX ON items USING hnsw (v vector_l2_ops);
CREATE INDEX ON items USING spiral (v);
CREATE INDEX ON items USING ivfflat (v vector_l2_ops) WITH (lists = 0);
CREATE INDEX ON items USING vchordrq (v vector_l2_ops);
DELETE FROM items WHERE CURRENT OF c;
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE DOMAIN positive AS int;
CREATE TEXT SEARCH DICTIONARY nothing (template = simple);
ALTER ROLE nobody SET work_mem = '1MB';
-- an index on a new table does not make it one that is known to be empty
CREATE TABLE fresh (v vector(3));
CREATE INDEX ON fresh USING hnsw (v vector_l2_ops);
SELECT relpages, reltuples FROM pg_class WHERE relname = 'fresh';
DROP TABLE fresh;
CREATE TABLE nodims (v vector);
CREATE INDEX ON nodims USING hnsw (v vector_l2_ops);
\echo :LAST_ERROR_SQLSTATE
CREATE TABLE wide (v vector(2001));
CREATE INDEX ON wide USING hnsw (v vector_l2_ops);
\echo :LAST_ERROR_SQLSTATE
CREATE INDEX ON items USING hnsw (v vector_l2_ops);
CREATE INDEX ON items USING hnsw (v vector_ip_ops) WITH (m = 8, ef_construction = 32);
CREATE INDEX by_angle ON items USING hnsw (v vector_cosine_ops);
CREATE INDEX ON items USING hnsw (v vector_l1_ops);
SELECT indexrelid::regclass, pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = 'items'::regclass ORDER BY indexrelid;
SELECT relname, reltuples FROM pg_class WHERE relname LIKE 'items%' OR relname = 'by_angle' ORDER BY oid;
SET enable_seqscan = off;
EXPLAIN (COSTS OFF) SELECT * FROM items ORDER BY v <-> '[3,3,3]';
SELECT * FROM items ORDER BY v <-> '[3,3,3]';
SELECT * FROM items ORDER BY v <#> '[3,3,3]';
SELECT * FROM items ORDER BY v <=> '[1,1,1]';
SELECT * FROM items ORDER BY v <+> '[3,3,3]' LIMIT 1;
INSERT INTO items VALUES (8, '[3,3,3]');
SELECT * FROM items ORDER BY v <-> '[3,3,3]' LIMIT 2;
DELETE FROM items WHERE id = 8;
SELECT * FROM items ORDER BY v <-> '[3,3,3]' LIMIT 1;
SELECT count(*) FROM (SELECT * FROM items ORDER BY v <-> (SELECT NULL::vector)) t;
SELECT * FROM items ORDER BY v <-> '[1,2]' LIMIT 1;
PREPARE near (vector) AS SELECT id FROM items ORDER BY v <-> $1 LIMIT 2;
EXECUTE near ('[1,1,1]');
EXECUTE near ('[1,2,3]');
SHOW hnsw.ef_search;
SET hnsw.ef_search = 0;
SET hnsw.ef_search = 1001;
SET hnsw.nonsense = 1;
\echo :LAST_ERROR_SQLSTATE
DROP INDEX by_angle;
DROP INDEX by_angle;
-- rows that come after the index in its own transaction are in it
BEGIN;
CREATE TABLE young (id integer, v vector(2));
CREATE INDEX ON young USING hnsw (v vector_l2_ops);
INSERT INTO young VALUES (1, '[1,1]'), (2, '[2,2]');
EXPLAIN (COSTS OFF) SELECT id FROM young ORDER BY v <-> '[2,2]';
SELECT id FROM young ORDER BY v <-> '[2,2]';
COMMIT;
SELECT id FROM young ORDER BY v <-> '[2,2]';
DROP TABLE young;
DROP TABLE items, nodims, wide;
SELECT '[1]'::vector <-> '[2]';
DROP EXTENSION vector;
