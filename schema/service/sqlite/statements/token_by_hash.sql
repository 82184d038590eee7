SELECT id, name, role, spaces, created, expires, last_used, revoked FROM token WHERE hash = ?
