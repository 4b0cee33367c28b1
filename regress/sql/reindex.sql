-- REINDEX gives an index a new file, in the transaction.
CREATE EXTENSION vector;
CREATE TABLE re_t (id integer, v vector(3));
INSERT INTO re_t SELECT i, ('['||i||',1,2]')::vector FROM generate_series(1,200) i;
REINDEX TABLE re_t;
CREATE INDEX re_a ON re_t USING hnsw (v vector_l2_ops);
CREATE INDEX re_b ON re_t USING hnsw (v vector_l2_ops);
REINDEX INDEX re_a;
\set VERBOSITY terse
REINDEX (VERBOSE) INDEX re_b;
\set VERBOSITY default
DELETE FROM re_t WHERE id <= 100;
REINDEX TABLE re_t;
SELECT relname, reltuples, oid = relfilenode AS same FROM pg_class WHERE relname LIKE 're\__' ORDER BY relname;
SET enable_seqscan = off;
SELECT id FROM re_t ORDER BY v <-> '[3,1,2]' LIMIT 2;
BEGIN;
REINDEX INDEX re_a;
REINDEX INDEX re_b;
ROLLBACK;
SELECT id FROM re_t ORDER BY v <-> '[3,1,2]' LIMIT 2;
REINDEX INDEX re_t;
REINDEX TABLE re_a;
REINDEX INDEX re_none;
REINDEX DATABASE postgres;
REINDEX (NOTHING) TABLE re_t;
BEGIN;
REINDEX TABLE CONCURRENTLY re_t;
ROLLBACK;
-- CONCURRENTLY: another index takes the place and the name of the old one
SELECT c.relname, i.indisvalid, i.indisready, i.indislive FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = 're_t'::regclass ORDER BY 1;
SELECT max(oid) AS before FROM pg_class WHERE relname IN ('re_a', 're_b') \gset
REINDEX TABLE CONCURRENTLY re_t;
SELECT c.relname, c.oid > :before AS other, i.indisvalid, i.indisready, i.indislive, c.reltuples FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = 're_t'::regclass ORDER BY 1;
SELECT id FROM re_t ORDER BY v <-> '[3,1,2]' LIMIT 2;
SELECT count(*) FROM pg_class WHERE relname LIKE '%ccnew%' OR relname LIKE '%ccold%';
\set VERBOSITY terse
REINDEX (VERBOSE) INDEX CONCURRENTLY re_b;
\set VERBOSITY default
\set VERBOSITY terse
REINDEX (VERBOSE, CONCURRENTLY) INDEX public.re_a;
\set VERBOSITY default
REINDEX (CONCURRENTLY false) INDEX re_a;
CREATE INDEX re_c ON re_t USING hnsw (v vector_ip_ops) WITH (m = 7, ef_construction = 21);
REINDEX INDEX CONCURRENTLY re_c;
SELECT indexdef FROM pg_indexes WHERE indexname = 're_c';
DROP INDEX re_c;
-- what it refuses
REINDEX INDEX CONCURRENTLY re_t;
REINDEX TABLE CONCURRENTLY re_a;
REINDEX TABLE CONCURRENTLY re_none;
REINDEX INDEX CONCURRENTLY re_none;
REINDEX TABLE CONCURRENTLY pg_class;
REINDEX SYSTEM CONCURRENTLY postgres;
REINDEX DATABASE CONCURRENTLY postgres;
REINDEX (VERBOSE) SCHEMA CONCURRENTLY pg_catalog;
REINDEX DATABASE nope;
REINDEX DATABASE CONCURRENTLY nope;
REINDEX SCHEMA nope;
REINDEX SYSTEM postgres;
REINDEX SCHEMA public;
REINDEX SCHEMA CONCURRENTLY public;
BEGIN;
REINDEX INDEX CONCURRENTLY re_a;
ROLLBACK;
BEGIN;
REINDEX (CONCURRENTLY) INDEX re_a;
ROLLBACK;
BEGIN;
REINDEX SCHEMA public;
ROLLBACK;
BEGIN;
REINDEX DATABASE postgres;
ROLLBACK;
BEGIN;
REINDEX SYSTEM postgres;
ROLLBACK;
CREATE TABLE re_plain (a integer);
REINDEX TABLE re_plain;
REINDEX TABLE CONCURRENTLY re_plain;
DROP TABLE re_plain;
-- an invalid one is passed over with its table, and completed by its name
SELECT injection_points_attach('concurrent-index-validate', 'error');
CREATE INDEX CONCURRENTLY re_c ON re_t USING hnsw (v vector_l1_ops);
\set VERBOSITY terse
REINDEX INDEX CONCURRENTLY re_b;
\set VERBOSITY default
SELECT injection_points_detach('concurrent-index-validate');
SELECT c.relname, i.indisvalid, i.indisready, i.indislive FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = 're_t'::regclass ORDER BY 1;
REINDEX TABLE CONCURRENTLY re_t;
REINDEX INDEX CONCURRENTLY re_c;
DROP INDEX CONCURRENTLY re_b_ccnew;
SELECT c.relname, i.indisvalid, i.indisready, i.indislive FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = 're_t'::regclass ORDER BY 1;
SELECT * FROM tusk_check('re_t');
-- the index of a TOAST relation
CREATE TABLE re_wide (a integer, t text);
ALTER TABLE re_wide ALTER t SET STORAGE external;
INSERT INTO re_wide SELECT i, repeat(chr(64 + i), 9000) FROM generate_series(1, 20) i;
DELETE FROM re_wide WHERE a > 15;
SELECT 'pg_toast.pg_toast_' || 're_wide'::regclass::oid || '_index' AS toastindex \gset
SELECT :'toastindex'::regclass::oid AS oid, relfilenode AS file FROM pg_class WHERE oid = :'toastindex'::regclass \gset
REINDEX TABLE re_wide;
SELECT relfilenode <> :file AS rebuilt FROM pg_class WHERE oid = :oid;
SELECT relfilenode AS file FROM pg_class WHERE oid = :oid \gset
REINDEX INDEX :toastindex;
SELECT relfilenode <> :file AS rebuilt FROM pg_class WHERE oid = :oid;
REINDEX INDEX CONCURRENTLY :toastindex;
SELECT :'toastindex'::regclass::oid <> :oid AS other;
REINDEX TABLE CONCURRENTLY re_wide;
SELECT 'pg_toast.pg_toast_' || 're_wide'::regclass::oid AS toasttable \gset
REINDEX TABLE :toasttable;
REINDEX TABLE CONCURRENTLY :toasttable;
INSERT INTO re_wide SELECT i, repeat(chr(64 + i), 9000) FROM generate_series(16, 20) i;
SELECT count(*), sum(length(t)), md5(string_agg(md5(t), '' )) FROM re_wide;
SELECT * FROM tusk_check('re_wide');
BEGIN;
REINDEX TABLE re_wide;
INSERT INTO re_wide VALUES (21, repeat('z', 9000));
SELECT count(*), sum(length(t)) FROM re_wide;
ROLLBACK;
SELECT count(*), sum(length(t)) FROM re_wide;
SELECT * FROM tusk_check('re_wide');
\set VERBOSITY sqlstate
DROP INDEX :toastindex;
\set VERBOSITY default
DROP TABLE re_wide;
-- unlogged tables
CREATE UNLOGGED TABLE re_u (a integer, t text);
SELECT relpersistence FROM pg_class WHERE relname = 're_u';
INSERT INTO re_u VALUES (1, 'one');
TRUNCATE re_u;
INSERT INTO re_u VALUES (2, repeat('x', 30000));
SELECT a, length(t) FROM re_u;
DROP TABLE re_u, re_t;
DROP EXTENSION vector;
