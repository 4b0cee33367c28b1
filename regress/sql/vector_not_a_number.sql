-- Distances that are infinite or not a number come in the order of ORDER BY,
-- whichever index answers: NaN last, after Infinity.
CREATE EXTENSION vector;
CREATE TABLE far (i integer, v vector(2));
INSERT INTO far VALUES (1, '[3e38,3e38]'), (2, '[-3e38,0]'), (3, '[3e38,0]'), (4, '[1,0]'), (5, '[-1,0]'),
  (6, '[-3e38,-3e38]');
SELECT i, v <#> '[3e38,-3e38]' AS distance FROM far ORDER BY v <#> '[3e38,-3e38]', i;
SET enable_seqscan = off;
CREATE INDEX x ON far USING hnsw (v vector_ip_ops);
EXPLAIN (COSTS OFF) SELECT i FROM far ORDER BY v <#> '[3e38,-3e38]';
SELECT v <#> '[3e38,-3e38]' AS distance FROM far ORDER BY v <#> '[3e38,-3e38]';
SET hnsw.iterative_scan = strict_order;
SELECT v <#> '[3e38,-3e38]' AS distance FROM far ORDER BY v <#> '[3e38,-3e38]';
RESET hnsw.iterative_scan;
DROP INDEX x;
CREATE INDEX x ON far USING ivfflat (v vector_ip_ops) WITH (lists = 1);
EXPLAIN (COSTS OFF) SELECT i FROM far ORDER BY v <#> '[3e38,-3e38]';
SELECT v <#> '[3e38,-3e38]' AS distance FROM far ORDER BY v <#> '[3e38,-3e38]';
DROP TABLE far;
DROP EXTENSION vector;
