SELECT space, actor, key, document FROM idempotency
