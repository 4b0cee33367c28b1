-- What the executor's nodes do at the edges: no rows, NULLs, many equal rows,
-- errors half-way, work_mem so small that rows go through files.
CREATE TABLE digits (d integer NOT NULL);
INSERT INTO digits VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);
CREATE TABLE nums (n integer NOT NULL, g integer, t text);
INSERT INTO nums SELECT a.d * 100 + b.d * 10 + c.d, CASE WHEN c.d < 8 THEN c.d END, 'row ' || a.d::text || b.d::text FROM digits a, digits b, digits c;
-- LIMIT and OFFSET
SELECT n FROM nums ORDER BY n LIMIT 3;
SELECT n FROM nums ORDER BY n DESC LIMIT 3 OFFSET 2;
SELECT n FROM nums ORDER BY n OFFSET 998;
SELECT n FROM nums ORDER BY n OFFSET 1000;
SELECT n FROM nums ORDER BY n LIMIT 0;
SELECT n FROM nums ORDER BY n LIMIT NULL OFFSET 999;
SELECT n FROM nums ORDER BY n LIMIT ALL OFFSET 999;
SELECT n FROM nums LIMIT -1;
SELECT n FROM nums OFFSET -1;
SELECT n FROM nums ORDER BY n LIMIT 1 + 1;
SELECT n FROM nums ORDER BY n LIMIT (SELECT count(*) FROM digits WHERE d < 2);
SELECT count(*) FROM (SELECT n FROM nums ORDER BY n LIMIT 500 OFFSET 600) s;
-- sorting
SELECT n, g FROM nums ORDER BY g NULLS FIRST, n DESC LIMIT 3;
SELECT n, g FROM nums ORDER BY g DESC, n LIMIT 3;
SELECT n, g FROM nums ORDER BY g DESC NULLS LAST, n LIMIT 3;
SELECT t, n FROM nums ORDER BY t DESC, n % 3, n LIMIT 4;
SELECT n FROM nums ORDER BY n % 7, -n LIMIT 3;
SELECT d FROM digits ORDER BY d > 4, d DESC;
SELECT a.d, b.n FROM digits a, nums b WHERE a.d = b.n ORDER BY a.d DESC LIMIT 2;
-- the same through files
SET work_mem = '64kB';
SELECT count(*), min(x), max(x), sum(x) FROM (SELECT a.n * 10 + b.d AS x FROM nums a, digits b ORDER BY b.d, a.n DESC) s;
SELECT a.n * 10 + b.d AS x FROM nums a, digits b ORDER BY x DESC OFFSET 9997;
SELECT a.n * 10 + b.d AS x FROM nums a, digits b ORDER BY x OFFSET 5000 LIMIT 2;
SELECT count(DISTINCT a.n * 10 + b.d), count(DISTINCT a.t), count(*) FROM nums a, digits b;
SELECT g, count(*), count(DISTINCT t), sum(n) FROM nums GROUP BY g ORDER BY g NULLS FIRST;
RESET work_mem;
-- aggregates
SELECT count(*), count(g), sum(g), min(g), max(g), avg(g) FROM nums;
SELECT count(*), sum(n), min(n), max(n), avg(n) FROM nums WHERE n < 0;
SELECT count(*) FILTER (WHERE g > 3), sum(n) FILTER (WHERE g IS NULL), count(*) FROM nums;
SELECT count(DISTINCT g), sum(DISTINCT g), min(DISTINCT g) FROM nums;
SELECT g FROM nums WHERE n < 0 GROUP BY g;
SELECT count(*) FROM nums WHERE n < 0 HAVING count(*) > 0;
SELECT count(*) FROM nums WHERE n < 0 HAVING count(*) = 0;
SELECT g, count(*) FROM nums GROUP BY g HAVING count(*) > 100;
SELECT g + 1, count(*) FROM nums WHERE g < 2 GROUP BY g + 1 ORDER BY 1;
SELECT t, max(n) - min(n), avg(n) FROM nums GROUP BY t ORDER BY t LIMIT 2;
SELECT n / 500, g IS NULL, count(*) FROM nums GROUP BY 1, 2 ORDER BY 1, 2;
SELECT max(t), min(t) FROM nums;
SELECT sum(n) + count(*) FROM nums;
SELECT g FROM nums GROUP BY n;
SELECT sum(count(*)) FROM nums;
SELECT n FROM nums WHERE count(*) > 1;
-- DISTINCT
SELECT DISTINCT g FROM nums ORDER BY g;
SELECT DISTINCT g IS NULL, n / 600 FROM nums ORDER BY 1, 2;
SELECT count(*) FROM (SELECT DISTINCT t FROM nums) s;
-- sub-selects
SELECT (SELECT max(n) FROM nums), EXISTS (SELECT 1 FROM nums WHERE n = 5), EXISTS (SELECT 1 FROM nums WHERE n = -5);
SELECT (SELECT n FROM nums WHERE n < 0) IS NULL;
SELECT (SELECT n FROM nums);
SELECT d FROM digits WHERE d = (SELECT min(d) + 1 FROM digits);
SELECT d FROM digits WHERE d IN (SELECT g FROM nums WHERE g > 5) ORDER BY d;
SELECT x, y FROM (SELECT d AS x, d * d AS y FROM digits) s WHERE y > 40 ORDER BY x;
SELECT s.c FROM (SELECT count(*) AS c FROM nums) s, (VALUES (1), (2)) v (i);
WITH big AS (SELECT n FROM nums WHERE n > 995) SELECT * FROM big ORDER BY n;
-- VALUES
VALUES (1, 'one'), (2, NULL), (NULL, 'three');
SELECT * FROM (VALUES (1, 2.5), (2, 3)) v (a, b) ORDER BY b;
-- joins
SELECT a.d, b.g FROM digits a LEFT JOIN nums b ON a.d = b.g AND b.n < 10 ORDER BY a.d;
SELECT a.d, b.d FROM digits a LEFT JOIN digits b ON a.d = b.d + 8 WHERE b.d IS NULL OR b.d > 0 ORDER BY a.d;
SELECT count(*) FROM digits a, digits b WHERE a.d < b.d;
SELECT count(*) FROM digits a LEFT JOIN nums b ON false;
-- expressions
SELECT d, CASE d WHEN 1 THEN 'one' WHEN 2 THEN 'two' ELSE 'many' END FROM digits WHERE d BETWEEN 1 AND 3 ORDER BY d;
SELECT CASE WHEN d > 100 THEN 1 / 0 ELSE d END FROM digits WHERE d = 1;
SELECT coalesce(g, -1), nullif(g, 0), greatest(g, 3), least(g, 3) FROM nums WHERE n IN (0, 5, 8) ORDER BY n;
SELECT g IS DISTINCT FROM NULL, g IS NOT DISTINCT FROM NULL, (g > 3) IS TRUE, (g > 3) IS NOT TRUE, (g > 3) IS UNKNOWN FROM nums WHERE n IN (0, 5, 8) ORDER BY n;
SELECT true AND NULL, false AND NULL, true OR NULL, false OR NULL, NOT NULL::boolean;
SELECT count(*) FROM nums WHERE g > 3 OR g IS NULL;
SELECT count(*) FROM nums WHERE NOT (g > 3);
SELECT n FROM nums WHERE n / (n - 3) > 1 AND n > 3 ORDER BY n LIMIT 1;
-- INSERT and DELETE
CREATE TABLE target (a integer NOT NULL, b text, c double precision);
INSERT INTO target VALUES (1, 'x', 0.5) RETURNING *;
INSERT INTO target (b, a) VALUES ('y', 2), ('z', 3) RETURNING a, b, c IS NULL;
INSERT INTO target SELECT n, t FROM nums WHERE n < 4 ORDER BY n RETURNING a * 10 AS ten, b;
INSERT INTO target (b) VALUES ('no a');
INSERT INTO target VALUES (NULL, 'a text that is much longer than sixty-four characters, which is where it is cut', 1.5);
INSERT INTO target SELECT 1 / (2 - a), 'half-way' FROM target ORDER BY a;
SELECT count(*) FROM target;
INSERT INTO target SELECT a, b FROM target;
SELECT count(*) FROM target;
DELETE FROM target WHERE a = 3 RETURNING a, b;
DELETE FROM target WHERE a > (SELECT avg(a) FROM target);
DELETE FROM target WHERE b IN (SELECT t FROM nums) RETURNING b;
SELECT a, b FROM target ORDER BY a, b;
DELETE FROM target;
SELECT * FROM target;
INSERT INTO target DEFAULT VALUES;
INSERT INTO target VALUES (1, 'x', 1, 2);
INSERT INTO target (a, a) VALUES (1, 2);
INSERT INTO target (nothing) VALUES (1);
-- a cursor position's worth of prepared statements
PREPARE pick (integer, integer) AS SELECT n FROM nums WHERE n > $1 ORDER BY n LIMIT $2;
EXECUTE pick (10, 2);
EXECUTE pick (997, 5);
EXECUTE pick (NULL, 5);
EXECUTE pick (995, NULL);
EXECUTE pick (1);
DEALLOCATE pick;
DROP TABLE target;
DROP TABLE nums;
DROP TABLE digits;
