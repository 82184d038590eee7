g.V().hasLabel('node').limit(1000).sideEffect(drop()).count()
