-- At which slots anything stored, live or not, has these keys.
SELECT wanted.key, slots.slot FROM unnest(translate(%(keys)s, '[]', '{}')::bigint[]) AS wanted (key)
CROSS JOIN unnest(translate(%(slots)s, '[]', '{}')::bigint[]) AS slots (slot)
WHERE (SELECT 1 FROM mention WHERE mention.key = wanted.key AND mention.slot = slots.slot LIMIT 1) IS NOT NULL
