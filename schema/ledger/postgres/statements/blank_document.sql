UPDATE document SET space = NULL, unit = NULL, mode = NULL, event_time = NULL, content_digest = NULL, derived = NULL,
  salt = NULL
WHERE sequence = %(document)s
