SELECT DISTINCT statement.id, statement.record FROM assertion JOIN statement ON statement.id = assertion.statement
WHERE assertion.leaf >= (SELECT first_leaf FROM document WHERE sequence = %(document)s)
  AND assertion.leaf < (SELECT first_leaf + statements FROM document WHERE sequence = %(document)s)
  AND NOT EXISTS (
    SELECT 1 FROM assertion AS other WHERE other.statement = assertion.statement AND other.document <> %(document)s
  )
LIMIT %(limit)s
