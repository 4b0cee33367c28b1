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
DROP TABLE toasted, toast_none, toast_short, toast_long, toast_never, toast_many, toast_array, toast_wide;
SELECT count(*) FROM pg_class WHERE relname LIKE 'pg\_toast\_%' AND oid >= 16384;
