-- Arrays: elements found, removed, replaced, as sets; array_fill, trim_array, string_to_array, array_agg of arrays.
\pset format unaligned
\pset tuples_only
\pset null NULL
SELECT array_position(ARRAY[1,2,3,2], 2), array_position(ARRAY[1,2,3,2], 2, 3), array_position('[5:7]={1,2,3}'::int[], 3), array_position(ARRAY[1,NULL], NULL), array_position(ARRAY[1], NULL), array_position(NULL::int[], 1), array_position('{}'::int[], 1), array_position(ARRAY['a','b'], 'c');
SELECT array_position('{{1}}'::int[], 1);
SELECT array_position('{1}'::int[], 1, NULL);
SELECT array_position('{}'::int[], 1, NULL);
SELECT array_position(ARRAY[1.5,2], 2), array_position(ARRAY['x','y']::text[], 'y');
SELECT array_positions(ARRAY[1,2,1,NULL], 1), array_positions(ARRAY[1,NULL,NULL], NULL), array_positions('{}'::int[], 1), array_positions(NULL::int[], 1), array_positions('[0:1]={7,7}'::int[], 7);
SELECT array_positions('{{1}}'::int[], 1);
SELECT array_remove(ARRAY[1,2,1], 1), array_remove(ARRAY[1,1], 1), array_remove(ARRAY[1,NULL], NULL), array_remove(NULL::int[], 1), array_remove('[3:5]={1,2,3}'::int[], 2), array_remove(ARRAY['a','b'], 'a');
SELECT array_remove('{{1}}'::int[], 1);
SELECT array_replace(ARRAY[1,2,1], 1, 9), array_replace(ARRAY[1,NULL], NULL, 0), array_replace(ARRAY[1,2], 2, NULL), array_replace('[0:0][1:2]={{1,2}}'::int[], 2, 5), array_replace(NULL::int[], 1, 2), array_replace('{}'::text[], 'a', 'b');
SELECT trim_array(ARRAY[1,2,3], 1), trim_array(ARRAY[1,2,3], 0), trim_array(ARRAY[1,2,3], 3), trim_array('[5:7]={1,2,3}'::int[], 1), trim_array('{{1,2},{3,4}}'::int[], 1), trim_array('{}'::int[], 0);
SELECT trim_array(ARRAY[1,2,3], 4);
SELECT trim_array(ARRAY[1,2,3], -1);
-- sets
SELECT ARRAY[1,2,3] @> ARRAY[2,2], ARRAY[1,2,3] @> ARRAY[4], ARRAY[1,2] <@ ARRAY[2,1,0], ARRAY[1,2] && ARRAY[2,3], ARRAY[1] && ARRAY[2], '{}'::int[] <@ '{1}'::int[], '{1}'::int[] @> '{}'::int[], '{}'::int[] && '{}'::int[];
SELECT ARRAY[1,NULL] @> ARRAY[NULL]::int[], ARRAY[1,NULL] && ARRAY[NULL]::int[], ARRAY[1,NULL] @> ARRAY[1], '{{1,2},{3,4}}'::int[] @> '{4}'::int[], NULL::int[] @> '{1}'::int[];
SELECT ARRAY['a','b'] @> ARRAY['a'], ARRAY['a','b'] && '{b,c}', ARRAY[1.5] <@ ARRAY[1.50, 2];
SELECT ARRAY['{}'::json] @> ARRAY['{}'::json];
CREATE TABLE tagged (i int, tags text[]);
INSERT INTO tagged VALUES (1, '{a,b}'), (2, '{b}'), (3, '{}'), (4, NULL);
SELECT i FROM tagged WHERE tags @> '{b}' ORDER BY i;
SELECT i FROM tagged WHERE tags && ARRAY['a','z'] ORDER BY i;
SELECT i FROM tagged WHERE NOT tags <@ '{b}' ORDER BY i;
EXPLAIN SELECT i FROM tagged WHERE tags @> '{b}';
EXPLAIN SELECT i FROM tagged WHERE tags @> '{a,b}';
EXPLAIN SELECT i FROM tagged WHERE tags && '{a,b}';
EXPLAIN SELECT i FROM tagged WHERE tags <@ '{a,b}';
EXPLAIN SELECT i FROM tagged WHERE tags && tags;
DROP TABLE tagged;
-- array_fill
SELECT array_fill(7, ARRAY[3]), array_fill(NULL::text, ARRAY[2]), array_fill('x'::text, ARRAY[2,2]), array_fill(1, ARRAY[2], ARRAY[5]), array_fill(0, ARRAY[1,2], ARRAY[-1,0]), array_fill(1, '{}'), array_fill(1, ARRAY[0]), array_fill(1, ARRAY[2,0]);
SELECT array_fill(1, NULL);
SELECT array_fill(1, ARRAY[2], NULL);
SELECT array_fill(1, ARRAY[NULL]::int[]);
SELECT array_fill(1, ARRAY[[1]]);
SELECT array_fill(1, ARRAY[1], ARRAY[1,2]);
SELECT array_fill(1, ARRAY[1,1,1,1,1,1,1]);
SELECT array_fill(1, ARRAY[2000000000]);
SELECT array_fill(1, ARRAY[-1]);
SELECT array_fill(1, ARRAY[2], ARRAY[2147483647]);
SELECT cardinality(array_fill(0, ARRAY[16000]));
-- string_to_array
SELECT string_to_array('a,b,,c', ','), string_to_array('a,b', ',', 'b'), string_to_array('', ','), string_to_array('abc', NULL), string_to_array('abc', ''), string_to_array(NULL, ','), string_to_array('aXXbXXX', 'XX'), string_to_array('äöü', NULL), string_to_array(',', ',', ''), string_to_array('a', ',', NULL);
-- array_agg of arrays
SELECT array_agg(ARRAY[i, i * i]) FROM generate_series(1, 3) i;
SELECT array_agg(a) FROM (VALUES ('{{a,NULL}}'::text[]), ('{{c,d}}')) t (a);
SELECT array_agg(a) FROM (SELECT '{1}'::int[] WHERE false) t (a);
SELECT array_agg(a) FROM (VALUES ('{1}'::int[]), (NULL)) t (a);
SELECT array_agg(a) FROM (VALUES ('{1}'::int[]), ('{}')) t (a);
SELECT array_agg(a) FROM (VALUES ('{1}'::int[]), ('{1,2}')) t (a);
SELECT array_agg('{{{{{{1}}}}}}'::int[]);
SELECT i % 2, array_agg(ARRAY[repeat('x', i)]) FROM generate_series(1, 4) i GROUP BY 1 ORDER BY 1;
SELECT cardinality(array_agg(ARRAY[i, i, i])) FROM generate_series(1, 5000) i;
-- arguments that go to a common type
SELECT ARRAY[1.5] || 2, 1 || ARRAY[2.5], ARRAY[1] || 2.5, 1.5 || ARRAY[1], ARRAY[1] || ARRAY[2.5], array_append(ARRAY[1::bigint], 2), array_prepend(1, ARRAY[2::real]), array_cat(ARRAY[1], ARRAY[2::bigint]);
SELECT pg_typeof(ARRAY[1] || 2.5), pg_typeof(ARRAY[1::smallint] || 1), pg_typeof(array_append(ARRAY[1.5::real], 2)), pg_typeof('{1}'::int[] || '2'), pg_typeof(ARRAY['a'] || 'b'::varchar), pg_typeof(ARRAY['a'::varchar] || 'b'::text);
SELECT array_position(ARRAY[1,2,3], 2.0), array_position(ARRAY[1::bigint,2], 2), array_positions(ARRAY[1,2,2], 2::bigint), array_remove(ARRAY[1,2], 2.0), array_replace(ARRAY[1,2], 2.0, 3.5), array_replace(ARRAY[1.5], 1.5, 2);
SELECT ARRAY[1] || 'x'::text;
SELECT ARRAY[1] || true;
SELECT array_append(ARRAY[1], true);
SELECT array_append(ARRAY[1], 'a');
SELECT array_append(1, 2);
SELECT array_cat(ARRAY[1], ARRAY['a'::text]);
SELECT array_position(ARRAY[1], 'a'::text);
SELECT array_append(NULL, NULL);
SELECT array_append(NULL, 1), array_cat(NULL, ARRAY[1]), array_append('{1}', 2);
SELECT ARRAY[1] = ARRAY[1::bigint];
SELECT ARRAY[1] @> ARRAY[1::bigint];
SELECT 'a' || ARRAY['b'], ARRAY['b'] || NULL, NULL || ARRAY[1];
