INSERT INTO bundle (iri) VALUES (?)
