-- Distances between strings of bits, as pgvector has them, and vectors made
-- into strings of bits.
SELECT hamming_distance(B'1', B'1');  -- no extension yet
SELECT B'1' <~> B'1';
CREATE EXTENSION vector;
-- Hamming
SELECT hamming_distance('111', '111'), hamming_distance('111', '110'), hamming_distance('111', '100'), hamming_distance('111', '000');
SELECT hamming_distance('10101010101010101010', '01010101010101010101'), hamming_distance('', '');
SELECT hamming_distance(repeat('1', 513)::bit(513), repeat('1', 513)::bit(513)), hamming_distance(repeat('1', 513)::bit(513), repeat('0', 513)::bit(513));
SELECT hamming_distance(('1' || repeat('0', 511) || '1')::varbit, repeat('0', 513)::varbit);
SELECT hamming_distance('111', '00');
SELECT hamming_distance('111', '000'::varbit(4)), hamming_distance('1111'::varbit, '01'::varbit(4)::bit(4));
SELECT hamming_distance('', '0');
SELECT hamming_distance(NULL, '1'), pg_typeof(hamming_distance(B'1', B'0'));
-- Jaccard
SELECT jaccard_distance('1111', '1111'), jaccard_distance('1111', '1110'), jaccard_distance('1111', '1100'), jaccard_distance('1111', '1000'), jaccard_distance('1111', '0000'), jaccard_distance('1100', '1000'), jaccard_distance('0000', '0000'), jaccard_distance('', '');
SELECT jaccard_distance('111', '011'), jaccard_distance(B'1110000', B'0011111');
SELECT jaccard_distance(repeat('1', 513)::bit(513), repeat('1', 513)::bit(513)), jaccard_distance(repeat('1', 513)::bit(513), repeat('0', 513)::bit(513)), jaccard_distance(repeat('1', 513)::bit(513), (repeat('1', 256) || repeat('0', 257))::bit(513));
SELECT jaccard_distance('111', '00');
-- operators
SELECT '111' <~> B'100', B'1111' <%> '1110', B'10' <~> '01'::varbit;
SELECT B'1' <~> B'10';
SELECT B'1' <%> '';
SELECT B'1' <-> B'0';
SELECT '[1]'::vector <~> '[2]';
SELECT oid::regoperator, oprcode, oprcom::regoperator, oprresult::regtype FROM pg_operator WHERE oprname IN ('<~>', '<%>') ORDER BY 1;
SELECT oid::regprocedure, provolatile, proisstrict, proparallel FROM pg_proc WHERE proname IN ('hamming_distance', 'jaccard_distance', 'binary_quantize') ORDER BY 1;
-- quantised
SELECT binary_quantize('[1,0,-1]'::vector), binary_quantize('[0,0.1,-0.2,-0.3,0.4,0.5,0.6,-0.7,0.8,-0.9,1]'::vector), binary_quantize('[-0,1e-45]'::vector);
SELECT length(binary_quantize(array_agg(i - 500)::vector)), bit_count(binary_quantize(array_agg(i - 500)::vector)) FROM generate_series(1, 1001) i;
SELECT binary_quantize('[1,0,-1]'::halfvec), binary_quantize('[0,0.1,-0.2,-0.3,0.4,0.5,0.6,-0.7,0.8,-0.9,1]'::halfvec), binary_quantize('[-0,6e-8,-6e-8,1e-8,65504]'::halfvec), binary_quantize(NULL::halfvec);
SELECT binary_quantize('[1,2]');  -- of which type?
SELECT binary_quantize(NULL::vector), pg_typeof(binary_quantize('[1]'::vector));
-- ordered by distance
CREATE TABLE codes (id integer, code bit(3), embedding vector(4));
INSERT INTO codes VALUES (1, B'000', '[1,2,3,4]'), (2, B'100', '[1,-2,3,4]'), (3, B'111', '[-1,-2,3,4]'), (4, B'110', '[-1,-2,-3,4]'), (5, NULL, NULL);
SELECT id, code <~> '111' AS hamming FROM codes ORDER BY code <~> '111', id;
SELECT id, code <%> '110' AS jaccard FROM codes ORDER BY code <%> '110', id;
SELECT id FROM codes ORDER BY binary_quantize(embedding) <~> binary_quantize('[-2,-2,1,1]'::vector), id LIMIT 3;
SELECT id FROM (SELECT * FROM codes ORDER BY binary_quantize(embedding)::bit(4) <~> binary_quantize('[1,-2,3,4]'::vector) LIMIT 3) best ORDER BY embedding <=> '[1,-2,3,4]' LIMIT 2;
SELECT code <~> '11' FROM codes;
EXPLAIN (VERBOSE, COSTS off) SELECT id FROM codes ORDER BY code <~> '111' LIMIT 2;
-- columns that were cut into pieces
CREATE TABLE long_codes (id integer, code bit(64000));
INSERT INTO long_codes SELECT i, (repeat('10', i) || repeat('0', 64000 - 2 * i))::varbit FROM generate_series(0, 30000, 10000) i;
SELECT a.id, b.id, a.code <~> b.code AS hamming, a.code <%> b.code AS jaccard FROM long_codes a, long_codes b WHERE a.id <= b.id ORDER BY 1, 2;
DROP TABLE codes, long_codes;
DROP EXTENSION vector;
