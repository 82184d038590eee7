-- Statements whose sid begins with one of the keys. A list is read once when it is a table, and once a row when not.
SELECT sid.key, sid.statement, statement.record
FROM unnest(translate(%(keys)s, '[]', '{}')::bigint[]) AS wanted (key)
JOIN sid ON sid.key = wanted.key
JOIN statement ON statement.id = sid.statement
