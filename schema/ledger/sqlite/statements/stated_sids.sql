-- Records of the statements whose sid begins with one of the keys and that are live in one bundle of one space, as in
-- `stated`.
SELECT statement.record FROM json_each(:keys) AS wanted
CROSS JOIN sid ON sid.key = wanted.value
CROSS JOIN statement ON statement.id = sid.statement
WHERE (
  SELECT assertion.leaf FROM assertion
  CROSS JOIN document ON document.sequence = assertion.document
  CROSS JOIN live ON live.document = assertion.document AND live.until IS NULL
  WHERE assertion.statement = sid.statement AND assertion.bundle IS :bundle
    AND document.space = :space AND document.derived = 0
    AND assertion.document NOT IN (SELECT value FROM json_each(:without))
  ORDER BY assertion.leaf DESC LIMIT 1
) IS NOT NULL
