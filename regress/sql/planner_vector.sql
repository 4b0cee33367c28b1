-- When an index gives the order of ORDER BY: the operator, the direction, what
-- stands beside it, sub-selects, parameters, joins.  Four rows: a sequential
-- scan would win, so it is switched off; where a Sort shows, no index can do it.
create extension vector;
create table pv (id bigint, v vector(3), doc int);
create table pvd (d int, name text);
insert into pv values (1,'[1,1,1]',1),(2,'[2,2,2]',2),(3,'[3,3,3]',1),(4,'[4,4,4]',2);
insert into pvd values (1,'one'),(2,'two');
create index pv_l2 on pv using hnsw (v vector_l2_ops);
explain (costs off) select * from pv order by v <-> '[1,2,3]' limit 2;
set enable_seqscan = off;
explain (costs off) select * from pv order by v <-> '[1,2,3]' limit 2;
explain (costs off, verbose) select id from pv order by '[1,2,3]' <-> v;
explain (costs off) select id, v <-> '[1,2,3]' as d from pv where id > 1 order by d limit 2;
select id from pv where id > 1 order by '[1,2,3.1]' <-> v limit 2;
-- another operator, direction, NULLs first, a second column
explain (costs off) select id from pv order by v <=> '[1,2,3]' limit 2;
explain (costs off) select id from pv order by v <-> '[1,2,3]' desc limit 2;
explain (costs off) select id from pv order by v <-> '[1,2,3]' nulls first limit 2;
explain (costs off) select id from pv order by v <-> '[1,2,3]', id limit 2;
explain (costs off) select id from pv order by (v <-> '[1,2,3]') + 1 limit 2;
explain (costs off) select id from pv order by v <-> v limit 2;
-- an index of each kind
create index pv_ip on pv using hnsw (v vector_ip_ops);
create index pv_cos on pv using hnsw (v vector_cosine_ops);
create index pv_l1 on pv using hnsw (v vector_l1_ops);
explain (costs off) select id from pv order by v <#> '[1,2,3]' limit 2;
explain (costs off) select id from pv order by v <=> '[1,2,3]' limit 2;
explain (costs off) select id from pv order by v <+> '[1,2,3]' limit 2;
drop index pv_ip, pv_cos, pv_l1;
-- the value: of a parameter, of a sub-select, of the outer row
prepare pv_near(vector, int) as select id from pv order by v <-> $1 limit $2;
explain (costs off) execute pv_near('[2,2,2]', 1);
execute pv_near('[2,2,2.1]', 1);
explain (costs off) select id from pv order by v <-> (select v from pv where id = 3) limit 1;
select id from pv order by v <-> (select v from pv where id = 3) limit 1;
explain (costs off) select id, (select x.id from pv x where x.id <> pv.id order by x.v <-> pv.v limit 1) from pv;
select id, (select x.id from pv x where x.id < pv.id order by x.v <-> pv.v limit 1) from pv order by pv.id;
-- tables inside of sub-selects and WITH
explain (costs off) select id from (select id, v from pv where id < 4) s order by v <-> '[1,2,3]' limit 2;
explain (costs off) with w as (select id, v from pv) select id from w order by v <-> '[1,2,3]' limit 2;
explain (costs off) select count(*) from (select id from pv order by v <-> '[1,2,3]' limit 2) s;
(select id from pv order by v <-> '[1,1,1]' limit 1) union all (select id from pv order by v <-> '[4,4,4]' limit 1);
-- joins: the table of the index is the outermost, and only under LIMIT
explain (costs off) select pv.id, name from pvd join pv on doc = d order by v <-> '[1,2,3]' limit 3;
explain (costs off) select pv.id, name from pv left join pvd on doc = d order by v <-> '[1,2,3]' limit 3;
explain (costs off) select pv.id, name from pvd left join pv on doc = d order by v <-> '[1,2,3]' limit 3;
explain (costs off) select pv.id, name from pvd join pv on doc = d order by v <-> '[1,2,3]';
select pv.id, name from pvd join pv on doc = d order by v <-> '[3.9,4,4]' limit 3;
-- the nearest of each of many
explain (costs off) select q.id, n.id from pv q, lateral (select x.id from pv x where x.id <> q.id order by x.v <-> q.v limit 1) n;
select q.id, n.id from pv q, lateral (select x.id, x.v <-> q.v as d from pv x where x.id <> q.id order by x.v <-> q.v limit 2) n where q.id in (1, 4) order by 1, d;
-- switched off
set enable_indexscan = off;
set enable_seqscan = on;
explain (costs off) select id from pv order by v <-> '[1,2,3]' limit 2;
reset enable_indexscan;
-- a cursor wants the first rows soon
set enable_sort = off;
explain (costs off) select id from pv order by v <-> '[1,2,3]';
explain (costs off) declare pvc cursor for select id from pv order by v <-> '[1,2,3]';
reset enable_sort;
deallocate pv_near;
drop table pv;
drop table pvd;
drop extension vector;
