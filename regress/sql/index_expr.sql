-- Indexes on expressions and partial indexes: what CREATE INDEX refuses, what
-- the catalogs and the functions on them show, and which queries use them.
CREATE EXTENSION vector;
CREATE TABLE u (a integer, b text, e boolean, t timestamptz, v vector(3));

-- what an expression and a predicate may be; PostgreSQL's words
CREATE INDEX ON u USING hnsw ((sum(a)));
CREATE INDEX ON u USING hnsw (v vector_l2_ops) WHERE sum(a) > 1;
CREATE INDEX ON u USING hnsw (v vector_l2_ops) WHERE exists (SELECT 1);
CREATE INDEX ON u USING hnsw (generate_series(1, a));
CREATE INDEX ON u USING hnsw (v vector_l2_ops) WHERE generate_series(1, a) > 1;
CREATE INDEX ON u USING hnsw ((random()));
CREATE INDEX ON u USING hnsw (v vector_l2_ops) WHERE random() > 1;
CREATE INDEX ON u USING hnsw ((now()));
CREATE INDEX ON u USING hnsw ((t::text));
CREATE INDEX ON u USING hnsw ((('[' || a || ',1]')::vector(2)) vector_l2_ops);
CREATE INDEX ON u USING hnsw ((v + ctid::text::vector) vector_l2_ops);
CREATE INDEX ON u USING hnsw (ctid);
CREATE INDEX ON u USING hnsw (v vector_l2_ops) WHERE tableoid = 1;
CREATE INDEX ON u USING hnsw ((other.a + 1));
CREATE INDEX ON u USING hnsw ((nope + 1));
CREATE INDEX ON u USING hnsw (nope);
CREATE INDEX ON u USING hnsw (nope) WHERE nope2 = 1;
CREATE INDEX ON u USING nosuch ((nope + 1));
CREATE INDEX ON u USING hnsw (v vector_l2_ops) WHERE a;
CREATE INDEX ON u USING hnsw (v vector_l2_ops) WHERE b;
CREATE INDEX ON u USING hnsw (('abc'));
CREATE INDEX ON u USING hnsw ((NULL));
CREATE INDEX ON u USING hnsw (v vector_l2_ops) WHERE $1;
CREATE INDEX ON u USING hnsw ((a + 1) nosuch_ops);
CREATE INDEX ON u USING hnsw ((a + 1) vector_l2_ops);
CREATE INDEX ON u USING hnsw ((a + 1));
CREATE INDEX ON u USING hnsw ((v::vector(3)) COLLATE "C" vector_l2_ops);
CREATE UNIQUE INDEX ON u USING hnsw ((v + v));
CREATE INDEX ON u USING hnsw ((v + v) vector_l2_ops);
SELECT count(*) FROM pg_index WHERE indrelid = 'u'::regclass;

-- names, columns, texts
CREATE INDEX ON u USING hnsw (((v + v)::vector(3)) vector_l2_ops);
CREATE INDEX ON u USING hnsw ((v::vector(3)) vector_l2_ops);
CREATE INDEX ON u USING hnsw ((subvector(v, 1, 2)::vector(2)) vector_l2_ops);
CREATE INDEX ON u USING hnsw ((v::real[]::vector(3)) vector_ip_ops) WITH (m = 8)
	WHERE u.a > 1 AND (b = 'x' OR b = 'y') AND a IN (1, 2);
CREATE INDEX ON u USING hnsw ((CASE a WHEN 1 THEN v ELSE v + v END::vector(3))
	vector_cosine_ops) WHERE NOT e AND (a BETWEEN 1 AND 3 AND b LIKE 'x%');
CREATE INDEX ON u USING hnsw (v vector_l2_ops) WHERE true;
CREATE INDEX ON u USING hnsw (v vector_l2_ops) WHERE NULL;
CREATE INDEX IF NOT EXISTS u_v_idx ON u USING hnsw (v vector_l2_ops) WHERE e;
\d u
SELECT indexdef FROM pg_indexes WHERE tablename = 'u' ORDER BY indexname;
SELECT pg_get_indexdef(indexrelid, 1, false) AS plain,
	pg_get_indexdef(indexrelid, 1, true) AS pretty,
	pg_get_expr(indexprs, indrelid) AS exprs,
	pg_get_expr(indpred, indrelid, true) AS predicate
FROM pg_index WHERE indrelid = 'u'::regclass ORDER BY indexrelid;
SELECT c.relname, attname, atttypid::regtype, atttypmod, attstorage, attnotnull
FROM pg_attribute JOIN pg_class c ON attrelid = c.oid
WHERE relkind = 'i' AND relname LIKE 'u\_%' ORDER BY 1;
SELECT indkey, indexprs, indpred FROM pg_index
WHERE indexrelid = 'u_subvector_idx'::regclass;
SELECT indkey, indexprs, indpred FROM pg_index
WHERE indexrelid = 'u_v_idx1'::regclass;
SELECT pg_get_expr(indpred, 0) FROM pg_index
WHERE indexrelid = 'u_v_idx1'::regclass;
SELECT pg_get_expr(indpred, 99999) FROM pg_index
WHERE indexrelid = 'u_v_idx1'::regclass;

-- which queries use them
CREATE TABLE p (id integer, cat integer, flag boolean, note text, v vector(3));
INSERT INTO p SELECT i, i % 10, i % 2 = 0, CASE WHEN i % 3 = 0 THEN 'n' || i END,
	('[' || i || ',' || i % 7 || ',1]')::vector FROM generate_series(1, 1000) i;
CREATE INDEX p_cat ON p USING hnsw (v vector_l2_ops) WHERE cat = 3;
CREATE INDEX p_sub ON p USING hnsw ((subvector(v, 1, 2)::vector(2)) vector_l2_ops);
CREATE INDEX p_or ON p USING hnsw (v vector_ip_ops)
	WHERE cat > 5 OR note IS NOT NULL;
SELECT relname, reltuples FROM pg_class WHERE relname IN ('p', 'p_cat', 'p_sub', 'p_or')
	ORDER BY 1;
SET enable_seqscan = off;
\set q 'ORDER BY v <-> ''[1,1,1]'' LIMIT 3'
EXPLAIN (COSTS OFF) SELECT id FROM p WHERE cat = 3 :q;
EXPLAIN (COSTS OFF) SELECT id FROM p WHERE 3 = cat AND id > 5 :q;
EXPLAIN (COSTS OFF) SELECT id FROM p WHERE cat = 3::bigint :q;
EXPLAIN (COSTS OFF) SELECT id FROM p WHERE cat IN (3) :q;
EXPLAIN (COSTS OFF) SELECT id FROM p WHERE cat IN (3, 4) :q;
EXPLAIN (COSTS OFF) SELECT id FROM p WHERE cat >= 3 :q;
EXPLAIN (COSTS OFF) SELECT id FROM p :q;
\set q 'ORDER BY v <#> ''[1,1,1]'' LIMIT 3'
EXPLAIN (COSTS OFF) SELECT id FROM p WHERE cat > 6 AND flag :q;
EXPLAIN (COSTS OFF) SELECT id FROM p WHERE cat = 7 OR note LIKE 'n%' :q;
EXPLAIN (COSTS OFF) SELECT id FROM p WHERE cat IN (6, 9) :q;
EXPLAIN (COSTS OFF) SELECT id FROM p WHERE cat IN (6, 5) :q;
EXPLAIN (COSTS OFF) SELECT id FROM p WHERE lower(note) = 'x' :q;
EXPLAIN (COSTS OFF) SELECT id FROM p WHERE coalesce(note, 'x') = 'x' :q;
\set q 'ORDER BY subvector(v, 1, 2)::vector(2) <-> ''[1,1]'' LIMIT 3'
EXPLAIN (COSTS OFF) SELECT id FROM p :q;
EXPLAIN (COSTS OFF) SELECT id FROM p WHERE cat = 3 :q;
EXPLAIN (COSTS OFF) SELECT id FROM p
	ORDER BY subvector(v, 1, 2) <-> '[1,1]' LIMIT 3;
EXPLAIN (COSTS OFF) SELECT id FROM p
	ORDER BY '[1,1]' <-> subvector(v, 1, 2)::vector(2) LIMIT 3;
-- a row that is locked or changed may have to be tested again
EXPLAIN (COSTS OFF) SELECT id FROM p WHERE cat = 3
	ORDER BY v <-> '[1,1,1]' LIMIT 3 FOR UPDATE;
-- values of a prepared statement are known when it is planned
PREPARE s(integer) AS SELECT id FROM p WHERE cat = $1
	ORDER BY v <-> '[1,1,1]' LIMIT 3;
EXPLAIN (COSTS OFF) EXECUTE s(3);
EXPLAIN (COSTS OFF) EXECUTE s(4);
-- in a join the conditions on the table count
EXPLAIN (COSTS OFF) SELECT p.id FROM p JOIN u ON p.id = u.a WHERE p.cat = 3
	ORDER BY p.v <-> '[1,1,1]' LIMIT 3;
EXPLAIN (COSTS OFF) SELECT p.id FROM p JOIN u ON p.id = u.a WHERE u.a = 3
	ORDER BY p.v <-> '[1,1,1]' LIMIT 3;
EXPLAIN (COSTS OFF) SELECT p.id FROM u LEFT JOIN p ON p.id = u.a AND p.cat = 3
	ORDER BY p.v <-> '[1,1,1]' LIMIT 3;
SELECT id FROM p WHERE cat = 3 ORDER BY v <-> '[1,1,1]' LIMIT 3;
SELECT id FROM p ORDER BY subvector(v, 1, 2)::vector(2) <-> '[500,3]' LIMIT 1;
SELECT id FROM p WHERE cat = 9 ORDER BY v <#> '[1,1,1]' LIMIT 3;
EXECUTE s(3);
EXECUTE s(4);
SET enable_indexscan = off;
SET enable_seqscan = on;
SELECT id FROM p WHERE cat = 3 ORDER BY v <-> '[1,1,1]' LIMIT 3;
SELECT id FROM p ORDER BY subvector(v, 1, 2)::vector(2) <-> '[500,3]' LIMIT 1;
SELECT id FROM p WHERE cat = 9 ORDER BY v <#> '[1,1,1]' LIMIT 3;
RESET enable_indexscan;

-- how many rows the index holds
SELECT tusk_check('p');
UPDATE p SET cat = cat + 1 WHERE id <= 100;
ANALYZE p;
SELECT relname, reltuples FROM pg_class WHERE relname IN ('p', 'p_cat', 'p_sub', 'p_or')
	ORDER BY 1;
SELECT tusk_check('p');

-- names of columns are looked up when the text is made
ALTER TABLE p RENAME cat TO "Category";
SELECT pg_get_indexdef('p_cat'::regclass);
REINDEX TABLE p;
SELECT tusk_check('p');
DROP TABLE u, p;

-- smaller types of the same vectors
CREATE TABLE w (id integer, cat integer, v vector(8), b bit(8));
INSERT INTO w SELECT i, i % 5, ('[' || i || ',2,3,4,-1,-2,3,' || i % 3 || ']')::vector,
	i::bit(8) FROM generate_series(1, 200) i;
CREATE INDEX ON w USING hnsw ((v::halfvec(8)) halfvec_l2_ops);
CREATE INDEX ON w USING hnsw ((binary_quantize(v)::bit(8)) bit_hamming_ops);
CREATE INDEX ON w USING hnsw ((v::sparsevec(8)) sparsevec_l2_ops) WHERE cat = 1;
CREATE INDEX ON w USING hnsw (b bit_jaccard_ops) WHERE b <> '00000000';
SELECT indexdef FROM pg_indexes WHERE tablename = 'w' ORDER BY indexname;
SET enable_seqscan = off;
EXPLAIN (COSTS OFF) SELECT id FROM w
	ORDER BY v::halfvec(8) <-> '[1,2,3,4,5,6,7,8]' LIMIT 5;
EXPLAIN (COSTS OFF) SELECT id FROM (SELECT * FROM w ORDER BY binary_quantize(v)::bit(8)
	<~> binary_quantize('[1,-2,3,4,5,6,7,8]'::vector) LIMIT 20) s
	ORDER BY v <=> '[1,-2,3,4,5,6,7,8]' LIMIT 5;
EXPLAIN (COSTS OFF) SELECT id FROM w WHERE cat = 1
	ORDER BY v::sparsevec(8) <-> '{1:1,3:2}/8' LIMIT 5;
EXPLAIN (COSTS OFF) SELECT id FROM w WHERE b <> B'00000000'
	ORDER BY b <%> '10101010' LIMIT 5;
SELECT id FROM w ORDER BY v::halfvec(8) <-> '[7,2,3,4,-1,-2,3,1]' LIMIT 1;
SELECT id FROM w WHERE cat = 1
	ORDER BY v::sparsevec(8) <-> '{1:16,2:2,3:3}/8' LIMIT 1;
SELECT tusk_check('w');
DROP TABLE w;
RESET enable_seqscan;

-- of the extension is only the index
CREATE TABLE s (a text);
CREATE INDEX ON s USING hnsw ((a::vector(3)) vector_l2_ops) WHERE a IS NOT NULL;
INSERT INTO s VALUES ('[1,2,3]'), (NULL), ('[1,2]');
INSERT INTO s VALUES ('[1,2,3]'), (NULL);
DROP EXTENSION vector;
DROP TABLE s;
DROP EXTENSION vector;
