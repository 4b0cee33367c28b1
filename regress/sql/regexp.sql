-- Regular expressions.
SELECT 'abc' ~ '^a', 'abc' ~ 'd', 'abc' !~ 'd', 'ABC' ~ 'b', 'ABC' ~* 'b', 'ABC' !~* 'b';
SELECT 'pg_toast' ~ '^pg_(toast|temp)$', 'aab' ~ 'a{2}b', 'a.b' ~ 'a\.b', 'axb' ~ 'a\.b', 'x]' ~ '[]]', 'a1' ~ '[[:alpha:]][0-9]';
SELECT 'naïve' ~ '^na.ve$', 'Ä' ~* 'ä', 'aB' ~* '^[[:upper:]]+$', '' ~ '^$', NULL::text ~ 'x' IS NULL;
SELECT relname FROM pg_class WHERE relname ~ '^pg_(class|type)$' ORDER BY relname;
SELECT relname FROM pg_class WHERE relname OPERATOR(pg_catalog.~) '^(pg_am)$' COLLATE pg_catalog.default;
SELECT typname FROM pg_type WHERE typname ~* '^INT[248]$' ORDER BY 1;
-- escapes, classes, bounds, constraints
SELECT 'a1' ~ '^\w\d$', 'a 1' ~ '\s', 'é' ~ '\w', 'é' ~ '^\W$', 'a.b' ~ '^[\w.]+$', 'x-1' ~ '^[^\d]+-\d$', E'a\tb' ~ 'a\tb';
SELECT 'foo bar' ~ '\mbar\M', 'foobar' ~ '\mbar', 'foo bar' ~ '\yfoo\y', 'foobar' ~ 'foo\Y', 'foo' ~ '[[:<:]]foo[[:>:]]', 'ab' ~ '\Aab\Z';
SELECT 'aaa' ~ '^a{3}$', 'aaa' ~ '^a{1,2}$', 'aaa' ~ '^a{2,}$', 'ac' ~ '^ab??c$', 'abab' ~ '^(?:ab)+$', 'ab' ~ '^(a|b|)*$', '{' ~ '{', 'a{x' ~ 'a{x';
SELECT 'A' ~ '(?i)a', 'Ab' ~* '^[[:lower:]]+$', 'a.c' ~ '***=.', 'abc' ~ '***=a.c', 'abc' ~ '***:a.c', 'A' ~* '(?c)a';
SELECT E'a\nb' ~ 'a.b', E'a\nb' ~ '^b', 'a]b' ~ 'a[]]b', 'a-b' ~ '[a-]-[-b]', 'x' ~ '[^]]', '\' ~ '[\\]', 'A' ~ '\x41', 'é' ~ '\u00e9', '^' ~ '[\^]';
SELECT repeat('a', 3000) ~ '(a*)*(a*)*(a*)*b', repeat('ab', 2000) ~ '^(a|b|ab)*$';
-- errors
SELECT 'a' ~ 'a**';
SELECT 'a' ~ '*a';
SELECT 'a' ~ '^*';
SELECT 'a' ~ '(a';
SELECT 'a' ~ 'a)';
SELECT 'a' ~ '[a';
SELECT 'a' ~ '[b-a]';
SELECT 'a' ~ '[[:foo:]]';
SELECT 'a' ~ 'a{2,1}';
SELECT 'a' ~ 'a{256}';
SELECT 'a' ~ 'a{2';
SELECT 'a' ~ '\';
SELECT 'a' ~ '\q';
SELECT 'a' ~ '((((((a{255}){255}){255}){255}){255}){255})';
