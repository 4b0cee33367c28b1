-- Settings that clients and scripts of pg_dump make, about things that are not
-- there.  The expected output is PostgreSQL 15's, but for the last part.
SET row_security = off; SHOW row_security;
SET check_function_bodies = false; SHOW check_function_bodies;
SET xmloption = content; SET xmlbinary = hex; SHOW xmlbinary;
SET default_tablespace = ''; SHOW default_tablespace;
SET temp_tablespaces = '';
SET default_table_access_method = heap; SHOW default_table_access_method;
SET session_replication_role = replica; SHOW session_replication_role;
SET jit = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_hashagg = off;
SET max_parallel_workers_per_gather = 0; SHOW max_parallel_workers_per_gather;
SET standard_conforming_strings = on; SHOW standard_conforming_strings;
SET escape_string_warning = off;
SET plan_cache_mode = force_custom_plan; SHOW plan_cache_mode;
SET plan_cache_mode = force_generic_plan; SHOW plan_cache_mode;
SET default_tablespace = 'x';
SET default_table_access_method = 'x';
SET xmloption = 'x';
SET row_security = 2;
SELECT name, setting, context, vartype, boot_val, reset_val, category, short_desc FROM pg_settings WHERE name IN ('row_security', 'check_function_bodies', 'xmloption', 'default_tablespace', 'default_table_access_method', 'session_replication_role', 'jit', 'enable_hashjoin', 'enable_nestloop', 'max_parallel_workers_per_gather', 'compute_query_id') ORDER BY name;
-- no other way to join is there, so it stays; its cost shows
CREATE TABLE nl (a int);
SET enable_nestloop = off; SET enable_bitmapscan = off; SET enable_sort = on;
EXPLAIN SELECT 1 FROM nl x, nl y;
RESET ALL;
DROP TABLE nl;
-- what is not there
SET standard_conforming_strings = off;
