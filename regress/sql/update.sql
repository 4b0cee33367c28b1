-- UPDATE: what is set, which rows, what comes back; every row exactly once
create table u (id int, a int, b text, c float8 not null);
insert into u select i, i * 10, 'row ' || i, i from generate_series(1, 6) i;
update u set a = a + 1;
select * from u order by id;
update u set a = 0, b = 'two' where id = 2;
update u set a = default where id = 3;
update u set (a, b) = (id, upper(b)) where id = 4;
update u set (a, b) = row(default, 'five') where id = 5;
update u x set c = x.c + 0.5 where x.id > 4 returning *;
update u set a = id, id = a where id = 1 returning id, a, u.b as name;
select * from u order by id;
update u set a = 1 where false returning id;
-- a row that is moved ahead of the scan is not met again
update u set id = id + 100;
select count(*), min(id), max(id) from u;
-- other tables
create table v (id int, t text);
insert into v values (102, 'from v'), (103, null), (999, 'nobody');
update u set b = v.t from v where v.id = u.id;
update u set b = (select t from v where v.id = u.id) where id in (select id from v);
update u set b = (select max(t) from v) where exists (select from v where v.id = u.id and t is null);
with w as (select id, t from v) update u set a = -1 from w where w.id = u.id returning u.id, u.a;
select * from u order by id;
-- assignment casts
update u set a = 3.7, b = 5 where id = 104 returning a, b;
update u set a = '12' where id = 104 returning a;
prepare p as update u set a = $1, b = $2 where id = $3 returning a, b, id;
execute p(7, 'seven', 104);
execute p(null, null, 104);
-- undone and done
begin;
update u set b = 'gone';
update u set a = a + 1 where b = 'gone' and a is not null;
select count(*) from u where b = 'gone';
rollback;
select count(*) from u where b = 'gone';
-- errors
update u set c = null;
update u set nothing = 1;
update u set a = 1, a = 2;
update u set a = 'x';
update u set a = true;
update u set a = count(*);
update u set a = generate_series(1, 2);
update u set (a, b) = (1, 2, 3);
update u set ctid = '(0,1)';
update nowhere set a = 1;
update u set a = v.id;
begin read only;
update u set a = 1;
rollback;
select * from u order by id;
-- how it looks
explain (costs off) update u set a = 1 where id = 2;
drop table u, v;
