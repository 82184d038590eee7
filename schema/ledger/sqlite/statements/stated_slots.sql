-- At which slots anything stored, live or not, has these keys.
SELECT wanted.value, slots.value FROM json_each(:keys) AS wanted
CROSS JOIN json_each(:slots) AS slots
WHERE EXISTS (SELECT 1 FROM mention WHERE mention.key = wanted.value AND mention.slot = slots.value)
