-- psql's commands that describe objects: they join the catalogs, with outer
-- joins, correlated sub-selects, UNION and arrays.  What PostgreSQL 15 shows.
create table ds (id int not null, t text, f float8[], n numeric, b boolean not null);
\d ds
\d+ ds
\d nosuch
\di ds*
\dp ds
\ds
\dm
\df abs
\dC int2vector
\dRp
\dRs
\dD
\dP
\dconfig work_mem
\dconfig+ work_mem
drop table ds;
