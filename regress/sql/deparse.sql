-- Expressions as EXPLAIN shows them.
CREATE TABLE d (a integer, b bigint, f double precision, r real, t text, o boolean, "Mixed Case" integer);
EXPLAIN (VERBOSE, COSTS OFF) SELECT a + 1, - a, a * (b - 2), f / 2, r, t || 'x', NOT o, "Mixed Case" FROM d;
EXPLAIN (VERBOSE, COSTS OFF) SELECT a = 1 AND b > 2 OR o, a <> -1, a IS NULL, t IS NOT NULL, o IS TRUE, o IS NOT FALSE, o IS UNKNOWN FROM d;
EXPLAIN (VERBOSE, COSTS OFF) SELECT a::bigint, b::integer, a::text, t::integer, f::real, a::double precision, '7'::integer, t::varchar(5) FROM d;
EXPLAIN (VERBOSE, COSTS OFF) SELECT CASE WHEN a > 1 THEN 'x' ELSE t END, CASE a WHEN 1 THEN 2 WHEN 3 THEN b END FROM d;
EXPLAIN (VERBOSE, COSTS OFF) SELECT coalesce(a, 0), nullif(a, 1), greatest(a, 2), least(a, 3), a IS DISTINCT FROM 1 FROM d;
EXPLAIN (VERBOSE, COSTS OFF) SELECT abs(a), length(t), pg_sleep(f), current_user, current_database() FROM d;
EXPLAIN (VERBOSE, COSTS OFF) SELECT 1, -1, 'it''s'::text, 'a\b'::text, 1.5, -1.5, 10000000000, true, NULL, NULL::integer, 1e10 FROM d;
EXPLAIN (VERBOSE, COSTS OFF) SELECT a FROM d WHERE b > 5 AND f < 1.5 AND t = 'x' AND r = 2;
EXPLAIN (VERBOSE, COSTS OFF) SELECT x.a, x.b FROM d AS x WHERE x.a > 0 ORDER BY x.b + 1 DESC, x.a NULLS FIRST LIMIT 3;
EXPLAIN (VERBOSE, COSTS OFF) SELECT count(*), sum(a), avg(b + 1), min(t) FROM d;
EXPLAIN (VERBOSE, COSTS OFF) SELECT count(DISTINCT a), count(*) FILTER (WHERE a > 1) FROM d;
EXPLAIN (VERBOSE, COSTS OFF) DELETE FROM d WHERE a = 1 RETURNING a + 1;
EXPLAIN (VERBOSE, COSTS OFF) INSERT INTO d (a, b) VALUES (1, 2);
DROP TABLE d;
