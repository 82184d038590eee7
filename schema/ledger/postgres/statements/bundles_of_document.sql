SELECT DISTINCT bundle FROM assertion
WHERE leaf >= (SELECT first_leaf FROM document WHERE sequence = %(document)s)
  AND leaf < (SELECT first_leaf + statements FROM document WHERE sequence = %(document)s) AND bundle IS NOT NULL
