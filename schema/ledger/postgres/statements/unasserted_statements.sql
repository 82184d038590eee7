SELECT id FROM statement WHERE NOT EXISTS (SELECT 1 FROM assertion WHERE assertion.statement = statement.id) LIMIT 20
