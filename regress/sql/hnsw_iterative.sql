-- Scans of hnsw that search on when what they have found is not enough.  The
-- levels of elements are random: what is shown does not depend on them.
create extension vector;
\set VERBOSITY terse
select name, setting, boot_val, min_val, max_val, enumvals, context, vartype from pg_settings where name in ('hnsw.iterative_scan', 'hnsw.max_scan_tuples', 'hnsw.scan_mem_multiplier') order by 1;
select name, short_desc, extra_desc from pg_settings where name in ('hnsw.ef_search', 'hnsw.max_scan_tuples', 'ivfflat.probes') order by 1;
set hnsw.iterative_scan = on;
set hnsw.iterative_scan = strict;
set hnsw.max_scan_tuples = 0;
set hnsw.scan_mem_multiplier = 0.9;
set hnsw.scan_mem_multiplier = 1000.5;
set hnsw.iterations = 1;
set hnsw.scan_mem_multiplier = 2.5;
show hnsw.scan_mem_multiplier;
reset hnsw.scan_mem_multiplier;
create table it (id int, v vector(2));
insert into it select g, array[g % 60, g / 60] from generate_series(1, 3000) g;
create index it_v on it using hnsw (v vector_l2_ops);
set enable_seqscan = off;
explain (costs off) select id from it where id % 300 = 0 order by v <-> '[7,7]' limit 10;
-- as many as are asked for
select count(*), count(distinct id) from (select id from it where id % 300 = 0 order by v <-> '[7,7]' limit 10) s;
select count(*), count(distinct id) from (select id from it where id % 300 = 0 order by v <-> '[7,7]' limit 11) s;
select count(*), count(distinct id) from (select id from it order by v <-> '[7,7]' limit 100) s;
select count(*), count(distinct id) from (select id from it order by v <-> '[7,7]') s;
select count(*), count(distinct id) from (select id from it order by v <-> (select null::vector)) s;
select id from it where id in (1, 400, 3000) order by v <-> '[0,0]' limit 3;
-- the old way
set hnsw.iterative_scan = off;
select count(*) from (select id from it order by v <-> '[7,7]' limit 100) s;
select count(*) < 10 from (select id from it where id % 300 = 0 order by v <-> '[7,7]' limit 10) s;
select count(*) from (select id from it order by v <-> (select null::vector)) s;
-- strict order is in order, relaxed order is complete
set hnsw.iterative_scan = strict_order;
set hnsw.ef_search = 7;
with r as materialized (select v <-> '[7.3,7.1]' as d from it order by v <-> '[7.3,7.1]') select (select array_agg(d) from r) = (select array_agg(d) from (select d from r order by d) s), (select count(*) > 2900 from r);
with r as materialized (select v <-> '[55.2,3.1]' as d from it where id % 3 = 0 order by v <-> '[55.2,3.1]' limit 300) select (select array_agg(d) from r) = (select array_agg(d) from (select d from r order by d) s), (select count(*) from r);
set hnsw.iterative_scan = relaxed_order;
select count(*), count(distinct id) from (select id from it order by v <-> '[7.3,7.1]') s;
-- the first budget: elements visited
set hnsw.max_scan_tuples = 100;
select count(*) between 100 and 500, count(*) = count(distinct id) from (select id from it order by v <-> '[7,7]') s;
select count(*) from (select id from it where id < 0 order by v <-> '[7,7]' limit 1) s;
set hnsw.iterative_scan = strict_order;
select count(*) between 90 and 500, count(*) = count(distinct id) from (select id from it order by v <-> '[7,7]') s;
-- nothing is said where nothing is missing, and of many scans of one node once
select count(*) from (select id from it order by v <-> '[7,7]' limit 10) s;
select count(*) from generate_series(1, 5) g, lateral (select id from it where id < 0 order by v <-> array[g, g]::vector limit 1) s;
-- it never limits the first search
set hnsw.max_scan_tuples = 1;
set hnsw.ef_search = 200;
select count(*) from (select id from it order by v <-> '[7,7]' limit 200) s;
set hnsw.iterative_scan = off;
select count(*) from (select id from it where id < 0 order by v <-> '[7,7]' limit 1) s;
reset hnsw.ef_search;
reset hnsw.max_scan_tuples;
reset hnsw.iterative_scan;
-- the second budget: memory
set work_mem = 64;
select count(*) between 40 and 2999 from (select id from it order by v <-> '[7,7]') s;
set hnsw.scan_mem_multiplier = 20;
select count(*) from (select id from it order by v <-> '[7,7]') s;
reset hnsw.scan_mem_multiplier;
reset work_mem;
-- the settings count as they are when more is needed
begin;
declare c cursor for select id from it order by v <-> '[7,7]';
move 60 in c;
set local hnsw.iterative_scan = off;
move all in c;
\echo :ROW_COUNT
rollback;
begin;
declare c cursor for select id from it order by v <-> '[7,7]';
move 60 in c;
set local hnsw.ef_search = 1000;
move all in c;
\echo :ROW_COUNT
rollback;
begin;
set local hnsw.iterative_scan = off;
declare c cursor for select id from it order by v <-> '[7,7]';
move 10 in c;
set local hnsw.iterative_scan = relaxed_order;
move all in c;
\echo :ROW_COUNT
rollback;
-- few rows, one at a time; more than ten of a value; rows that are gone
truncate it;
select count(*) from (select id from it order by v <-> '[1,1]') s;
insert into it values (1, '[1,1]'), (2, '[2,2]'), (3, '[3,3]');
set hnsw.ef_search = 1;
select id from it order by v <-> '[1,1]';
set hnsw.iterative_scan = strict_order;
select id from it order by v <-> '[1,1]';
set hnsw.max_scan_tuples = 1;
select id from it order by v <-> '[1,1]';
reset hnsw.max_scan_tuples;
reset hnsw.iterative_scan;
insert into it select 10, '[5,5]' from generate_series(1, 35);
select count(*) from (select id from it order by v <-> '[5,5]') s;
delete from it where id in (1, 10);
select id from it order by v <-> '[1,1]';
vacuum it;
select id from it order by v <-> '[1,1]';
drop table it;
reset enable_seqscan;
drop extension vector;
