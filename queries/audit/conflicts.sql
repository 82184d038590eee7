-- question: conflicts    returns: iri, label, attributes    access: read
-- parameter limit: integer 1..100000 = 100
-- Elements of which sources say different things, and the attributes in question.
SELECT iri, label, conflicts AS attributes FROM node WHERE conflicts IS NOT NULL ORDER BY iri LIMIT :limit
