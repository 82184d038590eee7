-- Whether there is a schema for the ledger, how many tables it has, whether one is `ledger`, and how many there are
-- elsewhere; those of the system and of extensions aside.
SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = 'provstore'),
  count(*) FILTER (WHERE space.nspname = 'provstore'),
  count(*) FILTER (WHERE space.nspname = 'provstore' AND class.relname = 'ledger'),
  count(*) FILTER (WHERE space.nspname <> 'provstore')
FROM pg_class AS class JOIN pg_namespace AS space ON space.oid = class.relnamespace
WHERE class.relkind IN ('r', 'p', 'm', 'v', 'f') AND space.nspname <> 'information_schema' AND space.nspname !~ '^pg_'
  AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE pg_depend.objid = class.oid AND pg_depend.deptype = 'e')
