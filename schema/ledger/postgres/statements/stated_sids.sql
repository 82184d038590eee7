-- Records of the statements whose sid begins with one of the keys and that are live in one bundle of one space, as in
-- `stated`.
SELECT statement.record FROM unnest(translate(%(keys)s, '[]', '{}')::bigint[]) AS wanted (key)
JOIN sid ON sid.key = wanted.key
JOIN statement ON statement.id = sid.statement
WHERE (
  SELECT assertion.leaf FROM assertion
  JOIN document ON document.sequence = assertion.document
  JOIN live ON live.document = assertion.document AND live.until IS NULL
  WHERE assertion.statement = sid.statement AND assertion.bundle IS NOT DISTINCT FROM %(bundle)s::bigint
    AND document.space = %(space)s AND NOT document.derived
    AND assertion.document <> ALL ((SELECT translate(%(without)s, '[]', '{}')::bigint[])::bigint[])
  ORDER BY assertion.leaf DESC LIMIT 1
) IS NOT NULL
