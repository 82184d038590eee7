INSERT INTO token (name, hash, role, spaces, created, expires) VALUES (:name, :hash, :role, :spaces, :created, :expires)
