-- Statements whose sid begins with one of the keys.
SELECT sid.key, sid.statement, statement.record
FROM sid JOIN statement ON statement.id = sid.statement
WHERE sid.key = ANY (translate(%(keys)s, '[]', '{}')::bigint[])
