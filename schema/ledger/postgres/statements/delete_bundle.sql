DELETE FROM bundle
WHERE id = %(id)s AND NOT EXISTS (SELECT 1 FROM assertion WHERE assertion.bundle = %(id)s)
