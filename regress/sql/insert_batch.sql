-- INSERT of many rows goes into the table batch by batch: rows at the ends of
-- batches, rows larger than a batch or a page, an error in a later batch.
CREATE TABLE batch (i int, t text);

-- more rows than a batch holds, and one less, exactly, and one more
INSERT INTO batch SELECT i, 'row ' || i FROM generate_series(1, 999) i;
INSERT INTO batch SELECT i, 'row ' || i FROM generate_series(1000, 1999) i;
INSERT INTO batch SELECT i, 'row ' || i FROM generate_series(2000, 3000) i;
SELECT count(*), count(DISTINCT i), min(i), max(i) FROM batch;
SELECT count(*) FROM batch WHERE t = 'row ' || i;

-- each place once
SELECT count(DISTINCT ctid) FROM batch;

-- the command does not see its own rows
INSERT INTO batch SELECT i + 3000, t FROM batch;
SELECT count(*), count(DISTINCT i) FROM batch;
INSERT INTO batch SELECT count(*), 'count' FROM batch;
SELECT i FROM batch WHERE t = 'count';

-- none, and one
INSERT INTO batch SELECT i, t FROM batch WHERE i < 0;
INSERT INTO batch VALUES (-1, 'one');
INSERT INTO batch VALUES (-2, 'two'), (-3, NULL), (NULL, 'null');
SELECT i, t FROM batch WHERE i < 0 OR i IS NULL ORDER BY i;

-- rows of which few fit in a batch, and one that is stored out of line
CREATE TABLE wide (i int, t text);
INSERT INTO wide SELECT i, repeat('x', 1900) FROM generate_series(1, 200) i;
INSERT INTO wide SELECT i, repeat('abcdefgh', 20000)
	FROM generate_series(201, 204) i;
SELECT count(*), sum(length(t)), min(length(t)), max(length(t)) FROM wide;
SELECT count(*) FROM wide WHERE i > 200 AND t = repeat('abcdefgh', 20000);

-- an error in a later batch leaves nothing of the earlier ones
CREATE TABLE strict (i int NOT NULL, t text);
INSERT INTO strict SELECT nullif(i, 2500), 'x' FROM generate_series(1, 3000) i;
SELECT count(*) FROM strict;
INSERT INTO strict SELECT 10 / (i - 1500), 'x' FROM generate_series(1, 3000) i;
SELECT count(*) FROM strict;

-- rolled back, then room is used again
BEGIN;
INSERT INTO strict SELECT i, 'y' FROM generate_series(1, 2500) i;
SELECT count(*) FROM strict;
ROLLBACK;
SELECT count(*) FROM strict;
INSERT INTO strict SELECT i, 'z' FROM generate_series(1, 2500) i;
SELECT count(*), max(t) FROM strict;

-- with RETURNING each row is shown
INSERT INTO strict SELECT i, 'r' FROM generate_series(1, 3) i RETURNING i, t;

-- after a truncation in the same session
TRUNCATE strict;
INSERT INTO strict SELECT i, 'a' FROM generate_series(1, 1200) i;
SELECT count(*), min(ctid), max(i) FROM strict;
DELETE FROM strict;
VACUUM strict;
INSERT INTO strict SELECT i, 'b' FROM generate_series(1, 1200) i;
SELECT count(*), max(i) FROM strict;

DROP TABLE batch, wide, strict;
