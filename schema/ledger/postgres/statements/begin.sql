-- The isolation is named because a database may have another as its default: what is read under the lock must be what
-- the last writer committed. A commit is on disk before it returns, whatever the database's default is; a stricter one
-- (of replicas) stays. The lock (rule 11) ends with the transaction, after what was committed can be seen.
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off';
SELECT pg_advisory_xact_lock(1886547830);
