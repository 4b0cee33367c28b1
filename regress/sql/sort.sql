-- ORDER BY: every type that is sorted by numbers which say a part of its order
-- or all of it, where they are equal and where they end; in memory and through
-- files; the first rows only.

-- numeric: weights within and beyond what a number holds, digits behind it
CREATE TABLE n (id int, v numeric);
INSERT INTO n VALUES (1, 0), (2, 0.00), (3, 1), (4, -1), (5, 'NaN'), (6, 'Infinity'), (7, '-Infinity'), (8, NULL),
  (9, 1e300), (10, -1e300), (11, 1e301), (12, 1e-300), (13, -1e-300), (14, 1e-301), (15, 9999), (16, 10000),
  (17, 9999.9999), (18, 1234567890123456), (19, 1234567890123456.5), (20, 1234567890123457), (21, -1234567890123456.5),
  (22, -1234567890123456), (23, 12345678901234567890.1), (24, 12345678901234567890.2), (25, 0.00001), (26, 0.000011),
  (27, -0.00001), (28, 1.0), (29, 1.00000000000000000001), (30, 1e252), (31, 1e253), (32, 1e255), (33, 1e256), (34, 1e257),
  (35, -1e255), (36, -1e256), (37, 1e-252), (38, 1e-253), (39, 1e-256), (40, 1e-257), (41, 99999999), (42, 100000000), (43, NULL);
SELECT id FROM n ORDER BY v, id;
SELECT id FROM n ORDER BY v DESC, id;
SELECT id FROM n ORDER BY v NULLS FIRST, id LIMIT 12;
SELECT id FROM n ORDER BY v DESC NULLS LAST, id DESC LIMIT 12;

-- integers and dates at their ends beside NULL
CREATE TABLE i (id int, s smallint, i int, b bigint, d date, t timestamp, f float8, g float4, o bool);
INSERT INTO i VALUES (1, -32768, -2147483648, -9223372036854775808, '-infinity', '-infinity', '-Infinity', '-Infinity', false),
  (2, 32767, 2147483647, 9223372036854775807, 'infinity', 'infinity', 'NaN', 'NaN', true),
  (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL), (4, 0, 0, 0, '2000-01-01', '2000-01-01', 0, 0, false),
  (5, -1, -1, -1, '1999-12-31', '1999-12-31 23:59:59.999999', '-0', '-0', true), (6, 1, 1, 1, '2000-01-02', '2000-01-01 00:00:00.000001', 1e-310, 1e-40, NULL),
  (7, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL), (8, 32767, 2147483647, 9223372036854775807, 'infinity', 'infinity', 'NaN', 'NaN', true),
  (9, -32768, -2147483648, -9223372036854775808, '-infinity', '-infinity', 'Infinity', 'Infinity', false);
SELECT array(SELECT id FROM i ORDER BY s, id) AS s, array(SELECT id FROM i ORDER BY i, id) AS i, array(SELECT id FROM i ORDER BY b, id) AS b,
  array(SELECT id FROM i ORDER BY d, id) AS d, array(SELECT id FROM i ORDER BY t, id) AS t;
SELECT array(SELECT id FROM i ORDER BY f, id) AS f, array(SELECT id FROM i ORDER BY g, id) AS g, array(SELECT id FROM i ORDER BY o, id) AS o;
SELECT array(SELECT id FROM i ORDER BY b DESC, id) AS b, array(SELECT id FROM i ORDER BY b NULLS FIRST, id) AS first,
  array(SELECT id FROM i ORDER BY f DESC NULLS LAST, id) AS f, array(SELECT id FROM i ORDER BY o DESC, id DESC) AS o;

-- what is compared by its bytes: alike in the first eight, shorter, with blanks
CREATE TABLE s (id int, t text, c char(12), y bytea, u uuid, m name);
INSERT INTO s VALUES (1, '', '', '', '00000000-0000-0000-0000-000000000000', ''),
  (2, 'abcdefgh', 'abcdefgh', 'abcdefgh', '00000000-0000-0001-0000-000000000000', 'abcdefgh'),
  (3, 'abcdefghi', 'abcdefghi', 'abcdefghi', '00000000-0000-0001-0000-000000000001', 'abcdefghi'),
  (4, 'abcdefgh ', 'abcdefgh ', 'abcdefgh\000', 'ffffffff-ffff-ffff-ffff-ffffffffffff', 'abcdefgh '),
  (5, 'abcdefg', 'abcdefg', 'abcdefg', 'ffffffff-ffff-ffff-0000-000000000000', 'abcdefg'),
  (6, 'abcdefg ', 'abcdefg ', 'abcdefg\000', '80000000-0000-0000-0000-000000000000', 'abcdefg '),
  (7, NULL, NULL, NULL, NULL, NULL), (8, 'é', 'é', '\377\377\377\377\377\377\377\377\377', '7fffffff-ffff-ffff-ffff-ffffffffffff', 'é'),
  (9, 'a', E'a\x01', '\377\377\377\377\377\377\377\377', '00000000-0000-0001-0000-000000000000', 'z'),
  (10, E'a\x01', 'a', '\000', '00000000-0000-0001-0000-000000000000', E'a\x01'), (11, NULL, NULL, NULL, NULL, NULL);
SELECT array(SELECT id FROM s ORDER BY t, id) AS t, array(SELECT id FROM s ORDER BY c, id) AS c, array(SELECT id FROM s ORDER BY y, id) AS y,
  array(SELECT id FROM s ORDER BY u, id) AS u, array(SELECT id FROM s ORDER BY m, id) AS m;
SELECT array(SELECT id FROM s ORDER BY t DESC, id) AS t, array(SELECT id FROM s ORDER BY c DESC, id) AS c, array(SELECT id FROM s ORDER BY y DESC, id) AS y,
  array(SELECT id FROM s ORDER BY u DESC, id) AS u, array(SELECT id FROM s ORDER BY m DESC, id) AS m;

-- many rows, in memory and through files: the same
CREATE TABLE r (id int, i int, n numeric, t text, few int);
INSERT INTO r SELECT g, g * 7919 % 10007, (g * 7919 % 10007)::numeric / 7 - 700, 'key of ' || g * 7919 % 10007, CASE WHEN g % 11 <> 0 THEN g % 11 END
  FROM generate_series(1, 20000) g;
SET work_mem = '64kB';
SELECT md5(string_agg(id::text, ' ')) FROM (SELECT id FROM r ORDER BY i, id) q;
SELECT md5(string_agg(id::text, ' ')) FROM (SELECT id FROM r ORDER BY n DESC, id) q;
SELECT md5(string_agg(id::text, ' ')) FROM (SELECT id FROM r ORDER BY t, id DESC) q;
SELECT md5(string_agg(id::text, ' ')) FROM (SELECT id FROM r ORDER BY few NULLS FIRST, n, id) q;
SELECT md5(string_agg(id::text, ' ')) FROM (SELECT id FROM r ORDER BY n, id LIMIT 3000) q;
SET work_mem = '64MB';
SELECT md5(string_agg(id::text, ' ')) FROM (SELECT id FROM r ORDER BY i, id) q;
SELECT md5(string_agg(id::text, ' ')) FROM (SELECT id FROM r ORDER BY n DESC, id) q;
SELECT md5(string_agg(id::text, ' ')) FROM (SELECT id FROM r ORDER BY t, id DESC) q;
SELECT md5(string_agg(id::text, ' ')) FROM (SELECT id FROM r ORDER BY few NULLS FIRST, n, id) q;
SELECT md5(string_agg(id::text, ' ')) FROM (SELECT id FROM r ORDER BY n, id LIMIT 3000) q;
SELECT id, n FROM r ORDER BY n, id LIMIT 3;
SELECT id, few FROM r ORDER BY few DESC, t DESC, id OFFSET 1815 LIMIT 5;

RESET work_mem;
DROP TABLE n, i, s, r;
