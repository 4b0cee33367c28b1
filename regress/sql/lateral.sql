-- LATERAL: items of FROM that refer to those before them, as PostgreSQL 15
-- answers (its plans with enable_hashagg, enable_hashjoin, enable_mergejoin
-- and enable_memoize off).
create table la (i int, n int, t text);
create table lb (j int, k int);
insert into la values (1,2,'a'),(2,0,'b'),(3,3,'c'),(4,null,'d'),(null,1,'e');
insert into lb values (1,10),(1,11),(2,20),(3,30),(3,31),(3,32),(null,5);
select i, g from la, generate_series(1, n) g order by 1, 2;
select i, g from la left join generate_series(1, n) g on true order by 1, 2;
select i, g from la join lateral generate_series(1, n) g on g > 1 order by 1, 2;
select i, s.* from la, lateral (select k from lb where j = i order by k desc limit 2) s order by 1, 2;
select i, s.* from la left join lateral (select k from lb where j = i order by k desc limit 2) s on true order by 1, 2;
select i, c from la cross join lateral (select count(*) as c from lb where j = la.i) s order by 1;
select i, x from la, lateral (select i + coalesce(n, 100) as x) s where x > 3 order by 1;
select i, x, y from la, lateral (select i * 2 as x) s, lateral (select x + k as y from lb where j = la.i) r order by 1, 2, 3;
select a.i, b.k, s.z from la a join lb b on a.i = b.j, lateral (select a.i + b.k as z) s order by 1, 2;
select a.i, x.m from la a, (lb b join lateral (select max(l.i) as m from la l where l.i <= b.j and l.i <= a.i) s on true) x where x.j = a.i order by 1, 2;
select i, v.* from la, lateral (values (i, 'x'), (n, 'y')) v(a, b) order by 1, 2, 3;
select i, u.* from la, lateral (select i union all select n union select 7) u order by 1, 2;
select i, w.c from la, lateral (with q as (select k from lb where j = i) select count(*) as c from q) w order by 1;
select i, e from la, unnest(array[i, n, 5]) e order by 1, 2;
select i, (select sum(g) from generate_series(1, la.n) g) from la order by i;
select i from la where exists (select 1 from lb, lateral (select lb.k + la.n as z) s where s.z > 32 and lb.j = la.i) order by 1;
select i, s.r from la, lateral (select array(select k from lb where j = la.i order by k) as r) s order by 1;
select l.i, s.d from la l, lateral (select distinct on (j) k as d from lb where j >= l.i order by j, k desc) s order by 1, 2;
select * from la, (select i) s;
select * from lateral (select x.i) s, la x;
select * from la a, lateral (select b.i) s, la b;
explain (costs off) select i, g from la, generate_series(1, n) g;
explain (costs off, verbose) select i, s.k from la, lateral (select k from lb where j = i order by k desc limit 2) s;
explain (costs off) select i, s.c from la left join lateral (select count(*) as c from lb where j = la.i) s on true where i > 1;
delete from lb using la, lateral (select la.i + 0 as z) s where j = s.z and k > 30 returning j, k;
select count(*) from lb;
drop table la;
drop table lb;
