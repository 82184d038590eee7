-- The entries that opened or closed one of these documents.
SELECT live.since FROM json_each(:documents) AS wanted CROSS JOIN live ON live.document = wanted.value
UNION
SELECT live.until FROM json_each(:documents) AS wanted CROSS JOIN live ON live.document = wanted.value
WHERE live.until IS NOT NULL
