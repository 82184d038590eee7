SELECT sid.key, sid.statement FROM json_each(:rows) AS wanted
CROSS JOIN sid ON sid.key = json_extract(wanted.value, '$[0]') AND sid.statement = json_extract(wanted.value, '$[1]')
