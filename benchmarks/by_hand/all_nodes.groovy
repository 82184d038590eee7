g.V().hasLabel('node').project('id', 'properties').by(T.id).by(valueMap())
