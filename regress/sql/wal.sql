-- Positions in the write-ahead log: the type pg_lsn, and the functions that tell
-- where the log stands.
SELECT '16/B374D848'::pg_lsn, '0/0'::pg_lsn, 'FFFFFFFF/FFFFFFFF'::pg_lsn;
SELECT 'G/0'::pg_lsn;
SELECT '-1/0'::pg_lsn;
SELECT ' 0/12345678'::pg_lsn;
SELECT 'ABCD/'::pg_lsn;
SELECT '/ABCD'::pg_lsn;
SELECT '0/16AE7F8' = '0/16AE7F8'::pg_lsn, '0/16AE7F8' <> '0/16AE7F7'::pg_lsn,
  '0/16AE7F7' < '0/16AE7F8'::pg_lsn, '0/16AE7F8' > pg_lsn '0/16AE7F7',
  '1/0' <= '0/FFFFFFFF'::pg_lsn, '1/0' >= '0/FFFFFFFF'::pg_lsn;
SELECT '0/16AE7F7'::pg_lsn - '0/16AE7F8'::pg_lsn, pg_wal_lsn_diff('1/0', '0/10');
SELECT min(x), max(x) FROM (VALUES ('0/10'::pg_lsn), ('2/3'), ('1/FF')) v(x);
SELECT x FROM (VALUES ('0/10'::pg_lsn), ('2/3'), ('1/FF')) v(x) ORDER BY x DESC;
-- what is inserted is written no sooner, and flushed no sooner than written
SELECT pg_current_wal_flush_lsn() <= pg_current_wal_lsn(),
  pg_current_wal_lsn() <= pg_current_wal_insert_lsn();
-- a segment's last byte belongs to it, its end too
SELECT pg_walfile_name('0/2000000'), pg_walfile_name('0/2000001'),
  pg_walfile_name('1/0'), pg_walfile_name('1/1');
-- settings
SELECT name, setting, unit, context FROM pg_settings WHERE name IN
  ('wal_level', 'wal_segment_size', 'wal_block_size', 'full_page_writes',
   'synchronous_commit', 'wal_compression', 'max_wal_size', 'min_wal_size',
   'wal_sync_method', 'wal_writer_delay', 'commit_delay') ORDER BY name;
SET wal_compression = on;
SHOW wal_compression;
RESET wal_compression;
SET synchronous_commit = off;
SHOW synchronous_commit;
SET wal_level = replica;
