INSERT INTO idempotency (space, actor, key, document) VALUES (%s, %s, %s, %s)
