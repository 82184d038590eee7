INSERT INTO access (time, actor, role, spaces, action, method, path, status, address)
VALUES (:time, :actor, :role, :spaces, :action, :method, :path, :status, :address)
