-- Regular expressions, as far as POSIX and PostgreSQL agree.
SELECT 'abc' ~ '^a', 'abc' ~ 'd', 'abc' !~ 'd', 'ABC' ~ 'b', 'ABC' ~* 'b', 'ABC' !~* 'b';
SELECT 'pg_toast' ~ '^pg_(toast|temp)$', 'aab' ~ 'a{2}b', 'a.b' ~ 'a\.b', 'axb' ~ 'a\.b', 'x]' ~ '[]]', 'a1' ~ '[[:alpha:]][0-9]';
SELECT 'naïve' ~ '^na.ve$', 'Ä' ~* 'ä', 'aB' ~* '^[[:upper:]]+$', '' ~ '^$', NULL::text ~ 'x' IS NULL;
SELECT relname FROM pg_class WHERE relname ~ '^pg_(class|type)$' ORDER BY relname;
SELECT relname FROM pg_class WHERE relname OPERATOR(pg_catalog.~) '^(pg_am)$' COLLATE pg_catalog.default;
SELECT typname FROM pg_type WHERE typname ~* '^INT[248]$' ORDER BY 1;
