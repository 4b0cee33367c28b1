-- Values that do not fit into their row: compressed, moved out of line, or both; read whole and in part.
CREATE TABLE toasted (id int, v text);
SELECT c.relkind, t.relkind, t.relname = 'pg_toast_' || c.oid AS named, t.relnamespace::regnamespace FROM pg_class c JOIN pg_class t ON t.oid = c.reltoastrelid WHERE c.relname = 'toasted';
SELECT attname, atttypid::regtype, attstorage, attnotnull FROM pg_attribute WHERE attrelid = (SELECT reltoastrelid FROM pg_class WHERE relname = 'toasted') AND attnum > 0 ORDER BY attnum;
SELECT i.indisunique, i.indkey, c.relname = 'pg_toast_' || (SELECT oid FROM pg_class WHERE relname = 'toasted') || '_index' AS named FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = (SELECT reltoastrelid FROM pg_class WHERE relname = 'toasted');
-- who needs a TOAST relation
CREATE TABLE toast_none (a int, b float8[], c varchar(400));
CREATE TABLE toast_short (a int, c varchar(400));
CREATE TABLE toast_long (a int, c varchar(600));
CREATE TABLE toast_never (a int, b bigint, c timestamptz, d name);
SELECT relname, reltoastrelid <> 0 AS has FROM pg_class WHERE relname LIKE 'toast\_%' ORDER BY relname;
-- compressed in line
INSERT INTO toasted VALUES (1, repeat('abcdefgh', 1000));
SELECT id, length(v), pg_column_size(v) < 1000 AS small, pg_column_compression(v), md5(v) FROM toasted;
SET default_toast_compression = lz4;
INSERT INTO toasted VALUES (2, repeat('abcdefgh', 1000));
SELECT id, length(v), pg_column_size(v) < 1000 AS small, pg_column_compression(v), md5(v) FROM toasted ORDER BY id;
SET default_toast_compression = zstd;
-- compressed and out of line
SET default_toast_compression = pglz;
INSERT INTO toasted SELECT g, (SELECT string_agg(md5((g * 1000 + i)::text), '') FROM generate_series(1, 500) i) FROM generate_series(3, 6) g;
SET default_toast_compression = lz4;
INSERT INTO toasted SELECT 7, repeat((SELECT string_agg(md5((7000 + i)::text), '') FROM generate_series(1, 100) i), 7);
RESET default_toast_compression;
SELECT id, length(v), pg_column_size(v) > 2000 AS large, md5(v) FROM toasted ORDER BY id;
SELECT id, pg_column_compression(v) FROM toasted WHERE id = 7;
-- parts
SELECT id, substr(v, 1, 20), substr(v, 1990, 20), substr(v, 7990, 20), substr(v, 20000, 5) FROM toasted ORDER BY id;
SELECT length(v) FROM toasted WHERE v LIKE 'c%' ORDER BY id;
-- rows that come from a table have chunks of their own
INSERT INTO toasted SELECT id + 10, v FROM toasted WHERE id > 2;
DELETE FROM toasted WHERE id BETWEEN 3 AND 7;
SELECT id, length(v), md5(v) FROM toasted ORDER BY id;
-- aborted ones leave nothing
BEGIN;
DELETE FROM toasted;
INSERT INTO toasted SELECT 100 + g, (SELECT string_agg(md5((g * 1000 + i)::text), '') FROM generate_series(1, 500) i) FROM generate_series(1, 3) g;
SELECT count(*), sum(length(v)) FROM toasted;
ROLLBACK;
SELECT count(*), sum(length(v)) FROM toasted;
-- several wide columns: the widest go out first, and nulls are kept
CREATE TABLE toast_many (id int, a text, b text, c bytea, d numeric);
INSERT INTO toast_many SELECT 1, (SELECT string_agg(md5(i::text), '') FROM generate_series(1, 50) i), NULL, decode((SELECT string_agg(md5((i + 60)::text), '') FROM generate_series(1, 100) i), 'hex'), 12345.678;
INSERT INTO toast_many SELECT 2, 'short', (SELECT string_agg(md5(i::text), '') FROM generate_series(1, 150) i), NULL, NULL;
SELECT id, length(a), length(b), length(c), d, md5(a), md5(b), md5(c) FROM toast_many ORDER BY id;
SELECT id, a IS NULL, b IS NULL, c IS NULL FROM toast_many ORDER BY id;
SELECT id FROM toast_many ORDER BY b DESC NULLS LAST;
SELECT DISTINCT length(v) FROM toasted ORDER BY 1;
-- arrays
CREATE TABLE toast_array (a int[], b text[]);
INSERT INTO toast_array SELECT array_agg(i), array_agg(md5(i::text)) FROM generate_series(1, 3000) i;
SELECT a[1], a[3000], array_length(a, 1), b[2999], array_length(b, 1) FROM toast_array;
-- rows that cannot be made to fit
CREATE TABLE toast_wide (a name, b name);
INSERT INTO toast_wide VALUES ('x', 'y');
-- UPDATE: what does not change keeps its chunks, what does gets new ones
CREATE TABLE toast_update (id int, a text, b text, n int);
ALTER TABLE toast_update ALTER a SET STORAGE external;
INSERT INTO toast_update SELECT g, (SELECT string_agg(md5((g * 1000 + i)::text), '') FROM generate_series(1, 300) i), repeat('b', 100 * g), 0 FROM generate_series(1, 5) g;
UPDATE toast_update SET n = n + 1;
UPDATE toast_update SET n = n + 1 WHERE id > 2;
SELECT id, length(a), md5(a), length(b), n FROM toast_update ORDER BY id;
UPDATE toast_update SET a = a || 'more' WHERE id = 1;
UPDATE toast_update SET a = 'short' WHERE id = 2;
UPDATE toast_update SET a = NULL WHERE id = 3;
UPDATE toast_update SET a = upper(a), b = (SELECT a FROM toast_update WHERE id = 1) WHERE id = 4;
UPDATE toast_update SET b = a, a = b WHERE id = 5;
SELECT id, length(a), md5(a), left(a, 10), length(b), md5(b), n FROM toast_update ORDER BY id;
UPDATE toast_update SET a = (SELECT string_agg(md5(i::text), '') FROM generate_series(1, 100) i) WHERE a IS NULL OR a = 'short' RETURNING id, length(a), md5(a);
-- from another row, and from another table
UPDATE toast_update SET b = o.a FROM toast_update o WHERE o.id = 1 AND toast_update.id IN (2, 3);
DELETE FROM toast_update WHERE id = 1;
SELECT id, length(b), md5(b) FROM toast_update ORDER BY id;
-- undone and done again
BEGIN;
UPDATE toast_update SET a = repeat(md5(id::text), 200);
UPDATE toast_update SET a = a || a;
SELECT id, length(a), md5(a) FROM toast_update ORDER BY id;
UPDATE toast_update SET n = -1 WHERE id = 4;
ROLLBACK;
SELECT id, length(a), md5(a), n FROM toast_update ORDER BY id;
BEGIN;
UPDATE toast_update SET a = repeat(md5(id::text), 200);
UPDATE toast_update SET n = -1, b = NULL WHERE id = 4;
COMMIT;
SELECT id, length(a), md5(a), length(b), n FROM toast_update ORDER BY id;
VACUUM toast_update;
SELECT id, length(a), md5(a), length(b), n FROM toast_update ORDER BY id;
-- the storage of a column holds for what is stored from then on
ALTER TABLE toast_update ALTER a SET STORAGE main;
UPDATE toast_update SET a = repeat('m', 5000) WHERE id = 2;
ALTER TABLE toast_update ALTER a SET STORAGE plain;
UPDATE toast_update SET n = n + 1;
UPDATE toast_update SET a = repeat('p', 9000) WHERE id = 3;
UPDATE toast_update SET a = repeat('p', 1000), b = 'x' WHERE id = 3;
SELECT id, pg_column_size(a), length(a), md5(a), n FROM toast_update ORDER BY id;
DROP TABLE toast_update;
DROP TABLE toasted, toast_none, toast_short, toast_long, toast_never, toast_many, toast_array, toast_wide;
SELECT count(*) FROM pg_class WHERE relname LIKE 'pg\_toast\_%' AND oid >= 16384;
