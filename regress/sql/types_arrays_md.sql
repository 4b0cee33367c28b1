-- Arrays of several dimensions: texts and their errors, ARRAY[], functions.
\pset format unaligned
\pset tuples_only
\pset null NULL
SELECT '{{1,2},{3,4}}'::int[], '{{{a}},{{NULL}}}'::text[], ' { { 1 , 2 } , {3,4} } '::int[], '{{"{","}"},{"","\""}}'::text[];
SELECT '{{1}}'::int[], '{{{{{{1}}}}}}'::int[];
SELECT '{{{{{{{1}}}}}}}'::int[];
SELECT '{{1,2},{3}}'::int[];
SELECT '{{1},{2,3}}'::int[];
SELECT '{{1},2}'::int[];
SELECT '{1,{2}}'::int[];
SELECT '{1{2}}'::int[];
SELECT '{{1}{2}}'::int[];
SELECT '{{1}2}'::int[];
SELECT '{{}}'::int[];
SELECT '{{},{}}'::int[];
SELECT '{{1},{}}'::int[];
SELECT '{{1,}}'::int[];
SELECT '{{1},}'::int[];
SELECT '{{,1}}'::int[];
SELECT '{,{1}}'::int[];
SELECT '{{1}'::int[];
SELECT '{{1},'::int[];
SELECT '{{1}}}'::int[];
SELECT '{{1}} x'::int[];
SELECT '{{1'::int[];
SELECT '{{'::int[];
SELECT '{{1,x},{2}}'::int[];
SELECT '{{1,x},{2,3}}'::int[];
SELECT '{{\NULL,NULL},{\a,"b c"}}'::text[];
SELECT '{{1},,{2}}'::int[];
SELECT E'{{1,2},\\{2,3}}'::text[];
SELECT '{{"x"\a}}'::text[];
SELECT ' [1:2][1:1] = {{1},{2}}x'::int[];
SELECT '[ 1:2]={1,2}'::int[];
SELECT '[1:2][0:1]={{1,2},{3,4}}'::int[], '[2][2]={{1,2},{3,4}}'::int[], '[0:0][-1:-1]={{7}}'::int[];
SELECT '[1:2][1:1]={{1,2},{3,4}}'::int[];
SELECT '[1:2]={{1,2},{3,4}}'::int[];
SELECT '[1:1][1:2]={1,2}'::int[];
SELECT '[1:2][1:2]{{1,2},{3,4}}'::int[];
SELECT '[1][1][1][1][1][1][1]={1}'::int[];
SELECT '{{"[1,2]",x},{y,z}}'::varchar(5)[];
-- constructors
SELECT ARRAY[[1,2],[3,4]], ARRAY[ARRAY[1,2],ARRAY[3,4]], ARRAY[['a'],['b']], ARRAY[[[1]],[[2]]];
SELECT ARRAY['{1,2}'::int[], '{3,4}'], ARRAY['{{1}}'::int[], '{{2}}'];
SELECT ARRAY[[1,2.5],[3,NULL]], ARRAY[[1,2],[3,4]]::text[], ARRAY[['1','2'],['3','4']]::int[];
SELECT ARRAY[[1,2],[3]];
SELECT ARRAY[[1,2],[[3,4]]];
SELECT ARRAY[[1],2];
SELECT ARRAY[1,[2]];
SELECT ARRAY[ARRAY[]::int[], ARRAY[]::int[]], ARRAY[NULL::int[]], ARRAY[[]]::int[];
SELECT ARRAY[ARRAY[1], NULL];
SELECT ARRAY[ARRAY[1], ARRAY[]::int[]];
SELECT ARRAY['[0:1]={1,2}'::int[], '[0:1]={3,4}'], ARRAY[ARRAY['a'], '{b}'];
SELECT ARRAY['[0:1]={1,2}'::int[], '{3,4}'];
SELECT ARRAY['{{{{{{1}}}}}}'::int[]];
SELECT ARRAY[[[[[[[1]]]]]]];
SELECT ARRAY[[1,2],[3,x]] FROM (SELECT i AS x FROM generate_series(4, 5) i) t;
SELECT pg_typeof(ARRAY[[1,2],[3,4]]), pg_typeof(ARRAY[['a']]);
-- elements
SELECT a[1][2], a[2][1], a[3][1], a[1][3], a[1], a[1][1][1], a[0][1], a[NULL][1] FROM (SELECT '{{1,2},{3,4}}'::int[]) t (a);
SELECT a[0][1], a[1][2], a[1][0] FROM (SELECT '[0:1][1:2]={{1,NULL},{3,4}}'::int[]) t (a);
SELECT ('{{{1,2}},{{3,4}}}'::int[])[2][1][2];
SELECT a[1][1][1][1][1][1][1] FROM (SELECT '{1}'::int[]) t (a);
-- functions
SELECT array_ndims(a), array_dims(a), array_length(a, 1), array_length(a, 2), array_length(a, 3), array_length(a, 0), array_lower(a, 2), array_upper(a, 2), cardinality(a) FROM (SELECT '[1:2][0:2]={{1,2,3},{4,5,6}}'::int[]) t (a);
SELECT unnest('{{1,2},{3,NULL}}'::int[]);
SELECT generate_subscripts('[1:2][0:2]={{1,2,3},{4,5,6}}'::int[], 2), generate_subscripts('{{1,2}}'::int[], 3);
SELECT generate_subscripts('{{1,2,3}}'::int[], 2, true);
SELECT array_to_string('{{1,2},{3,NULL}}'::int[], ',', '*');
SELECT 3 = ANY ('{{1,2},{3,4}}'::int[]), 5 = ANY ('{{1,2},{3,4}}'::int[]), 0 < ALL ('{{1,2},{3,4}}'::int[]), 3 IN (1, 3);
SELECT '{{1,2},{3,4}}'::int[] = '{{1,2},{3,4}}', '{{1,2},{3,4}}'::int[] = '{1,2,3,4}', '{{1,2,3,4}}'::int[] < '{{1,2},{3,4}}', '{1,2,3,4}'::int[] < '{{1,2,3,4}}', '[0:0][1:1]={{1}}'::int[] < '{{1}}';
SELECT array_cat('{{1,2}}', '{{3,4}}'::int[]), '{{1,2}}'::int[] || '{3,4}'::int[], '{3,4}'::int[] || '{{1,2}}'::int[], '{}'::int[] || '{{1}}'::int[], '{{1}}'::int[] || '{}'::int[];
SELECT '{{1,2}}'::int[] || '{3}'::int[];
SELECT '{{1,2}}'::int[] || '{{3}}'::int[];
SELECT '{3}'::int[] || '{{1,2}}'::int[];
SELECT '{{{1}}}'::int[] || '{1}'::int[];
SELECT '[0:0][1:2]={{1,2}}'::int[] || '{3,4}'::int[], '{3,4}'::int[] || '[0:0][1:2]={{1,2}}'::int[], '[0:0]={1}'::int[] || '[5:5]={2}'::int[], 1 || '[5:5]={2}'::int[], '[5:5]={2}'::int[] || 1;
SELECT '{{1}}'::int[] || 1;
SELECT 1 || '{{1}}'::int[];
SELECT '{{1,2},{3,4}}'::int[]::text[], '{{1.6,2}}'::numeric[]::int[], '[0:0][2:2]={{a}}'::text[]::varchar[];
-- tables
CREATE TABLE md (i int, a int[], t text[]);
INSERT INTO md VALUES (1, '{{1,2},{3,4}}', ARRAY[['a','b']]), (2, '{5}', '{}'), (3, NULL, '{{{x}}}');
SELECT i, a, t, a[2][1], t[1][2] FROM md ORDER BY a, i;
SELECT i, ARRAY[a, a] FROM md WHERE i < 3 ORDER BY i;
SELECT ARRAY[a, '{{9,9},{9,9}}'] FROM md WHERE i = 1;
EXPLAIN (VERBOSE, COSTS OFF) SELECT ARRAY[[i, 2], [3, 4]], a[1][2] FROM md WHERE 1 = ANY (ARRAY[[i, 2]]);
COPY md TO STDOUT;
COPY md FROM STDIN;
4	{{1,2,3}}	{{a,"b c"},{NULL,"NULL"}}
\.
SELECT * FROM md WHERE i = 4;
DROP TABLE md;
