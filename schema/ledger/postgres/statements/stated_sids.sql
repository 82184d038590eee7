-- Records of the statements whose sid begins with one of the keys and that are live in one bundle of one space, as in
-- `stated`.
SELECT statement.record FROM sid
JOIN statement ON statement.id = sid.statement
WHERE sid.key = ANY (translate(%(keys)s, '[]', '{}')::bigint[]) AND (
  SELECT assertion.leaf FROM assertion
  JOIN document ON document.sequence = assertion.document
  JOIN live ON live.document = assertion.document AND live.until IS NULL
  WHERE assertion.statement = sid.statement AND assertion.bundle IS NOT DISTINCT FROM %(bundle)s::bigint
    AND document.space = %(space)s AND NOT document.derived
    AND assertion.document <> ALL (translate(%(without)s, '[]', '{}')::bigint[])
  ORDER BY assertion.leaf DESC LIMIT 1
) IS NOT NULL
