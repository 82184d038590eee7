-- The entries that opened or closed one of these documents.
SELECT live.since
FROM unnest(translate(%(documents)s, '[]', '{}')::bigint[]) AS wanted (document) JOIN live USING (document)
UNION
SELECT live.until
FROM unnest(translate(%(documents)s, '[]', '{}')::bigint[]) AS wanted (document) JOIN live USING (document)
WHERE live.until IS NOT NULL
