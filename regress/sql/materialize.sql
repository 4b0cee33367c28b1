-- Materialize: rows kept below nested loops, in memory and in a file, as
-- PostgreSQL 15 answers (enable_hashjoin, enable_mergejoin off).
create table mat_o (i int);
create table mat_i (j int, t text);
insert into mat_o select generate_series(1, 5);
insert into mat_i select g, repeat('x', 200) || g from generate_series(1, 3000) g;
set work_mem = '64kB';
explain (costs off) select count(*), sum(j), max(length(t)) from mat_o left join mat_i on i <> j;
select count(*), sum(j), max(length(t)) from mat_o left join mat_i on i <> j;
select count(*), min(t), max(t) from mat_o, (select j, t from mat_i order by t offset 0) s where j >= i * 500;
select i, (select count(*) from mat_o o2, mat_i where o2.i + j = mat_o.i + 100) from mat_o order by i;
select i, (select max(t) from (select t from mat_o o2, mat_i where o2.i < mat_i.j order by o2.i, j limit mat_o.i * 3000) s) = (select max(t) from mat_i) from mat_o order by i;
select i, s.n from mat_o, lateral (select count(*) as n from mat_o o2 join mat_i on o2.i = j + mat_o.i) s order by i;
select i, exists (select 1 from mat_o o2, mat_i where o2.i + mat_i.j = mat_o.i + 2) from mat_o order by 1;
select count(*) from mat_o a, mat_o b, mat_i where a.i + b.i = mat_i.j;
reset work_mem;
select count(*), sum(j), max(length(t)) from mat_o left join mat_i on i <> j;
begin; declare mc cursor for select i, j from mat_o, mat_i where j < 3 order by i, j; fetch 3 from mc; fetch 3 from mc; fetch all from mc; commit;
begin; declare mc cursor for select i, j from mat_o, mat_i where j < 3; fetch 3 from mc; fetch 3 from mc; fetch all from mc; commit;
drop table mat_o; drop table mat_i;
