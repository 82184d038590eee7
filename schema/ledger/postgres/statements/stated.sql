-- Records of the statements that have a key at one of the slots and are live in one bundle of one space; what derived
-- documents say, and those of `without`, is left out. Newest first, since that is the likeliest to be live.
SELECT mention.slot, statement.record FROM unnest(translate(%(slots)s, '[]', '{}')::bigint[]) AS slots (slot)
JOIN mention ON mention.key = %(key)s AND mention.slot = slots.slot
JOIN statement ON statement.id = mention.statement
WHERE (
  SELECT assertion.leaf FROM assertion
  JOIN document ON document.sequence = assertion.document
  JOIN live ON live.document = assertion.document AND live.until IS NULL
  WHERE assertion.statement = mention.statement AND assertion.bundle IS NOT DISTINCT FROM %(bundle)s::bigint
    AND document.space = %(space)s AND NOT document.derived
    AND assertion.document <> ALL ((SELECT translate(%(without)s, '[]', '{}')::bigint[])::bigint[])
  ORDER BY assertion.leaf DESC LIMIT 1
) IS NOT NULL
ORDER BY mention.slot, mention.statement
