-- question: used_before_approval    returns: iri, activity, used, approved    access: read
-- parameter approval: iri = urn:provstore:terms#Approval    parameter limit: integer 1..100000 = 100
-- Entities that an activity used before the first approval of them: an activity of that type that used them. Times are
-- those of the use, else of the activity's start; an approval counts from its end. What is never approved is not told.
WITH usage AS MATERIALIZED (
  SELECT edge.target AS entity, activity.iri AS activity,
    EXISTS (SELECT 1 FROM json_each(activity.types) WHERE value = :approval) AS approves,
    coalesce(json_extract(edge.detail, '$[2]'), activity.start) AS used, activity."end" AS ended
  FROM edge JOIN node AS activity ON activity.id = edge.source
  WHERE edge.relation = (SELECT code FROM relation WHERE name = 'used')
),
approved AS MATERIALIZED (
  SELECT entity, min(coalesce(ended, used)) AS approved FROM usage WHERE approves GROUP BY entity
)
SELECT node.iri, usage.activity, min(usage.used) AS used, approved.approved
FROM usage JOIN approved ON approved.entity = usage.entity JOIN node ON node.id = usage.entity
WHERE NOT usage.approves AND usage.used < approved.approved
GROUP BY node.id, usage.activity ORDER BY node.iri, usage.activity LIMIT :limit
