UPDATE token SET revoked = :time WHERE name = :name AND revoked IS NULL
