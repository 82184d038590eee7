SELECT id FROM bundle WHERE hashtextextended(iri, 0) = hashtextextended(%(iri)s, 0) AND iri = %(iri)s
