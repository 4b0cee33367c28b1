-- Type vector: pgvector's results and messages, in the order of its own tests.
\pset format unaligned
\pset tuples_only on
\pset null NULL
\set SHOW_CONTEXT never
\set VERBOSITY default
CREATE EXTENSION vector;
-- input and output
SELECT '[1,2,3]'::vector;
SELECT '[-1,-2,-3]'::vector;
SELECT '[1.,2.,3.]'::vector;
SELECT ' [ 1,  2 ,    3  ] '::vector;
SELECT '[1.23456]'::vector;
SELECT '[0x10,+1,.5]'::vector;
SELECT '[hello,1]'::vector;
SELECT '[NaN,1]'::vector;
SELECT '[Infinity,1]'::vector;
SELECT '[-Infinity,1]'::vector;
SELECT '[nan]'::vector;
SELECT '[-inf]'::vector;
SELECT '[1.5e38,-1.5e38]'::vector;
SELECT '[1.5e+38,-1.5e+38]'::vector;
SELECT '[1.5e-38,-1.5e-38]'::vector;
SELECT '[4e38,1]'::vector;
SELECT '[-4e38,1]'::vector;
SELECT '[1e-46,1]'::vector;
SELECT '[-1e-46,1]'::vector;
SELECT '[3.4028235e38,1e-45]'::vector;
SELECT '[1,2,3'::vector;
SELECT '[1,2,3]9'::vector;
SELECT '1,2,3'::vector;
SELECT ''::vector;
SELECT '['::vector;
SELECT '[ '::vector;
SELECT '[,'::vector;
SELECT '[]'::vector;
SELECT '[ ]'::vector;
SELECT '[,]'::vector;
SELECT '[1,]'::vector;
SELECT '[1a]'::vector;
SELECT '[1,,3]'::vector;
SELECT '[1, ,3]'::vector;
SELECT '[1 2]'::vector;
SELECT '[1]]'::vector;
-- modifiers
SELECT '[1,2,3]'::vector(3);
SELECT '[1,2,3]'::vector(2);
SELECT '[1,2,3]'::vector(3, 2);
SELECT '[1,2,3]'::vector('a');
SELECT '[1,2,3]'::vector(0);
SELECT '[1,2,3]'::vector(16001);
SELECT '[1,2,3]'::vector(16000);
SELECT '[1,2,3]'::vector(-1);
SELECT '{"[1,2,3]","[4,5,6]"}'::vector[];
SELECT '{"[1,2,3]"}'::vector(2)[];
SELECT unnest('{"[1,2,3]","[4,5]",NULL}'::vector[]);
SELECT format_type('vector'::regtype, 3), format_type('vector[]'::regtype, 3), pg_typeof('[1]'::vector), pg_column_size('[1,2,3]'::vector);
-- arithmetic
SELECT '[1,2,3]'::vector + '[4,5,6]', '[1,2,3]'::vector - '[4,5,6]', '[1,2,3]'::vector * '[4,5,6]', '[1,2,3]'::vector || '[4,5]';
SELECT '[3e38]'::vector + '[3e38]';
SELECT '[-3e38]'::vector - '[3e38]';
SELECT '[1e37]'::vector * '[1e37]';
SELECT '[1e-37]'::vector * '[1e-37]';
SELECT '[0,1]'::vector * '[1e-37,0]';
SELECT '[1,2]'::vector + '[1]';
SELECT '[1,2]'::vector - '[1]';
SELECT '[1,2]'::vector * '[1]';
SELECT vector_dims('[1,2,3]'::vector || '[4,5]'), vector_dims((SELECT array_agg(1) FROM generate_series(1, 15999))::vector || '[1]');
SELECT (SELECT array_agg(0) FROM generate_series(1, 16000))::vector || '[1]';
-- order
SELECT '[1,2,3]'::vector < '[1,2,3]', '[1,2,3]'::vector <= '[1,2,3]', '[1,2,3]'::vector = '[1,2,3]', '[1,2,3]'::vector <> '[1,2,3]', '[1,2,3]'::vector != '[1,2,3]', '[1,2,3]'::vector >= '[1,2,3]', '[1,2,3]'::vector > '[1,2,3]';
SELECT '[1,2,3]'::vector < '[1,2]', '[1,2,3]'::vector <= '[1,2]', '[1,2,3]'::vector = '[1,2]', '[1,2,3]'::vector <> '[1,2]', '[1,2,3]'::vector != '[1,2]', '[1,2,3]'::vector >= '[1,2]', '[1,2,3]'::vector > '[1,2]';
SELECT vector_cmp('[1,2,3]', '[1,2,3]'), vector_cmp('[1,2,3]', '[0,0,0]'), vector_cmp('[0,0,0]', '[1,2,3]'), vector_cmp('[1,2]', '[1,2,3]'), vector_cmp('[1,2,3]', '[1,2]'), vector_cmp('[1,2]', '[2,3,4]'), vector_cmp('[2,3]', '[1,2,3]'), vector_cmp('[0]', '[-0]');
SELECT x FROM (VALUES ('[2]'::vector), ('[1,5]'), (NULL), ('[-1]'), ('[1]'), ('[-1,0]')) t (x) ORDER BY x;
SELECT x, count(*) FROM (VALUES ('[2]'::vector), ('[2]'), ('[1]')) t (x) GROUP BY x ORDER BY x DESC;
-- properties
SELECT vector_dims('[1,2,3]'::vector), round(vector_norm('[1,1]'::vector)::numeric, 5), vector_norm('[3,4]'::vector), vector_norm('[0,1]'::vector), vector_norm('[0,0]'::vector), vector_norm('[2]'::vector);
SELECT vector_norm('[3e37,4e37]'::vector)::real;
SELECT l2_normalize('[3,4]'::vector), l2_normalize('[3,0]'::vector), l2_normalize('[0,0.1]'::vector), l2_normalize('[0,0]'::vector), l2_normalize('[3e38]'::vector);
SELECT l2_normalize('[1e-45,0]'::vector), l2_normalize('[3e38,3e38]'::vector);
SELECT subvector('[1,2,3,4,5]'::vector, 1, 3);
SELECT subvector('[1,2,3,4,5]'::vector, 3, 2);
SELECT subvector('[1,2,3,4,5]'::vector, -1, 3);
SELECT subvector('[1,2,3,4,5]'::vector, 3, 9);
SELECT subvector('[1,2,3,4,5]'::vector, 1, 0);
SELECT subvector('[1,2,3,4,5]'::vector, 3, -1);
SELECT subvector('[1,2,3,4,5]'::vector, -1, 2);
SELECT subvector('[1,2,3,4,5]'::vector, 2147483647, 10);
SELECT subvector('[1,2,3,4,5]'::vector, 3, 2147483647);
SELECT subvector('[1,2,3,4,5]'::vector, -2147483644, 2147483647);
SELECT subvector('[1,2,3,4,5]'::vector, -2147483648, -2147483648);
SELECT subvector('[1,2,3,4,5]'::vector, 0, 2);
SELECT subvector('[1,2,3,4,5]'::vector, 5, 1);
SELECT subvector('[1,2,3,4,5]'::vector, 6, 1);
-- distances
SELECT l2_distance('[0,0]'::vector, '[3,4]'), l2_distance('[0,0]'::vector, '[0,1]'), l2_distance('[1,1,1,1,1,1,1,1,1]'::vector, '[1,1,1,1,1,1,1,4,5]'), l2_distance('[3e38]'::vector, '[-3e38]');
SELECT l2_distance('[1,2]'::vector, '[3]');
SELECT '[0,0]'::vector <-> '[3,4]', vector_l2_squared_distance('[0,0]', '[3,4]');
SELECT inner_product('[1,2]'::vector, '[3,4]'), inner_product('[1,1,1,1,1,1,1,1,1]'::vector, '[1,2,3,4,5,6,7,8,9]'), inner_product('[3e38]'::vector, '[3e38]');
SELECT inner_product('[1,2]'::vector, '[3]');
SELECT '[1,2]'::vector <#> '[3,4]', '[0]'::vector <#> '[1]', vector_negative_inner_product('[1,2]', '[3,4]');
SELECT cosine_distance('[1,2]'::vector, '[2,4]'), cosine_distance('[1,2]'::vector, '[0,0]'), cosine_distance('[1,1]'::vector, '[1,1]'), cosine_distance('[1,0]'::vector, '[0,2]'), cosine_distance('[1,1]'::vector, '[-1,-1]'), cosine_distance('[1,1]'::vector, '[1.1,1.1]'), cosine_distance('[1,1]'::vector, '[-1.1,-1.1]');
SELECT cosine_distance('[3e38]'::vector, '[3e38]');
SELECT cosine_distance('[1,2,3,4,5,6,7,8,9]'::vector, '[1,2,3,4,5,6,7,8,9]'), cosine_distance('[1,2,3,4,5,6,7,8,9]'::vector, '[-1,-2,-3,-4,-5,-6,-7,-8,-9]');
SELECT cosine_distance('[1,2]'::vector, '[3]');
SELECT '[1,2]'::vector <=> '[2,4]';
SELECT l1_distance('[0,0]'::vector, '[3,4]'), l1_distance('[0,0]'::vector, '[0,1]'), l1_distance('[1,2]'::vector, '[1,2]'), l1_distance('[1,2,3,4,5,6,7,8,9]'::vector, '[1,2,3,4,5,6,7,8,0]'), l1_distance('[3e38]'::vector, '[-3e38]');
SELECT l1_distance('[1,2]'::vector, '[3]');
SELECT '[0,0]'::vector <+> '[3,4]';
SELECT vector_spherical_distance('[1,0]', '[1,0]'), vector_spherical_distance('[1,0]', '[0,1]'), vector_spherical_distance('[1,0]', '[-1,0]'), vector_spherical_distance('[2]', '[2]');
SELECT vector_spherical_distance('[1,2]', '[3]');
-- aggregates
SELECT avg(x) FROM (VALUES ('[1,2,3]'::vector), ('[3,5,7]')) t (x);
SELECT sum(x) FROM (VALUES ('[1,2,3]'::vector), ('[3,5,7]')) t (x);
SELECT avg(x) FROM (VALUES ('[1,2,3]'::vector), ('[3,5,7]'), (NULL)) t (x);
SELECT sum(x) FROM (VALUES ('[1,2,3]'::vector), ('[3,5,7]'), (NULL)) t (x);
SELECT avg(x) FROM (VALUES ('[1,2]'::vector), ('[3]')) t (x);
SELECT sum(x) FROM (VALUES ('[1,2]'::vector), ('[3]')) t (x);
SELECT avg(x) FROM (VALUES ('[3e38]'::vector), ('[3e38]')) t (x);
SELECT sum(x) FROM (VALUES ('[3e38]'::vector), ('[3e38]')) t (x);
SELECT avg(x) FROM (VALUES (NULL::vector)) t (x);
SELECT sum(x) FROM (VALUES (NULL::vector)) t (x);
SELECT avg(x), sum(x) FROM (SELECT NULL::vector WHERE false) t (x);
SELECT i % 2, avg(x), sum(x) FROM (SELECT i, ARRAY[i, i * 2]::vector FROM generate_series(1, 10) i) t (i, x) GROUP BY 1 ORDER BY 1;
SELECT avg(DISTINCT x) FROM (VALUES ('[1]'::vector), ('[1]'), ('[4]')) t (x);
SELECT vector_avg('{2,2,4,6}');
SELECT vector_avg('{0}');
SELECT vector_avg('{1}');
SELECT vector_avg('{NULL,2,4,6}');
SELECT vector_avg('{}');
SELECT vector_avg(array_agg(n)) FROM generate_series(1, 16002) n;
SELECT vector_avg('{1,Infinity}');
SELECT vector_avg('{1,NaN}');
SELECT vector_accum('{0}', '[1,2,3]');
SELECT vector_accum('{0,0,0,0}', '[1,2,3]');
SELECT vector_accum('{NULL}', '[1,2,3]');
SELECT vector_accum('{}', '[1,2,3]');
SELECT vector_accum('{0,0}', '[1,2,3]');
SELECT vector_accum('{0,Infinity}', '[1]');
SELECT vector_combine('{1,2}', '{3,4}');
SELECT vector_combine('{1,2}', '{3,4,5}');
SELECT vector_combine('{0}', '{0}');
SELECT vector_combine('{0}', '{1,5}');
SELECT vector_combine('{1,5}', '{0}');
SELECT vector_combine('{NULL}', '{0}');
SELECT vector_combine('{0}', '{NULL}');
SELECT vector_combine('{}', '{0}');
SELECT vector_combine('{0}', '{}');
SELECT vector_combine('{1,1e308}', '{1,1e308}');
SELECT vector_combine('{0}', array_agg(n)) FROM generate_series(1, 16002) n;
SELECT vector_combine(array_agg(n), array_agg(n)) FROM generate_series(1, 16002) n;
-- casts
SELECT ARRAY[1,2,3]::vector, ARRAY[1,2,3]::vector(3);
SELECT ARRAY[1,2,3]::vector(2);
SELECT ARRAY[1.0,2.0,3.0]::vector, ARRAY[1.0,2.0,3.0]::vector(3);
SELECT ARRAY[1.0,2.0,3.0]::vector(2);
SELECT ARRAY[1,2,3]::float4[]::vector, ARRAY[1,2,3]::float4[]::vector(3);
SELECT ARRAY[1,2,3]::float4[]::vector(2);
SELECT ARRAY[1,2,3]::float8[]::vector, ARRAY[1,2,3]::float8[]::vector(3);
SELECT ARRAY[1,2,3]::float8[]::vector(2);
SELECT ARRAY[1,2,3]::numeric[]::vector, ARRAY[1,2,3]::numeric[]::vector(3);
SELECT ARRAY[1,2,3]::numeric[]::vector(2);
SELECT '{NULL}'::int[]::vector;
SELECT '{}'::int[]::vector;
SELECT '{NULL}'::real[]::vector;
SELECT '{}'::real[]::vector;
SELECT '{NaN}'::real[]::vector;
SELECT '{Infinity}'::real[]::vector;
SELECT '{-Infinity}'::real[]::vector;
SELECT '{NULL}'::float8[]::vector;
SELECT '{}'::float8[]::vector;
SELECT '{NaN}'::float8[]::vector;
SELECT '{Infinity}'::float8[]::vector;
SELECT '{-Infinity}'::float8[]::vector;
SELECT '{NULL}'::numeric[]::vector;
SELECT '{}'::numeric[]::vector;
SELECT '{NaN}'::numeric[]::vector;
SELECT '{Infinity}'::numeric[]::vector;
SELECT '{-Infinity}'::numeric[]::vector;
SELECT '{4e38,1}'::float8[]::vector;
SELECT '{1e-46,-1e-46}'::float8[]::vector;
SELECT array_agg(n)::vector FROM generate_series(1, 16001) n;
SELECT vector_dims(array_agg(n % 9)::vector) FROM generate_series(1, 16000) n;
SELECT '[1,2,3.5]'::vector::real[], '[1.23456]'::vector::float4[];
SELECT '[1,2,3]'::vector::integer[];
SELECT '[1,2,3]'::vector::text, '[1,2,3]'::text::vector;
SELECT '[1,2,3]'::vector::halfvec, '[1,2,3]'::vector::halfvec(3);
SELECT '[1,2,3]'::vector::halfvec(2);
SELECT array_to_vector('{a}'::text[], -1, false);
SELECT array_to_vector('{1}'::int[], 2, false);
SELECT ARRAY[1,2,3] = ARRAY[1,2,3];
SELECT '[1,2]'::vector <-> ARRAY[1,2];
SELECT castsource::regtype, casttarget::regtype, castcontext, castmethod FROM pg_cast WHERE castsource = 'vector'::regtype AND casttarget IN ('vector'::regtype, 'halfvec'::regtype, 'real[]'::regtype) OR casttarget = 'vector'::regtype AND castsource::regtype::text LIKE '%[]' ORDER BY castsource, casttarget;
-- tables
CREATE TABLE dense (id int, v vector(3), a vector[]);
INSERT INTO dense VALUES (1, '[1,2,3]', '{"[1]","[2,3]"}'), (2, NULL, NULL), (3, ARRAY[4,5,6], ARRAY['[7]'::vector, NULL]), (4, '[0,0,0]', '{}');
INSERT INTO dense VALUES (5, '[1,2]');
INSERT INTO dense VALUES (5, ARRAY[1,2]);
INSERT INTO dense SELECT 5, '[1,2,3,4]'::halfvec;
INSERT INTO dense SELECT 5, '[7,8,9]'::halfvec;
SELECT * FROM dense ORDER BY v, id;
SELECT id, v <-> '[1,2,2]' FROM dense ORDER BY v <-> '[1,2,2]', id;
SELECT id, a[1], array_upper(a, 1) FROM dense ORDER BY id;
UPDATE dense SET v = v + '[1,1,1]' WHERE id = 4 RETURNING v;
COPY dense TO STDOUT;
COPY dense (id, v) FROM STDIN;
6	[1,1,1]
7	\N
\.
COPY dense (id, v) FROM STDIN;
8	[1,1]
\.
COPY dense (id, v) FROM STDIN;
8	[1,1,x]
\.
PREPARE near (vector) AS SELECT id FROM dense WHERE v IS NOT NULL ORDER BY v <=> $1, id LIMIT 2;
EXECUTE near ('[3,2,1]');
EXECUTE near ('[1]');
DEALLOCATE near;
SELECT attname, format_type(atttypid, atttypmod), attstorage, attalign FROM pg_attribute WHERE attrelid = 'dense'::regclass AND attnum > 1 ORDER BY attnum;
CREATE TABLE dense_wide (v vector(16000));
INSERT INTO dense_wide SELECT array_agg(n % 7) FROM generate_series(1, 16000) n;
SELECT vector_dims(v), v <-> v, subvector(v, 15999, 9), pg_column_size(v) FROM dense_wide;
DROP TABLE dense_wide;
SELECT typname, typlen, typalign, typstorage, typcategory, typinput, typoutput, typreceive, typsend, typmodin, typmodout, typarray::regtype FROM pg_type WHERE typname = 'vector';
SELECT vector_send('[1,-2]'), vector_send('[1.5]');
DROP TABLE dense;
DROP EXTENSION vector;
