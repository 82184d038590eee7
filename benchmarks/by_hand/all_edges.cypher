MATCH (source:Element)-[e]->(target:Element)
RETURN type(e) AS relation, source.iri AS source, target.iri AS target, properties(e) AS properties
