-- hnsw on temporary tables: built by one process, searched in its own buffers,
-- changed, vacuumed, rebuilt, emptied at commit.
CREATE EXTENSION vector;
CREATE TEMP TABLE items (id int, v vector(3));
INSERT INTO items SELECT i, ARRAY[i, i % 10, 1]::vector FROM generate_series(1, 2000) i;
-- workers cannot see the table: none is used, however many are asked for
ALTER TABLE items SET (parallel_workers = 4);
SET max_parallel_maintenance_workers = 4;
CREATE INDEX items_v ON items USING hnsw (v vector_l2_ops) WITH (m = 8, ef_construction = 40);
SELECT relpersistence, pg_relation_filepath('items_v') ~ '/t[0-9]+_[0-9]+$' AS file
  FROM pg_class WHERE oid = 'items_v'::regclass;
SELECT pg_get_indexdef('items_v'::regclass);
SELECT * FROM tusk_check('items');
SET enable_seqscan = off;
EXPLAIN (COSTS OFF) SELECT id FROM items ORDER BY v <-> '[1000,5,1]' LIMIT 3;
SELECT id FROM items ORDER BY v <-> '[1000,0,1]' LIMIT 3;

-- changes
INSERT INTO items VALUES (5000, '[1000.5,0,1]');
SELECT id FROM items ORDER BY v <-> '[1000.4,0,1]' LIMIT 2;
UPDATE items SET v = '[-500,0,0]' WHERE id = 1000;
SELECT id FROM items ORDER BY v <-> '[-499,0,0]' LIMIT 1;
DELETE FROM items WHERE id BETWEEN 990 AND 1010;
BEGIN;
INSERT INTO items VALUES (6000, '[1000,0,1]');
SELECT id FROM items ORDER BY v <-> '[1000,0,1]' LIMIT 1;
ROLLBACK;
SELECT id FROM items ORDER BY v <-> '[1000,0,1]' LIMIT 1;
VACUUM items;
SELECT * FROM tusk_check('items');
SELECT id FROM items ORDER BY v <-> '[1000,0,1]' LIMIT 1;
ANALYZE items;
SELECT reltuples FROM pg_class WHERE oid = 'items_v'::regclass;

-- rebuilt, one after the other and without waiting for anybody
\set VERBOSITY terse
REINDEX (VERBOSE) INDEX items_v;
\set VERBOSITY default
REINDEX TABLE items;
REINDEX INDEX CONCURRENTLY items_v;
REINDEX TABLE CONCURRENTLY items;
SELECT * FROM tusk_check('items');
SELECT id FROM items ORDER BY v <-> '[1000,0,1]' LIMIT 1;
CREATE INDEX CONCURRENTLY items_v2 ON items USING hnsw (v vector_cosine_ops);
SELECT indisvalid, indisready FROM pg_index WHERE indexrelid = 'items_v2'::regclass;
SELECT * FROM tusk_check('items');
DROP INDEX CONCURRENTLY items_v2;
BEGIN;
CREATE INDEX items_v2 ON items USING hnsw (v vector_cosine_ops);
SELECT * FROM tusk_check('items');
ROLLBACK;
SELECT count(*) FROM pg_index WHERE indrelid = 'items'::regclass;
TRUNCATE items;
SELECT id FROM items ORDER BY v <-> '[1,1,1]' LIMIT 1;
INSERT INTO items VALUES (1, '[1,1,1]');
SELECT id FROM items ORDER BY v <-> '[1,1,1]' LIMIT 1;
SELECT * FROM tusk_check('items');
DROP TABLE items;

-- emptied at commit, with its index
CREATE TEMP TABLE scratch (id int, v vector(2)) ON COMMIT DELETE ROWS;
CREATE INDEX ON scratch USING hnsw (v vector_l2_ops);
BEGIN;
INSERT INTO scratch SELECT i, ARRAY[i, 0]::vector FROM generate_series(1, 500) i;
SELECT id FROM scratch ORDER BY v <-> '[250,0]' LIMIT 1;
COMMIT;
SELECT count(*) FROM scratch;
SELECT id FROM scratch ORDER BY v <-> '[250,0]' LIMIT 1;
SELECT * FROM tusk_check('scratch');
BEGIN;
INSERT INTO scratch VALUES (7, '[250,0]');
SELECT id FROM scratch ORDER BY v <-> '[250,0]' LIMIT 1;
SELECT * FROM tusk_check('scratch');
COMMIT;
DROP TABLE scratch;

-- vectors out of line
CREATE TEMP TABLE wide (id int, v vector);
INSERT INTO wide SELECT i, ('[' || repeat(i || ',', 4999) || i || ']')::vector FROM generate_series(1, 4) i;
SELECT id, vector_dims(v), round(vector_norm(v)::numeric, 2) FROM wide ORDER BY id;
SELECT * FROM tusk_check('wide');
DROP TABLE wide;

-- few buffers: every page goes out to the file and comes back
\connect
SET temp_buffers = 100;
CREATE TEMP TABLE items (id int, v vector(64));
INSERT INTO items SELECT i, ('[' || repeat(i || ',', 63) || i || ']')::vector FROM generate_series(1, 3000) i;
CREATE INDEX ON items USING hnsw (v vector_l2_ops);
SET enable_seqscan = off;
SELECT pg_relation_size('items') / 8192 > 100 AND pg_relation_size('items_v_idx') / 8192 > 100 AS more_pages_than_buffers;
SELECT id FROM items ORDER BY v <-> ('[' || repeat('1234.3,', 63) || '1234.3]')::vector LIMIT 3;
DELETE FROM items WHERE id % 2 = 0;
VACUUM items;
INSERT INTO items SELECT i, ('[' || repeat(i || ',', 63) || i || ']')::vector FROM generate_series(3001, 3100) i;
SELECT * FROM tusk_check('items');
SELECT id FROM items ORDER BY v <-> ('[' || repeat('3050.3,', 63) || '3050.3]')::vector LIMIT 3;
DROP TABLE items;
DROP EXTENSION vector;
