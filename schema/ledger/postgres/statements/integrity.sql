-- What makes a commit durable.
SELECT 'the server runs with ' || name || ' = off: what was acknowledged may be lost when the machine fails'
FROM pg_settings WHERE name IN ('fsync', 'full_page_writes') AND setting = 'off'
