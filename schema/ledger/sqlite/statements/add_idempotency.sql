INSERT INTO idempotency (space, actor, key, document) VALUES (?, ?, ?, ?)
