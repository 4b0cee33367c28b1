-- COPY in text and CSV: what goes in, what comes out, what is refused.
CREATE TABLE c (a integer, b text, d double precision);
COPY c FROM STDIN;
1	one	1.5
2	\N	\N
3	tab\there	-0
4	back\\slash	1e300
5	line\nfeed	3
6		7
\.
COPY c TO STDOUT;
COPY c (b, a) TO STDOUT;
COPY c TO STDOUT (DELIMITER '|', NULL 'nil');
COPY c TO STDOUT (FORMAT csv);
COPY c TO STDOUT WITH CSV HEADER;
COPY c TO STDOUT (HEADER);
COPY c TO STDOUT (FORMAT csv, FORCE_QUOTE *);
COPY c TO STDOUT (FORMAT csv, FORCE_QUOTE (b), QUOTE '''', ESCAPE '\', DELIMITER ';');
COPY (SELECT a, b FROM c WHERE a < 3 ORDER BY a DESC) TO STDOUT;
COPY (SELECT count(*), sum(a) FROM c) TO STDOUT CSV HEADER;
COPY (INSERT INTO c VALUES (7, 'seven', 7) RETURNING a, b) TO STDOUT;
DELETE FROM c;
-- a column list; what is left out is null
COPY c (b) FROM STDIN;
only b
\.
COPY c FROM STDIN WITH (FORMAT csv, NULL 'nil', HEADER);
a,b,d
1,"a ""quoted"" text",1
2,nil,nil
3,"nil",3
4,"two
lines",4
5,,5
\.
COPY c FROM STDIN CSV;
1,"",
2,,2.25
3,"a,b",3
\.
COPY c TO STDOUT;
DELETE FROM c;
COPY c FROM STDIN (FORMAT csv, FORCE_NOT_NULL (b));
1,,1
\.
COPY c FROM STDIN (FORMAT csv, FORCE_NULL (b, d));
2,"",""
\.
COPY c FROM STDIN (HEADER MATCH);
a	b	d
3	x	3
\.
COPY c FROM STDIN (HEADER MATCH);
a	x	d
4	x	3
\.
COPY c FROM STDIN (HEADER MATCH);
a	b
\.
COPY c FROM STDIN (HEADER MATCH);
a	\N	d
\.
COPY c TO STDOUT;
DELETE FROM c;
-- wrong data: nothing stays, and the line is named
COPY c FROM STDIN;
1	good	1
x	bad	1
\.
COPY c FROM STDIN;
1	good	1
2	too few
\.
COPY c FROM STDIN;
1	good	1
2	too	2	many
\.
COPY c FROM STDIN;
1	good	not a number
\.
COPY c FROM STDIN;
99999999999	good	1
\.
COPY c FROM STDIN;
1	a very long value of a column that is not a number and goes on and on for more than a hundred bytes, ä	x
aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa	x	1
\.
COPY c FROM STDIN;
aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaäxxxxx	x	1
\.
COPY c FROM STDIN;
1	\377	1
\.
COPY c FROM STDIN;
1	a\0b	1
\.
COPY c FROM STDIN CSV;
1,"open,1
\.
SELECT count(*) FROM c;
CREATE TABLE n (a integer NOT NULL, b text);
COPY n FROM STDIN;
1	a
\N	b
\.
COPY n (b) FROM STDIN;
b
\.
COPY n FROM STDIN CSV;
,x
\.
SELECT count(*) FROM n;
-- in a transaction block
BEGIN;
COPY n FROM STDIN;
1	a
\.
SELECT count(*) FROM n;
COPY n FROM STDIN;
2	b
x	c
\.
SELECT count(*) FROM n;
ROLLBACK;
SELECT count(*) FROM n;
BEGIN;
COPY n FROM STDIN;
1	a
2	b
\.
COMMIT;
SELECT * FROM n;
-- wrong statements
COPY nowhere FROM '/dev/null';
COPY c (a, x) FROM '/dev/null';
COPY c (a, a) FROM '/dev/null';
COPY c (x) TO STDOUT;
COPY (SELECT a FROM c) TO STDOUT (FORMAT csv, FORCE_QUOTE (x));
COPY pg_settings TO STDOUT;
COPY pg_settings FROM '/dev/null';
COPY (SELECT x FROM c) TO STDOUT;
COPY (DELETE FROM c) TO STDOUT;
COPY c FROM '/dev/null' (FORMAT nosuch);
COPY c FROM '/dev/null' (nosuch true);
COPY c FROM '/dev/null' (FORMAT text, FORMAT csv);
COPY c FROM '/dev/null' (HEADER maybe);
COPY c TO STDOUT (HEADER match);
COPY c FROM '/dev/null' (FREEZE 'x');
COPY c FROM '/dev/null' (DELIMITER);
COPY c FROM '/dev/null' (DELIMITER 'ab');
COPY c FROM '/dev/null' (DELIMITER 'a');
COPY c FROM '/dev/null' (DELIMITER E'\n');
COPY c FROM '/dev/null' (NULL E'\n');
COPY c FROM '/dev/null' (DELIMITER ',', NULL 'a,b');
COPY c FROM '/dev/null' (FORMAT binary, DELIMITER ',');
COPY c FROM '/dev/null' (FORMAT binary, NULL 'x');
COPY c FROM '/dev/null' (FORMAT binary, HEADER);
COPY c FROM '/dev/null' (QUOTE '"');
COPY c FROM '/dev/null' (ESCAPE '"');
COPY c FROM '/dev/null' (FORMAT csv, QUOTE 'ab');
COPY c FROM '/dev/null' (FORMAT csv, QUOTE ',');
COPY c FROM '/dev/null' (FORMAT csv, ESCAPE 'ab');
COPY c FROM '/dev/null' (FORMAT csv, NULL '"');
COPY c TO STDOUT (FORCE_QUOTE (a));
COPY c FROM '/dev/null' (FORMAT csv, FORCE_QUOTE (a));
COPY c FROM '/dev/null' (FORCE_NULL (a));
COPY c TO STDOUT (FORMAT csv, FORCE_NULL (a));
COPY c FROM '/dev/null' (FORCE_NOT_NULL (a));
COPY c TO STDOUT (FORMAT csv, FORCE_NOT_NULL (a));
COPY c (a) FROM '/dev/null' (FORMAT csv, FORCE_NULL (b));
COPY c (a) FROM '/dev/null' (FORMAT csv, FORCE_NOT_NULL (b));
COPY c (a) TO STDOUT (FORMAT csv, FORCE_QUOTE (b));
COPY c FROM '/dev/null' (FORMAT csv, FORCE_NULL 'a');
COPY c FROM '/dev/null' (ENCODING 'klingon');
COPY c FROM STDIN (ENCODING 'utf-8');
1	utf	8
\.
COPY c TO 'relative.txt';
COPY c FROM '/nonexistent/file';
COPY c TO '/nonexistent/file';
COPY c FROM '/tmp';
-- empty ones
CREATE TABLE z ();
COPY z FROM STDIN;


\.
COPY z TO STDOUT;
SELECT count(*) FROM z;
COPY z FROM STDIN;
x
\.
CREATE TABLE s (a text);
COPY s FROM STDIN;

\N
\\.
\.
COPY s TO STDOUT;
COPY s TO STDOUT CSV;
DROP TABLE c;
DROP TABLE n;
DROP TABLE z;
DROP TABLE s;
