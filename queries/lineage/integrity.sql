-- What SQLite finds wrong with the file, its indexes included. Columns: what, where.
SELECT integrity_check AS what, 'the graph''s file' AS "where" FROM pragma_integrity_check WHERE integrity_check <> 'ok'
