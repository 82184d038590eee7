SELECT id FROM bundle WHERE iri = ?
