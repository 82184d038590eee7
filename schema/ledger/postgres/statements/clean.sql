VACUUM entry, document, live, statement, sid, assertion, bundle, mention, blob, attachment, idempotency
