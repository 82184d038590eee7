DELETE FROM bundle WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM assertion WHERE assertion.bundle = ?1)
