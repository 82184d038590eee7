INSERT INTO document
  (sequence, digest, space, unit, mode, event_time, content_digest, derived, salt, statements, first_leaf)
VALUES
  (:sequence, :digest, :space, :unit, :mode, :event_time, :content_digest, :derived, :salt, :statements, :first_leaf)
