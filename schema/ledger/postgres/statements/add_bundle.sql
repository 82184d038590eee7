INSERT INTO bundle (iri) VALUES (%s)
