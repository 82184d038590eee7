SELECT id FROM bundle WHERE iri = :iri
