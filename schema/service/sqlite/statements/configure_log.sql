-- NORMAL: a commit outlives the process, and costs no fsync for each request.
PRAGMA synchronous = NORMAL;
PRAGMA trusted_schema = OFF;
