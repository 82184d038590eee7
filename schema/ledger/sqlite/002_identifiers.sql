-- `mention` holds identifiers of statements, too, for validation: a relation's own identifier at four times its kind's
-- code, the generation that a derivation names at 1, the usage at 2. `index_key` is the function of `mention.key`.

INSERT OR IGNORE INTO mention (key, slot, statement)
SELECT index_key(named.identifier), named.slot, named.statement FROM (
  SELECT json_extract(record, '$[1]') AS identifier, id AS statement,
    CASE json_extract(record, '$[0]')
      WHEN 'http://www.w3.org/ns/prov#Generation' THEN 16
      WHEN 'http://www.w3.org/ns/prov#Usage' THEN 20
      WHEN 'http://www.w3.org/ns/prov#Communication' THEN 24
      WHEN 'http://www.w3.org/ns/prov#Start' THEN 28
      WHEN 'http://www.w3.org/ns/prov#End' THEN 32
      WHEN 'http://www.w3.org/ns/prov#Invalidation' THEN 36
      WHEN 'http://www.w3.org/ns/prov#Derivation' THEN 40
      WHEN 'http://www.w3.org/ns/prov#Attribution' THEN 44
      WHEN 'http://www.w3.org/ns/prov#Association' THEN 48
      WHEN 'http://www.w3.org/ns/prov#Delegation' THEN 52
      WHEN 'http://www.w3.org/ns/prov#Influence' THEN 56
      WHEN 'http://www.w3.org/ns/prov#Specialization' THEN 60
      WHEN 'http://www.w3.org/ns/prov#Alternate' THEN 64
      WHEN 'http://www.w3.org/ns/prov#Membership' THEN 68
      WHEN 'http://www.w3.org/ns/prov#Mention' THEN 72
      WHEN 'http://www.w3.org/ns/prov#Insertion' THEN 76
      WHEN 'http://www.w3.org/ns/prov#Removal' THEN 80
      WHEN 'http://www.w3.org/ns/prov#DictionaryMembership' THEN 84
    END AS slot
  FROM statement
) AS named WHERE named.identifier IS NOT NULL AND named.slot IS NOT NULL
ORDER BY 1, 2, 3;

INSERT OR IGNORE INTO mention (key, slot, statement)
SELECT index_key(json_extract(attribute.value, '$[2]')),
  CASE json_extract(attribute.value, '$[0]') WHEN 'http://www.w3.org/ns/prov#generation' THEN 1 ELSE 2 END, statement.id
FROM statement, json_each(statement.record, '$[2]') AS attribute
WHERE json_extract(statement.record, '$[0]') = 'http://www.w3.org/ns/prov#Derivation'
  AND json_extract(attribute.value, '$[0]') IN ('http://www.w3.org/ns/prov#generation', 'http://www.w3.org/ns/prov#usage')
  AND json_extract(attribute.value, '$[1]') = 'http://www.w3.org/ns/prov#QUALIFIED_NAME'
ORDER BY 1, 2, 3;
