-- COPY ... (FREEZE): of a table that the transaction made or truncated, while no
-- cursor is open.  Expected output by PostgreSQL 15.
CREATE TABLE f (a int, t text);
COPY f FROM stdin (FREEZE);
1	x
\.
COPY f FROM stdin FREEZE;
1	x
\.
BEGIN;
TRUNCATE f;
COPY f FROM stdin (FREEZE);
1	x
2	y
\.
COPY f FROM stdin (FREEZE);
3	z
\.
SELECT * FROM f;
COMMIT;
SELECT * FROM f;
COPY f FROM stdin (FREEZE);
1	x
\.
-- changes and vacuum of such rows
UPDATE f SET t = 'changed' WHERE a = 2;
DELETE FROM f WHERE a = 1;
SELECT * FROM f ORDER BY a;
VACUUM f;
SELECT * FROM f ORDER BY a;
INSERT INTO f VALUES (4, 'w');
SELECT * FROM f ORDER BY a;
-- rows before and after that are not frozen; out of line
BEGIN;
CREATE TABLE g (a int, t text);
INSERT INTO g VALUES (1, 'own');
COPY g FROM stdin WITH (FREEZE on, FORMAT csv);
2,frozen
\.
INSERT INTO g VALUES (3, repeat('x', 100000));
SELECT a, length(t) FROM g;
COMMIT;
BEGIN;
TRUNCATE g;
COPY g FROM stdin (FREEZE);
5	rolled back
\.
ROLLBACK;
SELECT a, length(t) FROM g;
BEGIN;
CREATE TABLE h AS SELECT 1 AS a, 'x' AS t;
COPY h FROM stdin (FREEZE);
2	y
\.
SELECT * FROM h;
ROLLBACK;
-- cursors
BEGIN;
TRUNCATE f;
DECLARE c CURSOR FOR SELECT 1;
COPY f FROM stdin (FREEZE);
1	x
\.
ROLLBACK;
BEGIN;
TRUNCATE f;
DECLARE c CURSOR FOR SELECT 1;
CLOSE c;
COPY f FROM stdin (FREEZE);
1	x
\.
ROLLBACK;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT count(*) FROM f;
TRUNCATE f;
COPY f FROM stdin (FREEZE);
1	x
\.
SELECT * FROM f;
ROLLBACK;
-- temporary tables
CREATE TEMP TABLE tf (a int, t text);
COPY tf FROM stdin (FREEZE);
1	x
\.
BEGIN;
TRUNCATE tf;
COPY tf FROM stdin (FREEZE);
1	x
\.
SELECT * FROM tf;
COMMIT;
COPY f TO stdout (FREEZE);
DROP TABLE f, g, tf;
