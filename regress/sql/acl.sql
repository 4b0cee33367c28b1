-- The privileges that an object has when none were granted, by its kind.
SELECT t, replace(acldefault(t::"char", 10)::text, current_user::text, 'me') FROM unnest('{r,s,d,f,l,L,n,t,F,S,T,p,c}'::text[]) t;
SELECT acldefault('n', 4711), acldefault(NULL, 10), acldefault('n', NULL);
SELECT acldefault('x', 10);
SELECT array_length(acldefault('d', 10), 1);
