-- Fragment of find: one of the values of an attribute compares so. :plain and :quoted are the attribute's path as JSON
-- writes it; `fullkey` has every character of it, where `key` ends at the first NUL.
EXISTS (
  SELECT 1 FROM json_each(node.attributes) AS attribute
  WHERE attribute.fullkey IN (:plain, :quoted) AND provstore_values(attribute.value, :operator, :values)
)
