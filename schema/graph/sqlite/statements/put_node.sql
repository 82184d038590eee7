INSERT INTO node (id, iri, kinds, declared, label, start, "end", types, digests, attributes, conflicts, spaces)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET kinds = excluded.kinds, declared = excluded.declared, label = excluded.label,
  start = excluded.start, "end" = excluded."end", types = excluded.types, digests = excluded.digests,
  attributes = excluded.attributes, conflicts = excluded.conflicts, spaces = excluded.spaces
