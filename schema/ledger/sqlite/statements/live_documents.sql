-- Numbers of the documents that are live as of :as_of.
SELECT document.sequence FROM live JOIN document ON document.sequence = live.document
WHERE live.since <= :as_of AND (live.until IS NULL OR live.until > :as_of)
  AND (:space IS NULL OR document.space = :space)
ORDER BY document.sequence
