SELECT mention.key, mention.slot, mention.statement FROM json_array_elements(%(rows)s::json) AS wanted (row)
JOIN mention ON mention.key = (wanted.row ->> 0)::bigint
  AND mention.slot = (wanted.row ->> 1)::bigint AND mention.statement = (wanted.row ->> 2)::bigint
