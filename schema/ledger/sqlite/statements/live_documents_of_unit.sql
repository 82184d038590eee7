SELECT document.sequence FROM document JOIN live ON live.document = document.sequence
WHERE document.unit = :unit AND (:space IS NULL OR document.space = :space)
  AND live.since <= :as_of AND (live.until IS NULL OR live.until > :as_of)
ORDER BY document.sequence
