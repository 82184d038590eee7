-- Statements whose sid begins with one of the keys.
SELECT sid.key, sid.statement, statement.record
FROM json_each(:keys) AS wanted CROSS JOIN sid ON sid.key = wanted.value
JOIN statement ON statement.id = sid.statement
