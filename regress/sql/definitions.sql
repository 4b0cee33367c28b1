-- Objects of the extension in the catalogs, and definitions of indexes.
SELECT count(*) FROM pg_type WHERE typname = 'vector';
SELECT amname FROM pg_am WHERE amname = 'hnsw';
SELECT to_regtype('vector'), format_type(9000, 3), pg_type_is_visible(9000) IS NULL;
SELECT name, installed_version FROM pg_available_extensions;
CREATE EXTENSION vector;
SELECT name, installed_version FROM pg_available_extensions;
SELECT typname, typlen, typstorage, typarray, typdelim FROM pg_type WHERE oid = to_regtype('vector');
SELECT oprname, oprleft::regtype, oprresult::regtype, oprcode FROM pg_operator WHERE oprname IN ('<->', '<#>', '<=>', '<+>') AND oprleft = 'vector'::regtype ORDER BY oprname;
SELECT amname, amtype FROM pg_am WHERE amname = 'hnsw';
SELECT opcname, opcintype::regtype, opcdefault FROM pg_opclass WHERE opcmethod = (SELECT oid FROM pg_am WHERE amname = 'hnsw') ORDER BY opcname;
CREATE TABLE items (id integer, embedding vector(3), "Other V" vector(2));
CREATE INDEX ON items USING hnsw (embedding vector_l2_ops);
CREATE INDEX "By Angle" ON items USING hnsw ("Other V" vector_cosine_ops) WITH (m = 8, ef_construction = 32);
SELECT schemaname, tablename, indexname, tablespace, indexdef FROM pg_indexes ORDER BY indexname;
SELECT pg_get_indexdef('"By Angle"'::regclass, 1, false), pg_get_indexdef('"By Angle"'::regclass, 0, true), pg_get_indexdef('"By Angle"'::regclass, 2, true) = '';
SELECT tablename, hasindexes FROM pg_tables WHERE schemaname = 'public';
\d items
\d+ items
\d items_embedding_idx
\dAc hnsw
\dAf hnsw
\dAo hnsw
\dAp hnsw
\dC vector
\do <->
\df vector_norm
\dx vector
SET enable_seqscan = off;
EXPLAIN (COSTS OFF) SELECT id FROM items ORDER BY embedding <-> '[1,2,3]' LIMIT 5;
EXPLAIN (COSTS OFF, VERBOSE) SELECT embedding <-> '[1,2,3]' FROM items WHERE id > 1 ORDER BY embedding <-> '[1,2,3]' LIMIT 5;
EXPLAIN (COSTS OFF, VERBOSE) SELECT id, '[1,2]'::vector(2), "Other V"::vector(2), embedding + '[1,1,1]', vector_norm(embedding) FROM items AS i ORDER BY i."Other V" <=> '[3,4]';
SET search_path = pg_catalog;
EXPLAIN (COSTS OFF) SELECT id FROM public.items ORDER BY embedding OPERATOR(public.<->) '[1,2,3]' LIMIT 5;
SELECT pg_get_indexdef('public.items_embedding_idx'::regclass, 0, true);
SELECT 'public.items'::regclass, 'public.vector'::regtype, pg_table_is_visible('public.items'::regclass), pg_type_is_visible('public.vector'::regtype);
RESET search_path;
DROP TABLE items;
CREATE TABLE items (id bigint PRIMARY KEY, embedding vector(3));
CREATE TABLE items (id bigint, embedding vector(3), PRIMARY KEY (id));
DROP EXTENSION vector;
SELECT count(*) FROM pg_type WHERE typname = 'vector';
