SELECT sid.key, sid.statement FROM json_array_elements(%(rows)s::json) AS wanted (row)
JOIN sid ON sid.key = (wanted.row ->> 0)::bigint AND sid.statement = (wanted.row ->> 1)::bigint
