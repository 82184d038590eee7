-- Rule 14: of these statements, how many a live document of the space, or an earlier one of this list (stored after
-- entry `start`, or repeating one of `repeated`), asserts. Newest first, since that is the likeliest to be live. Derived
-- documents don't count (rule 16).
SELECT count(*) FROM unnest(translate(%(statements)s, '[]', '{}')::bigint[]) AS wanted (statement)
WHERE (
  SELECT assertion.leaf FROM assertion JOIN document ON document.sequence = assertion.document
  WHERE assertion.statement = wanted.statement AND document.space = %(space)s AND NOT document.derived
    AND (document.sequence > %(start)s OR document.sequence = ANY ((SELECT translate(%(repeated)s, '[]', '{}')::bigint[])::bigint[])
         OR EXISTS (SELECT 1 FROM live WHERE live.document = document.sequence AND live.until IS NULL))
  ORDER BY assertion.leaf DESC LIMIT 1
) IS NOT NULL
