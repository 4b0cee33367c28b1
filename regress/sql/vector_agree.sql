-- The vector types agree with each other, with arrays and with plain sums.
\pset format unaligned
\pset tuples_only on
CREATE EXTENSION vector;
-- order: that of arrays, whatever the type; no line but the counts
CREATE TABLE a (v real[]);
INSERT INTO a SELECT ARRAY[-(i & 1), -(i >> 1 & 1), -(i >> 2 & 1)]::real[] AS v FROM generate_series(0, 7) i;
CREATE TABLE q (v real[]);
INSERT INTO q SELECT v FROM a UNION ALL SELECT ARRAY[-(i & 1), -(i >> 1 & 1)]::real[] FROM generate_series(0, 3) i UNION ALL SELECT ARRAY[-(i & 1), -(i >> 1 & 1), -(i >> 2 & 1), -(i >> 3 & 1)]::real[] FROM generate_series(0, 15) i;
SELECT count(*), count(DISTINCT btarraycmp(a.v, q.v)) FROM a, q;
SELECT count(*) FROM a, q WHERE btarraycmp(a.v, q.v) <> vector_cmp(a.v::vector, q.v::vector) OR btarraycmp(a.v, q.v) <> halfvec_cmp(a.v::halfvec, q.v::halfvec) OR btarraycmp(a.v, q.v) <> sparsevec_cmp(a.v::sparsevec, q.v::sparsevec);
SELECT count(*) FROM a, q WHERE (a.v < q.v) <> (a.v::vector < q.v::vector) OR (a.v < q.v) <> (a.v::halfvec < q.v::halfvec) OR (a.v = q.v) <> (a.v::halfvec = q.v::halfvec) OR (a.v >= q.v) <> (a.v::vector >= q.v::vector);
DROP TABLE a, q;
-- distances: sums of small integers are exact, so their texts are the same
SELECT setseed(0.5);
CREATE TABLE t (i int, v vector);
INSERT INTO t SELECT i, ARRAY[floor(random() * 4) - 2, floor(random() * 4) - 2, floor(random() * 4) - 2, floor(random() * 4) - 2, floor(random() * 4) - 2]::real[]::vector AS v FROM generate_series(1, 2000) i;
SELECT count(*) FROM t, t q WHERE q.i <= 10 AND ((t.v <-> q.v)::text <> (t.v::halfvec <-> q.v::halfvec)::text OR (t.v <#> q.v)::text <> (t.v::halfvec <#> q.v::halfvec)::text OR (t.v <=> q.v)::text <> (t.v::halfvec <=> q.v::halfvec)::text OR (t.v <+> q.v)::text <> (t.v::halfvec <+> q.v::halfvec)::text);
SELECT count(*) FROM t, t q WHERE q.i <= 10 AND ((t.v <-> q.v)::text <> (t.v::sparsevec <-> q.v::sparsevec)::text OR (t.v <#> q.v) <> (t.v::sparsevec <#> q.v::sparsevec) OR (t.v <=> q.v)::text <> (t.v::sparsevec <=> q.v::sparsevec)::text OR (t.v <+> q.v)::text <> (t.v::sparsevec <+> q.v::sparsevec)::text);
SELECT count(*) FROM t, t q WHERE q.i <= 5 AND (t.v::halfvec::vector <> t.v OR t.v::sparsevec::vector <> t.v OR t.v::real[]::halfvec <> t.v::halfvec OR t.v::halfvec::sparsevec <> t.v::sparsevec);
DROP TABLE t;
-- aggregates
CREATE TABLE s (i int, x real, y real);
INSERT INTO s SELECT i, random()::real + 1.01 AS x, random()::real + 2.01 AS y FROM generate_series(1, 20000) i;
SELECT avg(ARRAY[x, y]::vector)::text = '[' || avg(x)::real || ',' || avg(y)::real || ']' FROM s;
SELECT avg(ARRAY[x, y]::vector) IS NULL, avg(ARRAY[x, y]::halfvec) IS NULL, sum(ARRAY[x, y]::vector) IS NULL FROM s WHERE i < 0;
SELECT i % 3, avg(ARRAY[x, y]::vector) = ARRAY[avg(x), avg(y)]::vector FROM s GROUP BY 1 ORDER BY 1;
DROP TABLE s;
-- a sum of halves stays where the next number is less than half of a step
SELECT sum('[1.5,2.5,3.5]'::halfvec), avg('[1.5,2.5,3.5]'::halfvec) FROM generate_series(1, 10000);
DROP EXTENSION vector;
