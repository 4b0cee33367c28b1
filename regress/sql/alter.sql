-- ALTER TABLE: names, options, storage, columns; all of it in the transaction.
CREATE TABLE alter_a (a integer, b text);
INSERT INTO alter_a VALUES (1, 'one'), (2, 'two');
-- RENAME TO
ALTER TABLE alter_a RENAME TO alter_b;
SELECT * FROM alter_b;
SELECT * FROM alter_a;
ALTER TABLE alter_b RENAME TO alter_b;
CREATE TABLE alter_c (c integer);
ALTER TABLE alter_b RENAME TO alter_c;
ALTER TABLE alter_none RENAME TO alter_d;
ALTER TABLE IF EXISTS alter_none RENAME TO alter_d;
BEGIN;
ALTER TABLE alter_b RENAME TO alter_d;
SELECT count(*) FROM alter_d;
ROLLBACK;
SELECT count(*) FROM alter_b;
SELECT count(*) FROM alter_d;
-- RENAME COLUMN
ALTER TABLE alter_b RENAME COLUMN b TO name;
SELECT name FROM alter_b;
SELECT b FROM alter_b;
ALTER TABLE alter_b RENAME a TO id;
SELECT id, name FROM alter_b ORDER BY id;
ALTER TABLE alter_b RENAME none TO x;
ALTER TABLE alter_b RENAME id TO name;
ALTER TABLE alter_b RENAME id TO xmin;
ALTER TABLE alter_b RENAME xmin TO id2;
ALTER TABLE IF EXISTS alter_none RENAME a TO b;
BEGIN;
ALTER TABLE alter_b RENAME id TO id2;
SELECT id2 FROM alter_b ORDER BY 1;
ROLLBACK;
SELECT id FROM alter_b ORDER BY 1;
-- SET, RESET
ALTER TABLE alter_b SET (fillfactor = 50);
SELECT reloptions FROM pg_class WHERE relname = 'alter_b';
ALTER TABLE alter_b SET (parallel_workers = 2, fillfactor = 70);
SELECT reloptions FROM pg_class WHERE relname = 'alter_b';
ALTER TABLE alter_b RESET (fillfactor);
SELECT reloptions FROM pg_class WHERE relname = 'alter_b';
ALTER TABLE alter_b RESET (parallel_workers, fillfactor);
SELECT reloptions FROM pg_class WHERE relname = 'alter_b';
ALTER TABLE alter_b SET (fillfactor = 5);
ALTER TABLE alter_b SET (nothing = 5);
ALTER TABLE alter_b RESET (fillfactor = 5);
BEGIN;
ALTER TABLE alter_b SET (fillfactor = 60);
SELECT reloptions FROM pg_class WHERE relname = 'alter_b';
ROLLBACK;
SELECT reloptions FROM pg_class WHERE relname = 'alter_b';
-- SET STORAGE
ALTER TABLE alter_b ALTER COLUMN name SET STORAGE EXTERNAL;
SELECT attname, attstorage FROM pg_attribute a, pg_class c
	WHERE c.oid = a.attrelid AND relname = 'alter_b' AND attnum > 0 ORDER BY attnum;
ALTER TABLE alter_b ALTER name SET STORAGE plain;
SELECT attname, attstorage FROM pg_attribute a, pg_class c
	WHERE c.oid = a.attrelid AND relname = 'alter_b' AND attnum > 0 ORDER BY attnum;
ALTER TABLE alter_b ALTER name SET STORAGE nothing;
ALTER TABLE alter_b ALTER id SET STORAGE main;
ALTER TABLE alter_b ALTER none SET STORAGE main;
ALTER TABLE alter_b ALTER xmin SET STORAGE plain;
-- ADD COLUMN
ALTER TABLE alter_b ADD COLUMN x integer;
SELECT * FROM alter_b ORDER BY id;
INSERT INTO alter_b VALUES (3, 'three', 33);
ALTER TABLE alter_b ADD y text, ADD COLUMN z double precision[];
SELECT * FROM alter_b ORDER BY id;
SELECT * FROM alter_b WHERE y IS NULL AND x IS NOT NULL;
INSERT INTO alter_b (id, z) VALUES (4, '{1,2}');
SELECT * FROM alter_b ORDER BY id;
ALTER TABLE alter_b ADD COLUMN x integer;
ALTER TABLE alter_b ADD COLUMN IF NOT EXISTS x text;
ALTER TABLE alter_b ADD COLUMN ctid integer;
ALTER TABLE alter_b ADD COLUMN n integer NOT NULL;
ALTER TABLE alter_b ADD COLUMN n no_type;
ALTER TABLE alter_b ADD COLUMN n anyelement;
ALTER TABLE alter_c ADD COLUMN n integer NOT NULL;
INSERT INTO alter_c VALUES (1, NULL);
INSERT INTO alter_c VALUES (1, 2);
SELECT * FROM alter_c;
BEGIN;
ALTER TABLE alter_b ADD COLUMN q integer;
INSERT INTO alter_b (id, q) VALUES (5, 55);
SELECT id, q FROM alter_b WHERE q = 55;
ROLLBACK;
SELECT q FROM alter_b;
SELECT count(*) FROM alter_b;
-- a prepared statement sees what changed
PREPARE p AS SELECT id FROM alter_b ORDER BY id;
EXECUTE p;
ALTER TABLE alter_b ADD COLUMN later integer;
EXECUTE p;
-- what is refused
ALTER TABLE pg_class RENAME TO alter_e;
ALTER TABLE pg_class ADD COLUMN x integer;
ALTER INDEX alter_b SET (fillfactor = 50);
ALTER INDEX alter_b RENAME TO alter_e;
BEGIN;
DECLARE c CURSOR FOR SELECT c FROM alter_c;
FETCH c;
ALTER TABLE alter_c ADD COLUMN x integer;
ROLLBACK;
BEGIN READ ONLY;
ALTER TABLE alter_c ADD COLUMN x integer;
ROLLBACK;
DROP TABLE alter_e, alter_c;
