INSERT INTO entry (sequence, kind, time, actor, reason, document, header, opened, closed, first_leaf, leaves, root, salt)
VALUES (:sequence, :kind, :time, :actor, :reason, :document, :header, :opened, :closed, :first_leaf, :leaves, :root, :salt)
