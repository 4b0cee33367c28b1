-- WITH: computed once or in place of its name, used in every kind of statement.
CREATE TABLE ct (id int, grp int, v text);
INSERT INTO ct SELECT i, i % 5, 'v' || i FROM generate_series(1, 100) i;
-- in place of its name
EXPLAIN WITH c AS (SELECT id, grp FROM ct WHERE grp = 1) SELECT * FROM c WHERE id < 20;
WITH c AS (SELECT id, grp FROM ct WHERE grp = 1) SELECT * FROM c WHERE id < 20;
EXPLAIN WITH c AS NOT MATERIALIZED (SELECT id, grp FROM ct WHERE grp = 1) SELECT a.id, b.id FROM c a, c b WHERE a.id = b.id AND a.id < 20;
-- computed once
EXPLAIN WITH c AS MATERIALIZED (SELECT id, grp FROM ct WHERE grp = 1) SELECT * FROM c WHERE id < 20;
WITH c AS MATERIALIZED (SELECT id, grp FROM ct WHERE grp = 1) SELECT * FROM c WHERE id < 20;
EXPLAIN WITH c AS (SELECT id, grp FROM ct WHERE grp = 1) SELECT a.id, b.id FROM c a, c b WHERE a.id = b.id AND a.id < 20;
WITH c AS (SELECT id, grp FROM ct WHERE grp = 1) SELECT a.id, b.id FROM c a, c b WHERE a.id = b.id AND a.id < 20;
EXPLAIN (VERBOSE) WITH c AS MATERIALIZED (SELECT id, v FROM ct ORDER BY grp LIMIT 5) SELECT x.id + 1, upper(v) FROM c AS x ORDER BY id + 0;
WITH c AS MATERIALIZED (SELECT id, v FROM ct ORDER BY grp, id LIMIT 5) SELECT x.id + 1, upper(v) FROM c AS x ORDER BY id + 0;
EXPLAIN (COSTS OFF, FORMAT JSON) WITH c AS MATERIALIZED (SELECT id FROM ct) SELECT count(*) FROM c;
-- names of columns; one that nobody uses
WITH c(a, b) AS MATERIALIZED (SELECT id, grp FROM ct) SELECT max(a), min(b) FROM c;
EXPLAIN WITH c AS MATERIALIZED (SELECT 1 / 0) SELECT 1;
WITH c AS MATERIALIZED (SELECT 1 / 0) SELECT 1;
-- volatile functions: once
WITH r AS (SELECT random() AS x) SELECT a.x = b.x FROM r a, r b;
WITH r AS MATERIALIZED (SELECT random() AS x) SELECT a.x = b.x FROM r a, r b;
EXPLAIN WITH r AS (SELECT random() AS x FROM ct) SELECT count(*) FROM r WHERE x > 2;
EXPLAIN WITH r AS NOT MATERIALIZED (SELECT random() AS x FROM ct) SELECT count(*) FROM r WHERE x > 2;
-- several, nested, one through the other
EXPLAIN WITH a AS MATERIALIZED (SELECT id, grp FROM ct WHERE id < 50), b AS MATERIALIZED (SELECT grp, count(*) AS n FROM a GROUP BY grp), c AS (SELECT max(n) AS m FROM b) SELECT b.* FROM b, c WHERE n = m ORDER BY 1;
WITH a AS MATERIALIZED (SELECT id, grp FROM ct WHERE id < 50), b AS MATERIALIZED (SELECT grp, count(*) AS n FROM a GROUP BY grp), c AS (SELECT max(n) AS m FROM b) SELECT b.* FROM b, c WHERE n = m ORDER BY 1;
WITH a AS (WITH b AS MATERIALIZED (SELECT id FROM ct WHERE id < 4) SELECT x.id AS i, y.id AS j FROM b x, b y) SELECT * FROM a WHERE i < j ORDER BY 1, 2;
WITH a AS MATERIALIZED (WITH b AS MATERIALIZED (SELECT id FROM ct WHERE id < 4) SELECT x.id AS i, y.id AS j FROM b x, b y) SELECT p.i, q.j FROM a p, a q WHERE p.i = q.j AND p.j = 1 ORDER BY 1, 2;
WITH a AS (SELECT 1 AS x), b AS (WITH a AS (SELECT 2 AS x) SELECT x FROM a) SELECT a.x, b.x FROM a, b;
-- in sub-selects, of any level
WITH c AS MATERIALIZED (SELECT id, grp FROM ct WHERE id <= 10) SELECT id, (SELECT count(*) FROM c c2 WHERE c2.grp = c1.grp) FROM c c1 ORDER BY id;
EXPLAIN (COSTS OFF) WITH c AS MATERIALIZED (SELECT id, grp FROM ct WHERE id <= 10) SELECT id, (SELECT count(*) FROM c c2 WHERE c2.grp = c1.grp) FROM c c1 ORDER BY id;
WITH c AS MATERIALIZED (SELECT id FROM ct WHERE id <= 3) SELECT * FROM (SELECT id + 1 AS n FROM (SELECT id FROM c WHERE id > 1) s) t ORDER BY n;
EXPLAIN (COSTS OFF) WITH c AS MATERIALIZED (SELECT id FROM ct WHERE id <= 3) SELECT * FROM (SELECT id + 1 AS n FROM (SELECT id FROM c WHERE id > 1) s) t ORDER BY n;
WITH c AS MATERIALIZED (SELECT id FROM ct WHERE id <= 3) SELECT id FROM ct WHERE id IN (SELECT id FROM c) ORDER BY id;
WITH c AS MATERIALIZED (SELECT id FROM ct WHERE id <= 3) SELECT id FROM ct WHERE id NOT IN (SELECT id FROM c) AND id < 6 ORDER BY id;
WITH c AS MATERIALIZED (SELECT id FROM ct WHERE id <= 3) SELECT id FROM ct t WHERE EXISTS (SELECT 1 FROM c WHERE c.id = t.id) ORDER BY id;
WITH c AS (SELECT id FROM ct WHERE id <= 3) SELECT id FROM ct t WHERE EXISTS (SELECT 1 FROM (SELECT id FROM c) d WHERE d.id = t.id) AND id IN (SELECT id FROM c) ORDER BY id;
-- a WITH query that depends on an outer row
SELECT id, (WITH c AS MATERIALIZED (SELECT t.id * 10 AS x) SELECT sum(a.x + b.x) FROM c a, c b) FROM ct t WHERE id < 4 ORDER BY id;
SELECT id, (WITH c AS (SELECT t.id * 10 AS x) SELECT sum(a.x + b.x) FROM c a, c b) FROM ct t WHERE id < 4 ORDER BY id;
SELECT id, (WITH c AS NOT MATERIALIZED (SELECT t.id * 10 AS x) SELECT (SELECT max(x) FROM c) + sum(a.x + b.x) FROM c a, c b) FROM ct t WHERE id < 4 ORDER BY id;
SELECT id, (WITH c AS MATERIALIZED (SELECT id AS x FROM ct u WHERE u.grp = t.grp), d AS MATERIALIZED (SELECT max(x) AS m FROM c) SELECT count(*) FROM c, d WHERE x < m) FROM ct t WHERE id < 4 ORDER BY id;
SELECT t.id, s.n FROM ct t, LATERAL (WITH c AS MATERIALIZED (SELECT id FROM ct u WHERE u.grp = t.grp AND u.id < 12) SELECT count(*) AS n FROM c a, c b) s WHERE t.id < 6 ORDER BY 1;
SELECT t.id, s.n FROM ct t LEFT JOIN LATERAL (WITH c AS MATERIALIZED (SELECT id FROM ct u WHERE u.grp = t.grp AND u.id < 12) SELECT count(*) AS n FROM c a, c b) s ON true WHERE t.id < 6 ORDER BY 1;
-- set operations
WITH c AS MATERIALIZED (SELECT id FROM ct WHERE id < 4) SELECT id FROM c UNION ALL SELECT id + 10 FROM c ORDER BY 1;
WITH c AS MATERIALIZED (SELECT id FROM ct WHERE id < 4 UNION SELECT 99) SELECT id FROM c EXCEPT SELECT id FROM c WHERE id = 2 ORDER BY 1;
EXPLAIN (COSTS OFF) WITH c AS MATERIALIZED (SELECT id FROM ct WHERE id < 4) SELECT id FROM c UNION ALL SELECT id + 10 FROM c;
-- it ends when no more rows are wanted
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) WITH c AS MATERIALIZED (SELECT id FROM ct) SELECT * FROM c LIMIT 2;
EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) WITH c AS MATERIALIZED (SELECT id FROM ct WHERE id <= 3) SELECT (SELECT id FROM c LIMIT 1), (SELECT max(id) FROM c), count(*) FROM c;
-- more than memory holds, read at several places
SET work_mem = '64kB';
WITH c AS MATERIALIZED (SELECT i, repeat('x', 100) AS pad FROM generate_series(1, 5000) i) SELECT count(*), sum(a.i), sum(b.i), max(length(b.pad)) FROM c a JOIN (SELECT i, pad FROM c WHERE i > 4990) b ON a.i = b.i;
WITH c AS MATERIALIZED (SELECT i, repeat('x', 100) AS pad FROM generate_series(1, 5000) i) SELECT (SELECT pad FROM c LIMIT 1) = (SELECT pad FROM c OFFSET 4999), (SELECT count(*) FROM c), (SELECT sum(i) FROM c);
RESET work_mem;
-- other statements
CREATE TABLE cu (id int, n int);
WITH c AS (SELECT id, grp FROM ct WHERE id < 6) INSERT INTO cu SELECT id, grp FROM c;
INSERT INTO cu WITH c AS MATERIALIZED (SELECT id, grp FROM ct WHERE id BETWEEN 6 AND 8) SELECT a.id, b.grp FROM c a, c b WHERE a.id = b.id;
WITH c AS MATERIALIZED (SELECT max(n) AS m FROM cu) UPDATE cu SET n = n + m FROM c WHERE id > 5 RETURNING id, n;
WITH c AS (SELECT max(n) AS m FROM cu) DELETE FROM cu WHERE n = (SELECT m FROM c) RETURNING *;
EXPLAIN (COSTS OFF) WITH c AS MATERIALIZED (SELECT max(n) AS m FROM cu) DELETE FROM cu USING c WHERE n = m;
SELECT * FROM cu ORDER BY 1, 2;
CREATE TABLE cv AS WITH c AS MATERIALIZED (SELECT id FROM ct WHERE id < 4) SELECT a.id AS x, b.id AS y FROM c a, c b;
SELECT count(*) FROM cv;
PREPARE p(int) AS WITH c AS MATERIALIZED (SELECT id FROM ct WHERE id < $1) SELECT count(*) FROM c a, c b;
EXECUTE p(3); EXECUTE p(4);
BEGIN;
DECLARE cur CURSOR FOR WITH c AS MATERIALIZED (SELECT id FROM ct ORDER BY id) SELECT id FROM c;
FETCH 3 FROM cur; FETCH 2 FROM cur;
COMMIT;
-- errors
WITH c AS (SELECT 1), c AS (SELECT 2) SELECT 1;
WITH c AS (SELECT * FROM d), d AS (SELECT 1) SELECT * FROM c;
WITH c(a, b) AS (SELECT 1) SELECT * FROM c;
WITH c AS (SELECT id FROM ct) SELECT * FROM c FOR UPDATE OF c;
SELECT * FROM c;
DROP TABLE ct, cu, cv;
