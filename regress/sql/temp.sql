-- Temporary tables: whom they hide, what they keep, when they go.  Shown as in
-- PostgreSQL 15, which wrote the expected output; N of pg_temp_N is left out.

-- found first, under three names
CREATE TABLE same (a int);
INSERT INTO same VALUES (1);
CREATE TEMP TABLE same (a int, b text);
CREATE TEMPORARY TABLE same (a int);
CREATE TEMP TABLE IF NOT EXISTS same (a int);
INSERT INTO same VALUES (10, 'temporary'), (20, 'too');
SELECT * FROM same ORDER BY a;
SELECT * FROM public.same;
SELECT * FROM pg_temp.same ORDER BY a;
SELECT n.nspname ~ '^pg_temp_[0-9]+$' AS temp_schema, relpersistence, relkind, relhasindex
  FROM pg_class c, pg_namespace n WHERE n.oid = relnamespace AND relname = 'same' ORDER BY 1;
SELECT n.nspname ~ '^pg_toast_temp_[0-9]+$' AS toast_schema, t.relpersistence, t.relkind
  FROM pg_class c, pg_class t, pg_namespace n
  WHERE c.oid = 'same'::regclass AND t.oid = c.reltoastrelid AND n.oid = t.relnamespace;
SELECT pg_relation_filepath('same') ~ '^base/[0-9]+/t[0-9]+_[0-9]+$' AS file,
       pg_relation_filepath('public.same') ~ '^base/[0-9]+/[0-9]+$' AS public_file;
SELECT pg_my_temp_schema() = relnamespace AS mine, pg_is_other_temp_schema(relnamespace) AS others
  FROM pg_class WHERE relname = 'same' ORDER BY 1;
SELECT pg_is_other_temp_schema(0), pg_is_other_temp_schema(2200);
SELECT 'same'::regclass, 'public.same'::regclass, 'pg_temp.same'::regclass;
SELECT pg_table_is_visible('same'::regclass), pg_table_is_visible('public.same'::regclass);
SELECT pg_total_relation_size('same') > 0, pg_relation_size('same'), pg_relation_size('same', 'fsm');
EXPLAIN (COSTS OFF, VERBOSE) SELECT * FROM same;
EXPLAIN (COSTS OFF, VERBOSE) SELECT * FROM public.same;
DROP TABLE same;
SELECT * FROM same;
SELECT * FROM pg_temp.same;
DROP TABLE same;
SELECT * FROM same;

-- refused
CREATE TEMP TABLE public.t (a int);
CREATE TEMP TABLE pg_catalog.t (a int);
CREATE TEMP TABLE nowhere.t (a int);
CREATE TABLE t (a int) ON COMMIT DROP;
CREATE UNLOGGED TABLE t (a int) ON COMMIT DELETE ROWS;
CREATE TABLE t (a int) ON COMMIT PRESERVE ROWS;
CREATE UNLOGGED TABLE pg_temp.t (a int);
CREATE TEMP TABLE t (a int, a int);
CREATE TEMP TABLE t (a nosuchtype);
DROP TABLE pg_temp.t;
DROP TABLE IF EXISTS pg_temp.t;
TRUNCATE pg_temp.t;

-- what is made in the schema is temporary
CREATE TABLE pg_temp.t (a int) ON COMMIT DELETE ROWS;
SELECT relpersistence FROM pg_class WHERE oid = 't'::regclass;
CREATE TEMP TABLE pg_temp.u (a int);
SELECT relpersistence FROM pg_class WHERE oid = 'u'::regclass;
DROP TABLE t, pg_temp.u;
SET search_path = pg_temp, public;
CREATE TABLE v (a int);
SELECT relpersistence FROM pg_class WHERE oid = 'v'::regclass;
SELECT current_schema() ~ '^pg_temp_[0-9]+$' AS current;
DROP TABLE v;
-- named, it is searched where it is named
CREATE TABLE public.place (a int);
CREATE TEMP TABLE place (b int);
SELECT * FROM place;
SET search_path = public, pg_temp;
SELECT * FROM place;
DROP TABLE place, pg_temp.place;
RESET search_path;

-- ON COMMIT
BEGIN;
CREATE TEMP TABLE d (a int) ON COMMIT DROP;
CREATE TEMP TABLE r (a int, b text) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE p (a int) ON COMMIT PRESERVE ROWS;
INSERT INTO d VALUES (1);
INSERT INTO r SELECT i, repeat('wide', 3000) FROM generate_series(1, 20) i;
INSERT INTO p VALUES (1);
SELECT (SELECT count(*) FROM d) AS d, (SELECT count(*) FROM r) AS r, (SELECT count(*) FROM p) AS p;
COMMIT;
SELECT * FROM d;
SELECT count(*), pg_relation_size('r') FROM r;
SELECT pg_relation_size(reltoastrelid) FROM pg_class WHERE oid = 'r'::regclass;
SELECT * FROM p;
INSERT INTO r VALUES (1, 'one statement is a transaction');
SELECT * FROM r;
BEGIN;
INSERT INTO r VALUES (2, 'seen until the end');
SELECT * FROM r;
ROLLBACK;
SELECT * FROM r;
CREATE TEMP TABLE d (a int) ON COMMIT DROP;
SELECT * FROM d;
-- what was undone does nothing at a commit
BEGIN;
CREATE TEMP TABLE d (a int) ON COMMIT DROP;
ROLLBACK;
SELECT * FROM d;
BEGIN;
DROP TABLE r;
ROLLBACK;
BEGIN;
INSERT INTO r VALUES (3, 'r is still what it was');
COMMIT;
SELECT * FROM r;
BEGIN;
CREATE TEMP TABLE d (a int) ON COMMIT DROP;
DROP TABLE d;
COMMIT;
-- a cursor keeps a table from being cut
BEGIN;
INSERT INTO r VALUES (4, 'four'), (5, 'five');
DECLARE c CURSOR FOR SELECT a FROM r ORDER BY a;
FETCH c;
COMMIT;
DROP TABLE r, p;

-- a table that a transaction made, emptied, changed, undone
BEGIN;
CREATE TEMP TABLE x (a int);
INSERT INTO x SELECT generate_series(1, 1000);
TRUNCATE x;
INSERT INTO x VALUES (7);
SELECT * FROM x;
ROLLBACK;
SELECT * FROM x;
CREATE TEMP TABLE x (a int, b text) WITH (fillfactor = 50);
INSERT INTO x SELECT i, 'row ' || i FROM generate_series(1, 1000) i;
BEGIN;
TRUNCATE x;
SELECT count(*) FROM x;
ROLLBACK;
SELECT count(*), sum(a) FROM x;
BEGIN;
DELETE FROM x WHERE a > 10;
UPDATE x SET b = 'changed';
SELECT count(*) FROM x WHERE b = 'changed';
ROLLBACK;
SELECT count(*) FROM x WHERE b = 'changed';
UPDATE x SET a = a + 1000 WHERE a <= 500;
SELECT count(*), sum(a), min(a), max(a) FROM x;
ALTER TABLE x ADD COLUMN c int;
ALTER TABLE x RENAME COLUMN b TO bb;
ALTER TABLE x RENAME TO y;
ALTER TABLE y SET (fillfactor = 90);
SELECT * FROM y WHERE a = 501;
SELECT reloptions FROM pg_class WHERE oid = 'y'::regclass;
DELETE FROM y WHERE a % 2 = 0;
VACUUM y;
ANALYZE y;
SELECT reltuples, relpages > 0 FROM pg_class WHERE oid = 'y'::regclass;
VACUUM (FREEZE, ANALYZE) pg_temp.y;
SELECT count(*), sum(a) FROM y;
DELETE FROM y;
VACUUM y;
SELECT pg_relation_size('y');

-- wide values
INSERT INTO y SELECT i, repeat('value ' || i, 20000 + i) FROM generate_series(1, 5) i;
ALTER TABLE y ALTER COLUMN bb SET STORAGE EXTERNAL;
INSERT INTO y SELECT i, repeat('value ' || i, 20000 + i) FROM generate_series(6, 10) i;
SELECT a, length(bb), md5(bb) FROM y ORDER BY a;
UPDATE y SET c = a WHERE a < 8;
DELETE FROM y WHERE a > 8;
VACUUM y;
SELECT a, c, length(bb) FROM y ORDER BY a;

-- COPY
COPY y (a, bb) FROM stdin;
100	hundred
101	\N
\.
COPY (SELECT a, bb FROM y WHERE a >= 100 ORDER BY a) TO stdout;

-- FOR UPDATE, WITH, joins and sub-selects
SELECT a FROM y WHERE a = 100 FOR UPDATE;
INSERT INTO y SELECT a + 1000, bb FROM y WHERE a >= 100;
SELECT l.a, r.a FROM y l, y r WHERE l.a + 1000 = r.a ORDER BY 1;

-- in a read-only transaction their rows may change, but none is made
BEGIN READ ONLY;
UPDATE y SET bb = 'changed' WHERE a = 100;
DELETE FROM y WHERE a = 101;
INSERT INTO y VALUES (102);
SELECT a, bb FROM y WHERE a BETWEEN 100 AND 102 FOR UPDATE;
COMMIT;
BEGIN READ ONLY;
COPY y (a, bb) FROM stdin;
103	copied
\.
SELECT a, bb FROM y WHERE a BETWEEN 100 AND 103 ORDER BY a;
CREATE TEMP TABLE z (a int);
ROLLBACK;
BEGIN READ ONLY;
TRUNCATE y;
ROLLBACK;

-- DISCARD
CREATE TEMP TABLE z (a int);
BEGIN;
DISCARD TEMP;
SELECT * FROM y;
ROLLBACK;
SELECT count(*) FROM y;
DISCARD TEMPORARY;
SELECT * FROM y;
CREATE TEMP TABLE z (a int);
BEGIN;
DISCARD ALL;
ROLLBACK;
DISCARD ALL;
SELECT * FROM z;
SELECT count(*) FROM pg_class WHERE relpersistence = 't';

-- buffers
SHOW temp_buffers;
SET temp_buffers = '1MB';
SET temp_buffers = 99;
\connect
SET temp_buffers = 100;
CREATE TEMP TABLE z (a int, b text);
INSERT INTO z SELECT i, repeat('x', 1000) FROM generate_series(1, 2000) i;
SET temp_buffers = 200;
SET temp_buffers = 100;
-- more pages than buffers
SELECT count(*), sum(a), sum(length(b)), pg_relation_size('z') > 100 * 8192 FROM z;
UPDATE z SET b = repeat('y', 500) WHERE a % 7 = 0;
SELECT count(*), sum(a), sum(length(b)) FROM z;
SELECT min(b), max(b) FROM z WHERE a IN (7, 8);
