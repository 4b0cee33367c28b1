-- Plans, costs and results of the planner, as PostgreSQL 15 has them.
-- expected/planner.out is PostgreSQL's own output, with what Tusk has no nodes
-- for switched off: enable_hashagg, enable_hashjoin, enable_mergejoin,
-- enable_bitmapscan and jit.
create table pt (id int, name text, b boolean, x float8, big bigint);
insert into pt values (1,'a',true,1.5,10),(2,'b',false,2.5,20),(3,'c',null,null,30),(4,'a',true,4.5,40),(5,'b',true,5.5,50),(6,null,false,6.5,60);
create table pu (tid int, note text);
insert into pu values (1,'one'),(1,'uno'),(2,'two'),(7,'seven'),(null,'none');
-- where, folding
explain (costs off) select * from pt where 1 + 1 = id and true;
explain (costs off) select * from pt where not (id = 3);
explain (costs off) select * from pt where not (id > 3 and b);
explain (costs off) select * from pt where not (b is true);
explain (costs off) select * from pt where b = true or false;
explain (costs off) select * from pt where coalesce(null, id) = 3;
explain (costs off) select * from pt where case when 1 = 1 then id else 5 end = 3;
explain (costs off) select * from pt where case 3 when 3 then id else 5 end = 3;
explain (costs off) select * from pt where nullif(id, 3) is null;
explain (costs off) select * from pt where id is distinct from null;
explain (costs off) select * from pt where null::int is null and id is not null;
explain (costs off) select * from pt where id between 2 and 4;
explain select * from pt where id between 2 and 4;
explain select * from pt where id <> 3;
explain select * from pt where b;
explain select * from pt where not b;
explain select * from pt where b is not true;
explain select * from pt where x is null;
explain select * from pt where x is not null or id = 3;
explain select * from pt where id = big;
explain select * from pt where id + 1 = 3;
explain select * from pt where greatest(id, 3) = 3;
explain select upper(name) from pt where abs(id) > 2 order by lower(name);
-- grouping
explain select b, count(*) from pt group by b;
select b, count(*), sum(x), avg(id), min(name), max(big) from pt group by b order by b;
explain select b, name, count(*) from pt group by b, name order by name, b desc;
select b, name, count(*) from pt group by b, name order by name, b desc;
select id % 2 as m, count(*) from pt group by id % 2 having count(*) > 1 order by m desc;
explain select id % 2 as m, count(*) from pt group by id % 2 having count(*) > 1 order by m desc;
select name from pt group by name order by name desc nulls last;
explain select name from pt group by name order by name desc nulls last;
select count(distinct name), count(name), count(*) from pt;
select sum(id) filter (where b) from pt;
select count(*) from pt having count(*) > 10;
select max(id) + min(id) * 2 from pt where b;
explain verbose select max(id) + min(id) * 2 from pt where b;
explain verbose select count(*), count(*) + 1 from pt;
-- distinct
select distinct name from pt order by name;
select distinct b, name from pt order by name, b;
explain select distinct b, name from pt order by name, b;
explain select distinct b, name from pt;
-- order by, limit
select id from pt order by x desc nulls last, id limit 3 offset 1;
explain select id from pt order by x desc nulls last, id limit 3 offset 1;
explain select id from pt limit 0;
explain select id from pt limit null;
explain select id from pt offset 0;
explain select id from pt offset 3;
explain select id from pt limit 10 offset 1000;
explain select id from pt limit (select 2);
select id from pt order by id limit (select 2);
select id from pt order by 1 using >;
explain select id from pt order by 'x', id, id desc;
select id, id as z from pt order by z desc limit 1;
-- joins
select pt.id, pu.note from pt join pu on pt.id = pu.tid order by 1, 2;
select pt.id, pu.note from pt left join pu on pt.id = pu.tid order by 1, 2;
select pt.id, pu.note from pt right join pu on pt.id = pu.tid order by 1, 2;
select pt.id, pu.note from pt left join pu on pt.id = pu.tid and pu.note like 'pu%' where pt.id < 4 order by 1, 2;
select pt.id, pu.note from pt left join pu on pt.id = pu.tid and pt.b where pt.id < 4 order by 1, 2;
select count(*) from pt, pu;
select count(*) from pt cross join pu, pt t3;
select a.id, b.id from pt a, pt b where a.id = b.id + 1 and b.b order by 1;
explain (costs off) select a.id, b.id from pt a, pt b where a.id = b.id + 1 and b.b order by 1;
explain (costs off, verbose) select pt.id, pu.note from pt left join pu on pt.id = pu.tid where pu.note is null;
select pt.id from pt left join pu on pt.id = pu.tid where pu.note is null order by 1;
select a.id, b.note, c.note from pt a join pu b on a.id = b.tid join pu c on c.tid = a.id order by 1,2,3;
select x.id, y.c from pt x join (select tid, count(*) c from pu group by tid) y on x.id = y.tid order by 1;
-- subqueries
select * from (select id, name from pt order by id desc limit 2) s order by id;
explain select * from (select id, name from pt order by id desc limit 2) s order by id;
explain select s.id + 1 from (select id, name from pt order by id desc limit 2) s;
select id, (select count(*) from pu) from pt where id < 3 order by id;
select id from pt where exists (select 1 from pu where tid = 7) order by id limit 2;
select id from pt where not exists (select 1 from pu where tid = 8) order by id limit 2;
select id from pt where id in (select tid from pu) order by id;
select id from pt where id in (select tid from pu where note like '%o%' limit 1) and b order by id;
select (select tid from pu);
with a as (select id from pt where b), c as (select id + 1 as n from a) select * from c order by n;
with a as (select id from pt where b) select x.id, y.id from a x, a y where x.id < y.id order by 1, 2;
with a as materialized (select id from pt where b) select * from a where id > 1 order by 1;
explain (costs off) with a as (select id from pt where b), c as (select id + 1 as n from a) select * from c where n > 2;
select * from (values (1,'x'),(2,'y')) as v(a, b) where a > 1;
explain select * from (values (1,'x'),(2,'y')) as v(a, b) where a > 1;
select a + 1 from (select 3 as a) s;
explain verbose select a + 1 from (select 3 as a) s;
explain verbose select s.a, pt.id from (select 3 as a) s, pt where pt.id < s.a;
select s.a, pt.id from (select 3 as a) s, pt where pt.id < s.a order by 2;
-- insert, delete
insert into pu select id, name from pt where b returning tid + 1, note;
explain (costs off) insert into pu select id, name from pt where b;
explain verbose insert into pu (note) values ('x') returning *;
delete from pu using pt where pu.tid = pt.id and pt.name = 'a' returning pu.tid, pu.note;
delete from pu where tid in (select id from pt where b) returning *;
select count(*) from pu;
delete from pu;
select * from pu;
select 1 as one, 2 as two where 1 > 2;
select current_user = session_user;
select tableoid::regclass, count(*) from pt group by tableoid;
prepare q(int, text) as select id, $2 || name from pt where id > $1 order by id limit $1;
execute q(2, 'z');
explain (costs off) execute q(2, 'z');
deallocate q;
drop table pt;
drop table pu;
-- a condition without columns that differs from row to row belongs to the join
create table pt1 (i int);
create table pt2 (j int);
explain (costs off) select count(*) from pt1, pt2 where random() < 0.5;
explain (costs off) select count(*) from pt1 left join pt2 on random() < 0.5 and i = j where now() > '2001-01-01';
insert into pt1 select generate_series(1, 100);
insert into pt2 select generate_series(1, 100);
select count(*) between 4000 and 6000 from pt1, pt2 where random() < 0.5;
select count(*) between 4000 and 6000 from pt1 left join pt2 on random() < 0.5;
drop table pt1;
drop table pt2;
