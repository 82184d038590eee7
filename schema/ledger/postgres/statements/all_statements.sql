SELECT id, record FROM statement ORDER BY id
