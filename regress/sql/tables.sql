-- Tables of plain types: what goes in comes out.
CREATE TABLE plain (id integer NOT NULL, big bigint, r real, d double precision, t text, b boolean);
INSERT INTO plain VALUES (1, 10000000000, 1.5, 2.25, 'one', true);
INSERT INTO plain VALUES (2, -1, 0.1, 0.1, 'two', false), (3, NULL, NULL, NULL, NULL, NULL);
INSERT INTO plain (id, t) VALUES (4, 'it''s'), (5, '');
SELECT * FROM plain;
SELECT id, t FROM plain WHERE id >= 2 AND (t = 'two' OR t IS NULL) ORDER BY id DESC;
SELECT id, id * 2 + 1 AS odd, -big AS neg, r + 1, d / 3, t || '!' AS loud, NOT b FROM plain ORDER BY id;
SELECT count(*), count(big), min(id), max(id), sum(id), avg(id) FROM plain;
SELECT min(t), max(t), min(d), max(r), sum(d), avg(d), sum(big) FROM plain;
SELECT id FROM plain ORDER BY big NULLS FIRST, id LIMIT 3;
SELECT id FROM plain ORDER BY 1 OFFSET 3;
SELECT id FROM plain ORDER BY id LIMIT 2 OFFSET 1;
SELECT id FROM plain WHERE id IN (1, 3, 9) ORDER BY id;
SELECT id FROM plain WHERE id BETWEEN 2 AND 3 ORDER BY id;
SELECT id, CASE WHEN id < 3 THEN 'low' ELSE 'high' END FROM plain ORDER BY id;
SELECT 1 + 1 AS two, 'x' AS letter, NULL AS nothing, 1.5 AS number, true AS yes;
SELECT 7 / 2, 7 % 2, 7.0 / 2, 2 ^ 10, abs(-5);
SELECT '42'::integer + 1, 3.7::integer, 'yes'::boolean, 12::text || 'x', '1e3'::double precision;
SELECT coalesce(NULL, 3), nullif(1, 1), greatest(1, 5, 3), least(2, 1);
DELETE FROM plain WHERE id = 2;
DELETE FROM plain WHERE id > 100;
SELECT id FROM plain ORDER BY id;
-- transactions
BEGIN;
INSERT INTO plain (id) VALUES (10);
SELECT count(*) FROM plain;
ROLLBACK;
SELECT count(*) FROM plain;
BEGIN;
DELETE FROM plain;
SELECT count(*) FROM plain;
SELECT 1 / 0;
SELECT 1;
COMMIT;
SELECT count(*) FROM plain;
BEGIN;
CREATE TABLE gone (a integer);
INSERT INTO gone VALUES (1);
ROLLBACK;
SELECT * FROM gone;
-- COPY
COPY plain FROM STDIN;
20	20	2.5	2.5	tab\there	t
21	\N	\N	\N	\N	\N
\.
COPY plain (id, t) FROM STDIN;
22	last
\.
COPY plain TO STDOUT;
COPY (SELECT id, t FROM plain WHERE id > 20 ORDER BY id) TO STDOUT;
COPY plain FROM STDIN;
23	1
\.
COPY plain FROM STDIN;
24	x	1	1	a	t
\.
COPY plain (id) FROM STDIN;
25	extra
\.
SELECT count(*) FROM plain WHERE id > 22;
-- PREPARE
PREPARE q (integer) AS SELECT t FROM plain WHERE id = $1;
EXECUTE q(1);
EXECUTE q(22);
DEALLOCATE q;
EXECUTE q(1);
DROP TABLE plain;
SELECT * FROM plain;
