INSERT INTO edge (source, relation, target, sid, scope, detail) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (source, relation, target, sid) DO UPDATE SET scope = excluded.scope, detail = excluded.detail
