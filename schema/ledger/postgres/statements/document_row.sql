SELECT sequence, digest, space, unit, mode, event_time, content_digest, derived, salt, statements, first_leaf, withdrawn
FROM document WHERE sequence = %s
