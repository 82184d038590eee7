-- SQLite's JSON ends a text at U+0000: it comes as U+0001 a, and U+0001 as U+0001 b.
SELECT node.iri, node.id FROM json_each(?) AS wanted
CROSS JOIN node ON node.iri = replace(replace(wanted.value, char(1) || 'a', char(0)), char(1) || 'b', char(1))
