-- tusk_check finds nothing wrong in sound tables and indexes.
CREATE EXTENSION vector;
CREATE TABLE checked (id int, e vector(600), v text);
SELECT * FROM tusk_check('checked');
INSERT INTO checked SELECT g, (SELECT array_agg(((g * i) % 97)::float4) FROM generate_series(1, 600) i)::vector, repeat(md5(g::text), g) FROM generate_series(1, 300) g;
CREATE INDEX ON checked USING hnsw (e vector_l2_ops);
CREATE INDEX ON checked USING hnsw (e vector_cosine_ops) WITH (m = 8);
SELECT * FROM tusk_check('checked');
INSERT INTO checked SELECT g, (SELECT array_agg(((g * i) % 89)::float4) FROM generate_series(1, 600) i)::vector, NULL FROM generate_series(301, 400) g;
INSERT INTO checked VALUES (401, NULL, 'no vector'), (402, (SELECT array_agg(0::float4) FROM generate_series(1, 600))::vector, 'no direction');
DELETE FROM checked WHERE id % 7 = 0;
SELECT * FROM tusk_check('checked');
SELECT * FROM tusk_check((SELECT reltoastrelid FROM pg_class WHERE relname = 'checked')::regclass);
SELECT * FROM tusk_check('checked_e_idx');
SELECT * FROM tusk_check('pg_class');
-- 16,000 dimensions, in text and in binary
CREATE TABLE wide (id int, e vector(16000));
INSERT INTO wide SELECT g, (SELECT array_agg((g + i)::float4) FROM generate_series(1, 16000) i)::vector FROM generate_series(1, 5) g;
SELECT id, vector_dims(e), md5(e::text), length(vector_send(e)), e <-> (SELECT e FROM wide WHERE id = 3) AS d FROM wide ORDER BY d, id;
CREATE INDEX ON wide USING hnsw (e vector_l2_ops);
SELECT * FROM tusk_check('wide');
DROP TABLE checked, wide;
DROP EXTENSION vector;
