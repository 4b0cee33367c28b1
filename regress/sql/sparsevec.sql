-- Type sparsevec: pgvector's results and messages.
\pset format unaligned
\pset tuples_only on
\pset null NULL
\set SHOW_CONTEXT never
SELECT '{}/1'::sparsevec;
CREATE EXTENSION vector;
-- text in and out
SELECT '{1:1.5,3:3.5}/5'::sparsevec, '{1:-2,3:-4}/5'::sparsevec, '{1:2.,3:4.}/5'::sparsevec;
SELECT ' { 1 : 1.5 ,  3  :  3.5  } / 5 '::sparsevec;
SELECT E'\t{\n1\r:\x0B1.5\f}\t/\n5\r'::sparsevec;
SELECT '{1:1.23456}/1'::sparsevec, '{1:0x10,2:+1,+3:.5}/3'::sparsevec;
SELECT '{1:0,2:1,3:0}/3'::sparsevec, '{1:-0}/3'::sparsevec;
SELECT '{2:1,1:1}/2'::sparsevec, '{3:3,1:1,2:2}/3'::sparsevec;
SELECT '{}/5'::sparsevec, '{}/1'::sparsevec, '{ }/1'::sparsevec, '{}/1000000000'::sparsevec;
SELECT '{1000000000:1,1:2}/1000000000'::sparsevec;
SELECT '{1:1.5e38,2:-1.5e38}/2'::sparsevec, '{1:1.5e-38,2:-1.5e-38}/2'::sparsevec, '{1:1e-45}/1'::sparsevec;
SELECT '{1:0.0001,2:0.00001,3:1000000,4:999999,5:16777216}/5'::sparsevec;
-- a zero is left out before anything is asked of its index
SELECT '{5:0}/1'::sparsevec, '{1:0,1:2}/1'::sparsevec;
-- syntax
SELECT '{1:hello,2:1}/2'::sparsevec;
SELECT '{'::sparsevec;
SELECT '{ '::sparsevec;
SELECT '{:'::sparsevec;
SELECT '{,'::sparsevec;
SELECT '{}/'::sparsevec;
SELECT '{:}/1'::sparsevec;
SELECT '{,}/1'::sparsevec;
SELECT '{1,}/1'::sparsevec;
SELECT '{:1}/1'::sparsevec;
SELECT '{1:}/1'::sparsevec;
SELECT '{1a:1}/1'::sparsevec;
SELECT '{1:1a}/1'::sparsevec;
SELECT '{1:1,}/1'::sparsevec;
SELECT '{1:1'::sparsevec;
SELECT '{1:1,'::sparsevec;
SELECT ''::sparsevec;
SELECT '[1,2,3]'::sparsevec;
SELECT '{}'::sparsevec;
SELECT '{1:1} 5'::sparsevec;
SELECT '{}/1a'::sparsevec;
SELECT '{}/1 1'::sparsevec;
SELECT '{}/x'::sparsevec;
-- values
SELECT '{1:NaN}/1'::sparsevec;
SELECT '{1:Infinity}/1'::sparsevec;
SELECT '{1:-Infinity}/1'::sparsevec;
SELECT '{1:4e38}/1'::sparsevec;
SELECT '{1: -4e38 }/1'::sparsevec;
SELECT '{1:1e-46}/1'::sparsevec;
SELECT '{1:-1e-46}/1'::sparsevec;
-- indices
SELECT '{0:1}/1'::sparsevec;
SELECT '{2:1}/1'::sparsevec;
SELECT '{-1:1}/1'::sparsevec;
SELECT '{2147483647:1}/1'::sparsevec;
SELECT '{2147483648:1}/1'::sparsevec;
SELECT '{-2147483647:1}/1'::sparsevec;
SELECT '{-2147483648:1}/1'::sparsevec;
SELECT '{-2147483649:1}/1'::sparsevec;
SELECT '{9223372036854775808:1}/1'::sparsevec;
SELECT '{1:1,1:1}/2'::sparsevec;
SELECT '{1:1,2:1,1:1}/2'::sparsevec;
-- dimensions
SELECT '{}/0'::sparsevec;
SELECT '{}/-1'::sparsevec;
SELECT '{}/-2147483649'::sparsevec;
SELECT '{}/-9223372036854775809'::sparsevec;
SELECT '{}/1000000001'::sparsevec;
SELECT '{}/2147483648'::sparsevec;
SELECT '{}/9223372036854775808'::sparsevec;
-- the number of elements: by commas, zeros and all, before anything else
SELECT left(('{' || string_agg(i || ':1', ',') || '}/16000')::sparsevec::text, 20) FROM generate_series(1, 16000) i;
SELECT ('{' || string_agg(i || ':1', ',') || '}/16001')::sparsevec FROM generate_series(1, 16001) i;
SELECT ('x' || repeat(',', 16000))::sparsevec;
-- type modifiers
SELECT '{1:1,2:2,3:3}/3'::sparsevec(3), '{}/7'::sparsevec(7)::sparsevec;
SELECT '{1:1,2:2,3:3}/3'::sparsevec(2);
SELECT '{1:1,2:2,3:3}/3'::sparsevec(3, 2);
SELECT '{1:1,2:2,3:3}/3'::sparsevec('a');
SELECT '{1:1,2:2,3:3}/3'::sparsevec(0);
SELECT '{1:1,2:2,3:3}/3'::sparsevec(1000000001);
SELECT '{1:1}/3'::sparsevec(1000000000);
SELECT pg_typeof('{1:1}/3'::sparsevec(3)), format_type('sparsevec'::regtype, 3);
-- codes
\set VERBOSITY sqlstate
SELECT '{'::sparsevec;
SELECT '{}'::sparsevec;
SELECT '{1:NaN}/1'::sparsevec;
SELECT '{1:inf}/1'::sparsevec;
SELECT '{1:4e38}/1'::sparsevec;
SELECT '{1:1e-46}/1'::sparsevec;
SELECT '{2:1}/1'::sparsevec;
SELECT '{1:1,1:1}/2'::sparsevec;
SELECT '{}/0'::sparsevec;
SELECT '{}/1000000001'::sparsevec;
SELECT repeat(',', 16000)::sparsevec;
SELECT '{1:1}/3'::sparsevec(2);
SELECT '{1:1}/3'::sparsevec(1, 2);
SELECT '{1:1}/3'::sparsevec(0);
SELECT '{1:1}/3'::sparsevec(1000000001);
SELECT '{1:1}/2'::sparsevec <-> '{1:1}/1';
\set VERBOSITY default
-- arrays
SELECT '{"{1:1.5,3:3.5}/5","{}/2",NULL}'::sparsevec[], ARRAY['{1:1}/2'::sparsevec, '{2:2}/2'];
SELECT '{"{1:1,2:2,3:3}/3"}'::sparsevec(3)[], ('{"{1:1}/3","{2:2}/3"}'::sparsevec[])[2];
SELECT '{"{1:1,2:2,3:3}/3"}'::sparsevec(2)[];
SELECT '{"{1:x}/3"}'::sparsevec[];
SELECT '{"{1:1}/3"}'::sparsevec[] = ARRAY['{1:1}/3'::sparsevec], ARRAY['{1:1}/3'::sparsevec] || '{2:2}/3'::sparsevec;
SELECT v FROM unnest('{"{1:1}/3","{2:2}/3"}'::sparsevec[]) v ORDER BY v DESC;
-- order
SELECT '{1:1,2:2,3:3}/3'::sparsevec < '{1:1,2:2,3:3}/3', '{1:1,2:2,3:3}/3'::sparsevec < '{1:1,2:2}/2',
	'{1:1,2:2,3:3}/3'::sparsevec <= '{1:1,2:2,3:3}/3', '{1:1,2:2,3:3}/3'::sparsevec <= '{1:1,2:2}/2',
	'{1:1,2:2,3:3}/3'::sparsevec = '{1:1,2:2,3:3}/3', '{1:1,2:2,3:3}/3'::sparsevec = '{1:1,2:2}/2',
	'{1:1,2:2,3:3}/3'::sparsevec != '{1:1,2:2,3:3}/3', '{1:1,2:2,3:3}/3'::sparsevec != '{1:1,2:2}/2',
	'{1:1,2:2,3:3}/3'::sparsevec >= '{1:1,2:2,3:3}/3', '{1:1,2:2,3:3}/3'::sparsevec >= '{1:1,2:2}/2',
	'{1:1,2:2,3:3}/3'::sparsevec > '{1:1,2:2,3:3}/3', '{1:1,2:2,3:3}/3'::sparsevec > '{1:1,2:2}/2';
SELECT sparsevec_cmp('{1:1,2:2,3:3}/3', '{1:1,2:2,3:3}/3'), sparsevec_cmp('{1:1,2:2,3:3}/3', '{}/3'), sparsevec_cmp('{}/3', '{1:1,2:2,3:3}/3'),
	sparsevec_cmp('{1:1,2:2}/2', '{1:1,2:2,3:3}/3'), sparsevec_cmp('{1:1,2:2,3:3}/3', '{1:1,2:2}/2'), sparsevec_cmp('{1:1,2:2}/2', '{1:2,2:3,3:4}/3'),
	sparsevec_cmp('{1:2,2:3}/2', '{1:1,2:2,3:3}/3');
SELECT '{1:-1}/3'::sparsevec < '{}/3', '{}/3'::sparsevec > '{}/2', '{3:-1}/3'::sparsevec > '{}/2', '{2:1}/3'::sparsevec < '{1:1}/3', '{2:-1}/3'::sparsevec > '{1:-1}/3';
SELECT v FROM (VALUES ('{}/3'::sparsevec), (NULL), ('{1:-1}/3'), ('{3:-1}/3'), ('{1:1}/3'), ('{}/2'), ('{2:5}/3')) t(v) ORDER BY v;
SELECT v FROM (VALUES ('{}/3'::sparsevec), (NULL), ('{1:-1}/3'), ('{3:-1}/3'), ('{1:1}/3'), ('{}/2'), ('{2:5}/3')) t(v) ORDER BY v DESC;
SELECT DISTINCT v FROM (VALUES ('{1:1}/2'::sparsevec), ('{1:1,2:0}/2'), ('{2:1}/2')) t(v) ORDER BY v;
SELECT v, count(*) FROM (VALUES ('{1:1}/2'::sparsevec), ('{1:1,2:0}/2'), ('{2:1}/2')) t(v) GROUP BY v ORDER BY v;
-- all vectors of -1, 0, 1 with one to three dimensions, each with each: the order is that of the dense ones, as are the distances
CREATE TABLE small (a real[]);
INSERT INTO small SELECT ARRAY[x]::real[] FROM generate_series(-1, 1) x;
INSERT INTO small SELECT ARRAY[x, y]::real[] FROM generate_series(-1, 1) x, generate_series(-1, 1) y;
INSERT INTO small SELECT ARRAY[x, y, z]::real[] FROM generate_series(-1, 1) x, generate_series(-1, 1) y, generate_series(-1, 1) z;
SELECT count(*), sum((sparsevec_cmp(a.a::sparsevec, b.a::sparsevec) = vector_cmp(a.a::vector, b.a::vector))::int),
	sum((sparsevec_cmp(a.a::sparsevec, b.a::sparsevec) = btarraycmp(a.a, b.a))::int) FROM small a, small b;
SELECT count(*), sum(((a.a::sparsevec <-> b.a::sparsevec)::text = (a.a::vector <-> b.a::vector)::text)::int),
	sum(((a.a::sparsevec <+> b.a::sparsevec)::text = (a.a::vector <+> b.a::vector)::text)::int),
	sum(((a.a::sparsevec <=> b.a::sparsevec)::text = (a.a::vector <=> b.a::vector)::text)::int),
	sum((a.a::sparsevec <#> b.a::sparsevec = a.a::vector <#> b.a::vector)::int)
	FROM small a JOIN small b ON array_length(a.a, 1) = array_length(b.a, 1);
-- norms
SELECT round(l2_norm('{1:1,2:1}/2'::sparsevec)::numeric, 5), l2_norm('{1:3,2:4}/2'::sparsevec), l2_norm('{2:1}/2'::sparsevec), l2_norm('{1:3e37,2:4e37}/2'::sparsevec)::real, l2_norm('{}/2'::sparsevec), l2_norm('{1:2}/1'::sparsevec);
SELECT l2_normalize('{1:3,2:4}/2'::sparsevec), l2_normalize('{1:3}/2'::sparsevec), l2_normalize('{2:0.1}/2'::sparsevec), l2_normalize('{}/2'::sparsevec), l2_normalize('{1:3e38}/1'::sparsevec);
SELECT l2_normalize('{1:3e38,2:1e-37}/2'::sparsevec), l2_normalize('{2:3e37,4:3e-37,6:4e37,8:4e-37}/9'::sparsevec);
-- distances
SELECT l2_distance('{}/2'::sparsevec, '{1:3,2:4}/2'), l2_distance('{1:3}/2'::sparsevec, '{2:4}/2'), l2_distance('{2:4}/2'::sparsevec, '{1:3}/2'), l2_distance('{1:3,2:4}/2'::sparsevec, '{}/2'), l2_distance('{}/2'::sparsevec, '{2:1}/2');
SELECT l2_distance('{1:3e38}/1'::sparsevec, '{1:-3e38}/1');
SELECT l2_distance('{1:1,2:1,3:1,4:1,5:1,6:1,7:1,8:1,9:1}/9'::sparsevec, '{1:1,2:1,3:1,4:1,5:1,6:1,7:1,8:4,9:5}/9');
SELECT l2_distance('{1:1}/2'::sparsevec, '{1:1}/1');
SELECT inner_product('{1:1,2:2}/2'::sparsevec, '{1:2,2:4}/2'), inner_product('{1:1}/2'::sparsevec, '{2:2}/2'), inner_product('{2:2}/2'::sparsevec, '{1:1}/2'), inner_product('{1:1,3:3}/5'::sparsevec, '{1:3,2:4,3:5}/5'), inner_product('{1:3e38}/1'::sparsevec, '{1:3e38}/1');
SELECT inner_product('{1:1}/2'::sparsevec, '{1:3}/1');
SELECT cosine_distance('{1:1,2:2}/2'::sparsevec, '{1:2,2:4}/2'), cosine_distance('{1:1,2:2}/2'::sparsevec, '{}/2'), cosine_distance('{1:1,2:1}/2'::sparsevec, '{1:1,2:1}/2'), cosine_distance('{1:1}/2'::sparsevec, '{2:2}/2'), cosine_distance('{1:1,2:1}/2'::sparsevec, '{1:-1,2:-1}/2'), cosine_distance('{1:2}/2'::sparsevec, '{2:2}/2'), cosine_distance('{1:3e38}/1'::sparsevec, '{1:3e38}/1'), cosine_distance('{}/1'::sparsevec, '{}/1');
SELECT cosine_distance('{1:1,2:1}/2'::sparsevec, '{1:1.1,2:1.1}/2'), cosine_distance('{1:1,2:1}/2'::sparsevec, '{1:-1.1,2:-1.1}/2');
SELECT cosine_distance('{1:1,2:2}/2'::sparsevec, '{1:3}/1');
SELECT l1_distance('{}/2'::sparsevec, '{1:3,2:4}/2'), l1_distance('{}/2'::sparsevec, '{2:1}/2'), l1_distance('{1:3e38}/1'::sparsevec, '{1:-3e38}/1'), l1_distance('{1:1,3:3,5:5,7:7}/8'::sparsevec, '{2:2,4:4,6:6,8:8}/8'), l1_distance('{1:1,2:2,3:3,4:4,5:5,6:6,7:7,8:8,9:9}/9'::sparsevec, '{}/9');
SELECT l1_distance('{1:1,2:2}/2'::sparsevec, '{1:3}/1');
SELECT sparsevec_l2_squared_distance('{1:3}/2', '{2:4}/2'), sparsevec_negative_inner_product('{1:1,2:2}/2', '{1:2,2:4}/2');
SELECT '{}/2'::sparsevec <-> '{1:3,2:4}/2', '{1:1,2:2}/2'::sparsevec <#> '{1:3,2:4}/2', '{}/1'::sparsevec <#> '{}/1', '{1:1,2:2}/2'::sparsevec <=> '{1:2,2:4}/2', '{}/2'::sparsevec <+> '{1:3,2:4}/2';
SELECT '{1:1}/2'::sparsevec <-> NULL, l2_norm(NULL::sparsevec);
-- there is no arithmetic, no subvector, no aggregate
SELECT '{1:1}/2'::sparsevec + '{1:1}/2';
SELECT vector_dims('{1:1}/2'::sparsevec);
SELECT avg('{1:1}/2'::sparsevec);
-- casts
SELECT ARRAY[1,0,3]::sparsevec, ARRAY[1,0,3]::real[]::sparsevec, ARRAY[1,0,3]::float8[]::sparsevec, ARRAY[1,0,3]::numeric[]::sparsevec, ARRAY[1.5,0.0,3]::numeric[]::sparsevec(3);
SELECT '{0,-0,1}'::real[]::sparsevec, '{1e-46,-1e-46}'::float8[]::sparsevec, '{0,0}'::int[]::sparsevec, NULL::real[]::sparsevec;
SELECT '{1e-46,1}'::numeric[]::sparsevec;
SELECT '{1,2,3}'::real[]::sparsevec(2);
SELECT '{{1}}'::real[]::sparsevec;
SELECT '{1,NULL}'::real[]::sparsevec;
SELECT '{}'::real[]::sparsevec;
SELECT '{NaN}'::real[]::sparsevec;
SELECT '{Infinity}'::real[]::sparsevec;
SELECT '{-Infinity}'::float8[]::sparsevec;
SELECT '{4e38}'::float8[]::sparsevec;
SELECT '{NaN}'::numeric[]::sparsevec;
SELECT l2_norm(array_agg(CASE WHEN i % 2 = 0 THEN 0 ELSE 1 END)::sparsevec) FROM generate_series(1, 20000) i;
SELECT array_agg(1)::sparsevec FROM generate_series(1, 16001) i;
SELECT '{1,2}'::text[]::sparsevec;
SELECT '{1:1}/2'::sparsevec::real[];
SELECT '[1,0,3]'::vector::sparsevec, '[0,-0,1e-45]'::vector::sparsevec, '[1,0,3]'::vector::sparsevec(3);
SELECT '[1,0,3]'::vector::sparsevec(2);
SELECT '{1:1.5,3:-3}/3'::sparsevec::vector, '{}/2'::sparsevec::vector, '{2:1}/2'::sparsevec::vector(2);
SELECT '{1:1.5,3:-3}/3'::sparsevec::vector(2);
SELECT '{}/16001'::sparsevec::vector;
SELECT vector_dims('{1:1}/16000'::sparsevec::vector);
SELECT '[1,0,3]'::halfvec::sparsevec, '[0,-0,1e-7]'::halfvec::sparsevec, '[1,0,3]'::halfvec::sparsevec(3);
SELECT '[1,0,3]'::halfvec::sparsevec(2);
SELECT '{1:1.5,3:-3}/3'::sparsevec::halfvec, '{1:1e-8}/2'::sparsevec::halfvec, '{1:65519}/1'::sparsevec::halfvec(1);
SELECT '{1:1.5,3:-3}/3'::sparsevec::halfvec(2);
SELECT '{}/16001'::sparsevec::halfvec;
SELECT '{1:65520}/1'::sparsevec::halfvec;
SELECT castsource::regtype, casttarget::regtype, castcontext FROM pg_cast WHERE 'sparsevec'::regtype IN (castsource, casttarget) ORDER BY 1::text, 2::text, castsource::regtype::text, casttarget::regtype::text;
-- assignment casts are none where an expression wants a type, and dense vectors become sparse by themselves
SELECT '{1:1}/2'::sparsevec <-> '[1,2]'::vector;
SELECT '{1:1}/2'::sparsevec <-> ARRAY[1,2];
-- codes of the casts
\set VERBOSITY sqlstate
SELECT '{{1}}'::real[]::sparsevec;
SELECT '{1,NULL}'::real[]::sparsevec;
SELECT '{}'::real[]::sparsevec;
SELECT '{NaN}'::real[]::sparsevec;
SELECT array_agg(1)::sparsevec FROM generate_series(1, 16001) i;
SELECT '{}/16001'::sparsevec::vector;
SELECT '{1:65520}/1'::sparsevec::halfvec;
\set VERBOSITY default
-- in tables
CREATE TABLE sv (id int, v sparsevec(3));
INSERT INTO sv VALUES (1, '{}/3'), (2, '{1:1,2:2,3:3}/3'), (3, '{1:1,2:1,3:1}/3'), (4, NULL), (5, ARRAY[1,2,4]), (6, '[0,0,7]'::vector);
INSERT INTO sv VALUES (7, '{1:1}/2');
INSERT INTO sv VALUES (7, ARRAY[1,2]);
SELECT id, v, pg_column_size(v) FROM sv ORDER BY v <-> '{1:3,2:3,3:3}/3', id;
SELECT id FROM sv WHERE v = '{1:1,2:2,3:3}/3';
SELECT id FROM sv ORDER BY v, id;
SELECT id, v <#> '{1:3,2:3,3:3}/3', v <+> '{1:3,2:3,3:3}/3' FROM sv ORDER BY id;
SELECT min(v <-> '{1:1}/3'), max(v <-> '{1:1}/3') FROM sv;
SELECT a.id, b.id FROM sv a JOIN sv b ON a.v = b.v ORDER BY 1;
UPDATE sv SET v = '{2:9}/3' WHERE id = 1 RETURNING v;
UPDATE sv SET v = '{2:9}/4' WHERE id = 1;
COPY sv TO STDOUT;
COPY sv FROM STDIN;
8	{1:8}/3
9	\N
\.
COPY sv FROM STDIN;
10	{1:8}/4
\.
COPY sv FROM STDIN;
10	{1:8,1:8}/3
\.
-- the binary format
\set file `echo "${TMPDIR:-/tmp}/tusk-sparsevec-$$.copy"`
\set copy_out '\\copy sv TO ' :'file' ' (FORMAT binary)'
:copy_out
CREATE TABLE sv2 (id int, v sparsevec(3));
\set copy_in '\\copy sv2 FROM ' :'file' ' (FORMAT binary)'
:copy_in
\setenv file :file
\! rm "$file"
SELECT count(*), sum((a.v = b.v)::int), sum((a.v IS NULL AND b.v IS NULL)::int) FROM sv a JOIN sv2 b USING (id);
-- long values are stored out of line, as they are
CREATE TABLE sv3 (v sparsevec);
INSERT INTO sv3 SELECT array_agg(i)::sparsevec FROM generate_series(1, 5000) i;
INSERT INTO sv3 SELECT array_agg(i % 7)::sparsevec FROM generate_series(1, 10000) i;
SELECT pg_column_size(v), l2_norm(v)::numeric(12,2), v <-> v FROM sv3 ORDER BY 1;
SELECT attstorage FROM pg_attribute WHERE attrelid = 'sv3'::regclass AND attname = 'v';
SELECT typlen, typalign, typstorage, typcategory, typarray::regtype, typinput, typsend, typmodin FROM pg_type WHERE typname = 'sparsevec';
SELECT opcname, opcdefault FROM pg_opclass WHERE opcintype = 'sparsevec'::regtype AND opcname = 'sparsevec_ops';
PREPARE p(sparsevec) AS SELECT id FROM sv ORDER BY v <-> $1, id LIMIT 2;
EXECUTE p('{1:1,2:2,3:3}/3');
DEALLOCATE p;
DROP TABLE sv, sv2, sv3, small;
DROP EXTENSION vector;
