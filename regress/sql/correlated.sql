-- Sub-selects that refer to the outer query, and those that compare.
CREATE TABLE dept (id integer NOT NULL, name text);
CREATE TABLE emp (id integer NOT NULL, dept integer, name text, pay integer);
INSERT INTO dept VALUES (1, 'one'), (2, 'two'), (3, 'empty'), (4, NULL);
INSERT INTO emp VALUES (10, 1, 'ada', 100), (11, 1, 'bob', 200), (12, 2, 'cyd', 50), (13, NULL, 'dot', 70), (14, 2, 'eve', NULL);
SELECT d.id, (SELECT count(*) FROM emp e WHERE e.dept = d.id) AS n, (SELECT max(e.name) FROM emp e WHERE e.dept = d.id) FROM dept d ORDER BY d.id;
SELECT d.id FROM dept d WHERE EXISTS (SELECT 1 FROM emp e WHERE e.dept = d.id) ORDER BY d.id;
SELECT d.id FROM dept d WHERE NOT EXISTS (SELECT 1 FROM emp e WHERE e.dept = d.id AND e.pay > 60) ORDER BY d.id;
SELECT e.name FROM emp e WHERE pay = (SELECT max(pay) FROM emp x WHERE x.dept = e.dept) ORDER BY 1;
SELECT e.name, (SELECT d.name FROM dept d WHERE d.id = e.dept) FROM emp e ORDER BY 1;
SELECT d.id, (SELECT e.name FROM emp e WHERE e.dept = d.id) FROM dept d;
SELECT d.id, ARRAY(SELECT e.name FROM emp e WHERE e.dept = d.id ORDER BY e.name DESC) FROM dept d ORDER BY d.id;
SELECT ARRAY(SELECT pay FROM emp ORDER BY pay), ARRAY(SELECT id FROM emp WHERE id < 0);
-- the same columns used twice, sorting and limits inside
SELECT d.id, (SELECT e.name FROM emp e WHERE e.dept = d.id ORDER BY e.pay DESC NULLS LAST LIMIT 1), (SELECT sum(e.pay) FROM emp e WHERE e.dept = d.id OR e.id = d.id + 12) FROM dept d ORDER BY 1;
SELECT d.id FROM dept d ORDER BY (SELECT sum(pay) FROM emp WHERE dept = d.id) DESC NULLS LAST, d.id;
-- two levels up
SELECT d.id, (SELECT count(*) FROM emp e WHERE EXISTS (SELECT 1 FROM emp f WHERE f.dept = d.id AND f.id > e.id)) FROM dept d ORDER BY 1;
SELECT d.id, (SELECT (SELECT d.name || e.name) FROM emp e WHERE e.id = d.id + 9) FROM dept d ORDER BY 1;
SELECT d.id, (SELECT count(*) FROM (SELECT e.id FROM emp e WHERE e.dept = d.id) s) FROM dept d ORDER BY 1;
SELECT d.id, (SELECT x FROM (VALUES (d.id * 10)) v (x)) FROM dept d ORDER BY 1;
SELECT d.id, (WITH w AS (SELECT pay FROM emp WHERE dept = 1) SELECT sum(pay) + d.id FROM w) FROM dept d ORDER BY 1;
-- ANY, ALL, NOT IN
SELECT id FROM dept WHERE id IN (SELECT dept FROM emp) ORDER BY id;
SELECT id FROM dept WHERE id NOT IN (SELECT dept FROM emp) ORDER BY id;
SELECT id FROM dept WHERE id NOT IN (SELECT dept FROM emp WHERE dept IS NOT NULL) ORDER BY id;
SELECT id, id IN (SELECT dept FROM emp), id NOT IN (SELECT dept FROM emp WHERE dept > 0), id IN (SELECT dept FROM emp WHERE false) FROM dept ORDER BY id;
SELECT name FROM emp WHERE pay > ALL (SELECT pay FROM emp WHERE dept = 2 AND pay IS NOT NULL) ORDER BY 1;
SELECT name FROM emp WHERE pay > ANY (SELECT pay FROM emp WHERE dept = 1) ORDER BY 1;
SELECT name, pay >= ALL (SELECT pay FROM emp x WHERE x.dept = e.dept) FROM emp e ORDER BY 1;
SELECT id, id = ANY (SELECT dept FROM emp WHERE emp.id < 12) OR id = ANY (SELECT dept FROM emp WHERE emp.id = 12) FROM dept ORDER BY 1;
SELECT d.id FROM dept d WHERE d.id IN (SELECT e.dept FROM emp e WHERE e.name > d.name) ORDER BY 1;
-- grouped
SELECT e.dept, count(*), (SELECT d.name FROM dept d WHERE d.id = e.dept) FROM emp e GROUP BY e.dept ORDER BY 1;
SELECT dept, (SELECT count(*) FROM dept d WHERE d.id < e.pay) FROM emp e GROUP BY dept;
SELECT e.dept, sum((SELECT d.id FROM dept d WHERE d.id = e.dept)) FROM emp e GROUP BY e.dept HAVING count(*) > (SELECT count(*) - 1 FROM dept d WHERE d.id = e.dept) ORDER BY 1;
SELECT CASE WHEN EXISTS (SELECT 1 FROM emp WHERE dept = d.id) THEN 'some' ELSE 'none' END FROM dept d ORDER BY d.id;
-- joins, INSERT and DELETE
SELECT d.id, e.id FROM dept d LEFT JOIN emp e ON e.dept = d.id AND e.pay = (SELECT max(pay) FROM emp x WHERE x.dept = d.id) ORDER BY 1, 2;
SELECT s.id, s.n FROM (SELECT d.id, (SELECT count(*) FROM emp e WHERE e.dept = d.id) AS n FROM dept d) s WHERE s.n > 0 ORDER BY 1;
SELECT (SELECT s.id + d.id) FROM (SELECT id FROM dept WHERE id < 3) s, dept d WHERE d.id > 2 ORDER BY 1;
INSERT INTO dept SELECT e.id, (SELECT d.name FROM dept d WHERE d.id = e.dept) FROM emp e WHERE e.id > 12 RETURNING id, name, (SELECT count(*) FROM emp WHERE emp.id <= dept.id);
INSERT INTO dept VALUES (90, (SELECT name FROM emp WHERE id = 10)), (91, CASE WHEN 5 NOT IN (SELECT dept FROM emp WHERE dept > 0) THEN 'none' END);
SELECT * FROM dept WHERE id >= 90 ORDER BY id;
DELETE FROM dept d WHERE NOT EXISTS (SELECT 1 FROM emp e WHERE e.dept = d.id) RETURNING d.id, (SELECT count(*) FROM emp e WHERE e.id < d.id);
SELECT id FROM dept ORDER BY id;
PREPARE of (integer) AS SELECT d.id, (SELECT count(*) FROM emp e WHERE e.dept = d.id AND e.pay > $1) FROM dept d ORDER BY 1;
EXECUTE of (0);
EXECUTE of (150);
SELECT x.id FROM dept d, (SELECT id FROM emp WHERE dept = d.id) x;
DROP TABLE emp;
DROP TABLE dept;
