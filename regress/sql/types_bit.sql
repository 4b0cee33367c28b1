-- The types bit and bit varying.  PostgreSQL 15 wrote the expected output.
-- literals
SELECT B'', B'0', B'10110', b'1', X'', X'1F', x'a0b', B'101'::text;
SELECT pg_typeof(B'1'), pg_typeof(X'1'), pg_typeof(B'1' || B'0');
SELECT B'12';
SELECT X'1G';
SELECT B'1é0';
SELECT '101'::bit(3), 'b101'::bit(3), 'B101'::varbit, 'x1f'::varbit, 'X1F'::bit(8), ''::varbit, ''::bit;
SELECT bit '101', bit(5) '101', varbit '101', bit varying(2) '101', bit varying '';
SELECT '10201'::varbit;
SELECT 'x10h01'::varbit(4);
SELECT ' 101'::varbit;
SELECT '1'
  '01'::varbit, B'10'
  '11';
-- modifiers
SELECT '1'::bit(0);
SELECT '1'::bit(83886081);
SELECT '1'::varbit(0);
SELECT '1'::varbit(83886081);
SELECT '1'::bit(1, 2);
SELECT '1'::varbit(x);
SELECT '1'::bit(NULL);
SELECT '1'::bit(2 + 1);
SELECT '1'::bit(a.b);
SELECT '1'::bit(B'1');
SELECT '1'::numeric(1, NULL);
CREATE TABLE bits (b bit(3, NULL));
CREATE TABLE bits (id integer, b bit, b4 bit(4), v varbit, v4 bit varying(4));
SELECT attname, format_type(atttypid, atttypmod), atttypmod FROM pg_attribute
  WHERE attrelid = 'bits'::regclass AND attnum > 1 ORDER BY attnum;
SELECT format_type(1560, -1), format_type(1560, NULL), format_type(1560, 7), format_type(1562, -1), format_type(1562, 7), format_type(1561, 3);
SELECT bittypmodout(-1), bittypmodout(5), varbittypmodout(-1), varbittypmodout(5);
-- assignment is strict, a cast is not
INSERT INTO bits VALUES (1, '1', '1010', '', '');
INSERT INTO bits VALUES (2, B'0', B'1111', B'110011001100110011001', B'1');
INSERT INTO bits VALUES (3, B'01', NULL, NULL, NULL);
INSERT INTO bits VALUES (3, B'', NULL, NULL, NULL);
INSERT INTO bits VALUES (3, NULL, B'101', NULL, NULL);
INSERT INTO bits VALUES (3, NULL, '10101', NULL, NULL);
INSERT INTO bits VALUES (3, NULL, NULL, NULL, B'10101');
INSERT INTO bits VALUES (3, NULL, NULL, NULL, '10101');
INSERT INTO bits VALUES (3, B'01'::bit(1), B'101'::bit(4), 5::bit(7), B'10101'::varbit(4));
INSERT INTO bits (id, b4) SELECT 4, v4 FROM bits WHERE id = 1;
INSERT INTO bits (id, v4) SELECT 5, v FROM bits WHERE id = 2;
UPDATE bits SET b4 = v WHERE id = 2;
UPDATE bits SET v = b4, v4 = b4 WHERE id = 2;
SELECT * FROM bits ORDER BY id;
COPY bits (id, b4) FROM stdin;
6	0110
\.
COPY bits (id, b4) FROM stdin;
7	01101
\.
COPY bits (id, v4) FROM stdin;
7	01101
\.
COPY bits (id, v4) FROM stdin;
7	01x
\.
COPY bits TO stdout;
-- lengths
SELECT n, B'10110111'::bit(1), B'10110111'::bit(5), B'10110111'::bit(12), B'10110111'::varbit(5), B'10110111'::varbit(12)
  FROM generate_series(1, 1) n;
SELECT CAST(B'1011' AS bit), CAST(B'1011' AS bit varying), CAST('1011' AS bit), CAST('1011'::text AS bit(2)), ('10' || '11')::varbit(3);
SELECT "bit"(B'1011', 2, true), "bit"(B'1011', 6, true), "bit"(B'1011', -1, false), "bit"(B'1011', 4, false);
SELECT "bit"(B'1011', 2, false);
SELECT varbit(B'1011', 2, false);
SELECT varbit(B'1011', 6, false), varbit(B'1011', 2, true);
SELECT bit_in('101', 0, -1), varbit_in('101', 0, 3), bit_out(B'1'), bit_send(B'101'), varbit_send(X'0123'::varbit), bit_send(B'');
SELECT bit_in('101', 0, 4);
SELECT varbit_in('101', 0, 2);
-- numbers
SELECT -1::bit(8);
SELECT 5::bit, 5::bit(3), 5::bit(8), (-1)::bit(40), (-2)::bit(3), 44::bit(10), 2147483647::bit(33), (-2147483648)::bit(32);
SELECT 5::bigint::bit(3), (-5)::bigint::bit(70), 9223372036854775807::bit(64), (-9223372036854775807 - 1)::bigint::bit(64), 255::bigint::bit(12);
SELECT B'101'::integer, B''::integer, X'FFFFFFFF'::integer, X'7FFFFFFF'::int4, B'1'::integer, B'000000001000000001'::integer, X'80000000'::bigint;
SELECT X'FFFFFFFFFFFFFFFF'::bigint, X'0123456789ABCDEF'::bigint, B''::bigint, B'1011'::int8;
SELECT X'100000000'::integer;
SELECT X'10000000000000000'::bigint;
SELECT B'1'::smallint;
SELECT 1::smallint::bit(4), 5::varbit;
SELECT 1.5::bit(4);
SELECT "bit"(5, 4), int4(B'110'), int8(B'110'), "bit"(5, 0), "bit"(5, -1);
SELECT 1 = B'1';
CREATE TABLE numbers (n integer);
INSERT INTO numbers VALUES (B'1');
SELECT n, n::bit(9) = (n::bigint)::bit(9), n::bit(32)::integer = n, n::bigint::bit(64)::bigint = n, n::bit(37)
  FROM generate_series(-3, 3) n;
-- order
SELECT B'1' < B'10', B'10' > B'01', B'101' = B'101', B'1010' = B'101', B'1' <> B'0', B'' < B'0', B'1' >= B'0111', B'0' <= B'0', B'00000000' < B'000000000';
SELECT B'1' = '1', '10' < B'11', B'1'::varbit = B'1', B'1' = B'1'::varbit(4), B'11'::varbit > '1';
SELECT sign(bitcmp(B'1', B'11')), sign(bitcmp(B'11', B'1')), varbitcmp('1', '1'), sign(bitcmp(B'0111', B'1'));
SELECT v FROM (VALUES (B'1'), (B'0'), (B''), (B'10'), (NULL), (B'01'), (B'11111111'), (B'111111110')) t(v) ORDER BY v;
SELECT v, count(*) FROM (VALUES (B'1'), (B'0'), (B'1'), (B'10'), (NULL), (B'01'), (B'0')) t(v) GROUP BY v ORDER BY v DESC;
SELECT DISTINCT v FROM (VALUES (B'1'::varbit), ('0'), ('1'), ('10')) t(v) ORDER BY 1;
SELECT B'1' IN (B'0', B'1'), B'1' = ANY (ARRAY[B'0', B'01']), B'1' BETWEEN B'0' AND B'10', B'1' IS DISTINCT FROM NULL, NULLIF(B'1', B'1'), COALESCE(NULL, B'11');
SELECT CASE WHEN true THEN B'1' ELSE '01' END, GREATEST(B'1', B'01'), LEAST(B'1'::varbit, B'01');
SELECT min(v) FROM (VALUES (B'1')) t(v);
-- operators
SELECT B'1100' & B'1010', B'1100' | B'1010', B'1100' # B'1010', ~B'1100', ~B'', ~B'101010101', B'' & B'', X'F0F0F' # X'00FFF';
SELECT B'1' & B'10';
SELECT B'1' | B'10';
SELECT B'1' # B'10';
SELECT B'1101' << 1, B'1101' >> 1, B'1101' << 0, B'1101' << 4, B'1101' >> 4, B'1101' << -1, B'1101' >> -2, B'1101' << 100, B'1101' >> -2147483648, B'1101' << -2147483648, B'' << 3;
SELECT B'110100111010' << 3, B'110100111010' << 8, B'110100111010' << 9, B'110100111010' >> 3, B'110100111010' >> 8, B'110100111010' >> 9, B'110100111010' >> 11;
SELECT B'101' || B'11', B'' || B'', B'1010101' || B'1' || B'1', B'10101010' || B'11', B'1' || '0', '1' || B'0', B'1'::varbit(1) || B'0'::bit;
SELECT B'1' || NULL, B'1' + 1;
SELECT B'1' || 1;
SELECT - B'1';
-- functions
SELECT length(B'10110'), length(B''), bit_length(B'10110'), octet_length(B'10110'), octet_length(B''), octet_length(B'101100111'), char_length('101');
SELECT char_length(B'101');
SELECT substring(B'1011011101' FROM 3), substring(B'1011011101' FROM 3 FOR 4), substring(B'1011011101', 2, 9), substr('1011', 2), substring(B'1011', -1, 3), substring(B'1011', 0), substring(B'1011', -5), substring(B'1011', 5), substring(B'1011', 9, 1), substring(B'1011', 2, 0), substring(B'1011' FOR 2);
SELECT substring(B'1011', -2147483648, 2147483647), substring(B'1011', 2, 2147483647), substring(B'1011', 2147483647, 2147483647), substring(B'' FROM 1 FOR 1);
SELECT substring(B'1011', 2, -1);
SELECT substr(B'1011', 2, 1);
SELECT position(B'11' IN B'0101100'), position(B'1' IN B'0'), position(B'' IN B''), position(B'' IN B'1'), position(B'1' IN B''), position(B'101' IN B'0000000001010'), position(B'10101' IN B'101'), position(B'000000001' IN B'11000000000000000010'), position(B'0011001100' IN B'1110011001100110011');
SELECT strpos(B'1', B'1');
SELECT overlay(B'0101011100' PLACING '001' FROM 2 FOR 3), overlay(B'0101011100' PLACING '101' FROM 6), overlay(B'0101011100' PLACING '001' FROM 11), overlay(B'0101011100' PLACING '001' FROM 20), overlay(B'0101' PLACING B'' FROM 2 FOR 2), overlay(B'0101' PLACING B'111' FROM 2 FOR 0), overlay(B'0101' PLACING B'111' FROM 3 FOR -2);
SELECT overlay(B'0101' PLACING B'1' FROM 0);
SELECT overlay(B'0101' PLACING B'1' FROM -1 FOR 2);
SELECT overlay(B'0101' PLACING B'1' FROM 2147483647 FOR 1);
SELECT get_bit(B'0101011000100100', 10), get_bit(B'1', 0), get_bit(B'000000001', 8), set_bit(B'0101011000100100', 15, 1), set_bit(B'1111', 2, 0), set_bit(B'0', 0, 0);
SELECT get_bit(B'01', 2);
SELECT get_bit(B'01', -1);
SELECT get_bit(B'', 0);
SELECT set_bit(B'01', 2, 1);
SELECT set_bit(B'01', 1, 2);
SELECT bit_count(B'0101011100'), bit_count(B''), bit_count(X'FFFFFF'), bit_count(B'11'::varbit);
SELECT reverse(B'10');
-- aggregates
SELECT bit_and(v), bit_or(v), bit_xor(v), count(v), count(DISTINCT v) FROM (VALUES (B'1100'), (B'1010'), (NULL), (B'1110')) t(v);
SELECT bit_and(v), bit_or(v), bit_xor(v) FROM (VALUES (B'1')) t(v) WHERE false;
SELECT g, bit_and(v), bit_or(v), bit_xor(v) FROM (VALUES (1, B'1100'), (1, B'1010'), (2, B'0'), (3, NULL)) t(g, v) GROUP BY g ORDER BY g;
SELECT bit_and(v) FROM (VALUES (B'1100'), (B'101')) t(v);
SELECT bit_or(v) FROM (VALUES ('1100'::varbit), ('1011')) t(v);
SELECT sum(v) FROM (VALUES (B'1')) t(v);
-- arrays
SELECT ARRAY[B'1', B'01'], ARRAY[B'1', NULL], '{101,NULL,x1f}'::varbit[], '{101,011}'::bit(3)[], ARRAY['1', B'0'], '{}'::bit[], pg_typeof(ARRAY[B'1']);
SELECT '{101,01}'::bit(3)[], ARRAY[B'101', B'01']::bit(2)[], ARRAY[B'101', B'01']::varbit(2)[], '{1,2}'::integer[]::bit(3)[];
SELECT '{101,21}'::varbit[];
SELECT (ARRAY[B'1', B'01'])[2], array_length('{1,0,1}'::bit[], 1), ARRAY[B'1'] || B'01', B'1' || ARRAY[B'0'], ARRAY[B'1', B'0'] = '{1,0}', ARRAY[B'1'] < ARRAY[B'11'];
SELECT array_agg(v) FROM (VALUES (B'1'), (B'01')) t(v);
SELECT unnest(ARRAY[B'1', B'01', NULL]);
CREATE TABLE bitarrays (a bit(3)[], v varbit(3)[]);
INSERT INTO bitarrays VALUES ('{101,000}', '{1,01,011}'), (NULL, '{}'), (ARRAY[B'111'], NULL);
INSERT INTO bitarrays VALUES ('{1011}', NULL);
INSERT INTO bitarrays VALUES (ARRAY[B'1011'], NULL);
INSERT INTO bitarrays VALUES (NULL, '{1011}');
INSERT INTO bitarrays VALUES (NULL, ARRAY[B'1011']);
SELECT *, a[1], v[2] FROM bitarrays;
-- long ones, also out of line
CREATE TABLE long_bits (id integer, v varbit, b bit(100000));
INSERT INTO long_bits SELECT n, repeat('10011', n * 10000)::varbit, (repeat('1', n) || repeat('0', 100000 - n))::varbit FROM generate_series(1, 3) n;
SELECT id, length(v), octet_length(v), bit_count(v), bit_count(b), length(b), substring(v, 9999, 7), get_bit(v, 9999), md5(v::text), position(B'0110' IN v), position(B'00000' IN v) FROM long_bits ORDER BY id;
SELECT a.id, b.id, a.b < b.b, bit_count(a.b # b.b) FROM long_bits a, long_bits b ORDER BY 1, 2;
SELECT bit_count(bit_xor(b)), bit_count(bit_or(b)), bit_count(bit_and(b)) FROM long_bits;
-- casts that are not there, or only explicit
SELECT B'1'::boolean;
SELECT true::bit;
SELECT 'a'::text::bit(3);
SELECT B'1'::bytea;
SELECT B'101'::varchar(2), B'101'::char(5) || '|', upper(B'101'::text);
SELECT upper(B'101');
SELECT ascii(B'1'), B'1' LIKE '1';
SELECT castsource::regtype, casttarget::regtype, castfunc::regprocedure, castcontext, castmethod FROM pg_cast
  WHERE castsource IN ('bit'::regtype, 'varbit'::regtype) OR casttarget IN ('bit'::regtype, 'varbit'::regtype) ORDER BY 1, 2;
-- deparsed
EXPLAIN (VERBOSE, COSTS off) SELECT b = B'1', b4::bit(3), v || '1', '1'::bit(3), 5::bit(4), v::varbit(3), b4 & '1111', NULL::bit, B'' FROM bits WHERE v <> X'1F' AND b4 > B'11'::bit(4) AND v4 = '1';
-- parameters
PREPARE p1 (bit(3), varbit) AS SELECT $1, $2, $1 | $2;
EXECUTE p1 ('101', '010');
EXECUTE p1 ('1011', '010');
EXECUTE p1 (B'1011', '0101');
PREPARE p2 AS SELECT id FROM bits WHERE b4 = $1 ORDER BY id;
EXECUTE p2 ('1010');
EXECUTE p2 ('x6');
EXECUTE p2 (2);
SELECT B'101' \gdesc
SELECT '1'::bit(7) AS b, '1'::varbit(7) AS v, '1'::varbit AS v0, '{}'::bit(3)[] AS a \gdesc
DROP TABLE bits, numbers, bitarrays, long_bits;
