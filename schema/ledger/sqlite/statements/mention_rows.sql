SELECT mention.key, mention.slot, mention.statement FROM json_each(:rows) AS wanted
CROSS JOIN mention ON mention.key = json_extract(wanted.value, '$[0]')
  AND mention.slot = json_extract(wanted.value, '$[1]') AND mention.statement = json_extract(wanted.value, '$[2]')
