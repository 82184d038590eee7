-- Records of the statements that have :key at one of the slots and are live in one bundle of one space; what derived
-- documents say, and those of :without, is left out. Newest first, since that is the likeliest to be live.
SELECT mention.slot, statement.record FROM json_each(:slots) AS slots
CROSS JOIN mention ON mention.key = :key AND mention.slot = slots.value
CROSS JOIN statement ON statement.id = mention.statement
WHERE (
  SELECT assertion.leaf FROM assertion
  CROSS JOIN document ON document.sequence = assertion.document
  CROSS JOIN live ON live.document = assertion.document AND live.until IS NULL
  WHERE assertion.statement = mention.statement AND assertion.bundle IS :bundle
    AND document.space = :space AND document.derived = 0
    AND assertion.document NOT IN (SELECT value FROM json_each(:without))
  ORDER BY assertion.leaf DESC LIMIT 1
) IS NOT NULL
