-- The example of coordination code: contrib/parallel_sum.
CREATE EXTENSION parallel_sum;
SELECT parallel_sum(0, 0), parallel_sum(0, 1), parallel_sum(0, 1000), parallel_sum(0, 100001);
SELECT parallel_sum(2, 100000) FROM generate_series(1, 5);
SELECT parallel_sum(64, 3000000);
SELECT parallel_sum(1, NULL);
SELECT parallel_sum(-1, 1);
SELECT parallel_sum(65, 1);
SELECT parallel_sum(1, -1);
SELECT parallel_sum(1, 4000000001);
-- an error of a worker is the statement's, wherever it comes from
SELECT injection_points_attach('sum-add', 'error,times=1,role=worker');
SELECT parallel_sum(2, 100000);
SELECT injection_points_detach('sum-add');
SELECT injection_points_attach('sum-wait', 'error');
SELECT parallel_sum(2, 100000);
SELECT injection_points_detach('sum-wait');
BEGIN;
SELECT parallel_sum(1, 10);
COMMIT;
DROP EXTENSION parallel_sum;
SELECT parallel_sum(1, 10);
