// question: used_before_approval    returns: iri, activity, used, approved    access: read
// parameter approval: iri = urn:provstore:terms#Approval    parameter limit: integer 1..100000 = 100
// Entities that an activity used before the first approval of them: an activity of that type that used them. Times are
// those of the use, else of the activity's start; an approval counts from its end. What is never approved is not told.
MATCH (n:Element)<-[use:used]-(approver:Element) WHERE $approval IN approver.types
WITH n, min(coalesce(approver.end, use.time, approver.start)) AS approved
MATCH (n)<-[use:used]-(activity:Element) WHERE NOT $approval IN activity.types
WITH n, approved, activity, min(coalesce(use.time, activity.start)) AS used WHERE used < approved
RETURN n.iri AS iri, activity.iri AS activity, used, approved ORDER BY iri, activity LIMIT $limit
