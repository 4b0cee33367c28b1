-- Options of tables and of their TOAST tables: names, ranges, words, and what is
-- stored.  The expected output is PostgreSQL 15's.
create table t1(a int, b text) with (fillfactor=5);
create table t1(a int, b text) with (fillfactor=abc);
create table t1(a int, b text) with (fillfactor='0x20', autovacuum_enabled=maybe);
create table t1(a int, b text) with (autovacuum_vacuum_scale_factor=101);
create table t1(a int, b text) with (autovacuum_vacuum_scale_factor=xx);
create table t1(a int, b text) with (vacuum_index_cleanup=perhaps);
create table t1(a int, b text) with (nonsense=1);
create table t1(a int, b text) with (toast.nonsense=1);
create table t1(a int, b text) with (toast.autovacuum_analyze_threshold=1);
create table t1(a int, b text) with (foo.autovacuum_analyze_threshold=1);
create table t1(a int, b text) with (fillfactor=50, fillfactor=60);
create table t1(a int, b text) with (toast_tuple_target=127);
create table t1(a int, b text) with (toast_tuple_target=8161);
create table t1(a int, b text) with (parallel_workers=-1);
create table t1(a int, b text) with (autovacuum_freeze_max_age=99999);
create table t1(a int, b text) with (autovacuum_vacuum_cost_limit=0);
create table t1(a int, b text) with (autovacuum_vacuum_cost_delay=100.5);
create table t1(a int, b text) with (log_autovacuum_min_duration=-2);
create table t1(a int, b text) with (autovacuum_vacuum_insert_threshold=-2);
create table t1(a int, b text) with (autovacuum_freeze_min_age=1000000001);
create table t1(a int, b text) with (oids);
create table t1(a int, b text) with (oids=false, fillfactor = 50.4, "vacuum_truncate"=false, autovacuum_enabled, vacuum_index_cleanup=off,
  toast.autovacuum_enabled=false, toast.vacuum_index_cleanup=on, toast.log_autovacuum_min_duration=0, autovacuum_vacuum_cost_delay=1.5, toast.autovacuum_freeze_max_age=100000, toast_tuple_target=128,
  user_catalog_table, autovacuum_multixact_freeze_max_age=10000);
select c.relname ~ '^t1', t.reloptions from pg_class c, pg_class t where c.relname='t1' and t.oid in (c.oid, c.reltoastrelid) order by t.relname = 't1';
alter table t1 set (toast.autovacuum_enabled = true, fillfactor = 90);
select t.reloptions from pg_class c, pg_class t where c.relname='t1' and t.oid in (c.oid, c.reltoastrelid) order by t.relname = 't1';
alter table t1 reset (toast.autovacuum_enabled, fillfactor, toast.log_autovacuum_min_duration, nonsense);
select t.reloptions from pg_class c, pg_class t where c.relname='t1' and t.oid in (c.oid, c.reltoastrelid) order by t.relname = 't1';
alter table t1 reset (fillfactor=3);
alter table t1 set (foo.bar = 3);
alter table t1 set (toast.fillfactor = 3);
alter table t1 set (toast.vacuum_index_cleanup = 3);
alter table t1 set (autovacuum_analyze_scale_factor = -0.1);
create table t2(a int) with (toast.autovacuum_enabled = off);
select reloptions from pg_class where relname = 't2';
alter table t2 set (toast.autovacuum_enabled = wrong);
create table t3(a int) with (toast.autovacuum_enabled = wrong);
alter table t2 set ("a=b" = 1);
alter table t2 set (vacuum_index_cleanup = true, autovacuum_vacuum_threshold = '1e3', parallel_workers = ' 4 ');
select reloptions from pg_class where relname = 't2';
drop table t1, t2;
