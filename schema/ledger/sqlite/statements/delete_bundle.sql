DELETE FROM bundle WHERE id = :id AND NOT EXISTS (SELECT 1 FROM assertion WHERE assertion.bundle = :id)
