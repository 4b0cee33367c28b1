-- TRUNCATE and ALTER of a table with an index: it follows, also in a rollback.
CREATE EXTENSION vector;
CREATE TABLE alter_v (id integer, v vector(3));
INSERT INTO alter_v SELECT i, ('['||i||',1,2]')::vector FROM generate_series(1,200) i;
CREATE INDEX alter_vi ON alter_v USING hnsw (v vector_l2_ops) WITH (m=8);
ALTER INDEX alter_vi SET (ef_construction = 40);
ALTER INDEX alter_vi SET (fillfactor = 40);
ALTER INDEX alter_vi RENAME TO alter_vx;
\d alter_v
SET enable_seqscan = off;
BEGIN; TRUNCATE alter_v; INSERT INTO alter_v VALUES (7,'[1,1,1]'); SELECT id FROM alter_v ORDER BY v <-> '[5.1,1,2]' LIMIT 3; ROLLBACK;
SELECT id FROM alter_v ORDER BY v <-> '[5.1,1,2]' LIMIT 3;
TRUNCATE alter_v; SELECT id FROM alter_v ORDER BY v <-> '[5.1,1,2]' LIMIT 3;
INSERT INTO alter_v SELECT i, ('['||i||',1,2]')::vector FROM generate_series(1,20) i;
ALTER TABLE alter_v RENAME v TO w;
ALTER TABLE alter_v ALTER w SET STORAGE plain;
SELECT id FROM alter_v ORDER BY w <-> '[5.1,1,2]' LIMIT 3;
explain (costs off) SELECT id FROM alter_v ORDER BY w <-> '[5.1,1,2]' LIMIT 3;
SELECT relname, oid = relfilenode same, relpages, reltuples FROM pg_class WHERE relname IN ('alter_v','alter_vx') ORDER BY 1;
DROP TABLE alter_v;
DROP EXTENSION vector;
