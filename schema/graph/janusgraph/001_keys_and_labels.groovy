// Property keys, labels and indexes of the graph (rules 19 and 20). Fixed text: run as it is, safe to run again.
// A data set that a million runs used stays fast because an edge is found by its own key, not among its neighbours.
def relations = [
  'wasGeneratedBy', 'used', 'wasInformedBy', 'wasStartedBy', 'wasEndedBy', 'wasInvalidatedBy', 'wasDerivedFrom',
  'wasAttributedTo', 'wasAssociatedWith', 'actedOnBehalfOf', 'wasInfluencedBy', 'specializationOf', 'alternateOf',
  'hadMember', 'mentionOf', 'hadDictionaryMember', 'derivedByInsertionFrom', 'derivedByRemovalFrom',
  'hadPlan', 'hadActivity', 'hadStarter', 'hadEnder', 'partOf', 'sameBytes', 'bytesOf'
]
def management = graph.openManagement()
try {
  def property = { name, type, cardinality ->
    management.getPropertyKey(name) ?: management.makePropertyKey(name).dataType(type).cardinality(cardinality).make()
  }
  def indexed = { name, element, unique, locked ->
    if (management.getGraphIndex(name) == null) {
      def declared = property(locked, String.class, Cardinality.SINGLE)
      def builder = management.buildIndex(name, element).addKey(declared)
      def made = (unique ? builder.unique() : builder).buildCompositeIndex()
      if (unique) {
        management.setConsistency(declared, ConsistencyModifier.LOCK)
        management.setConsistency(made, ConsistencyModifier.LOCK)
      }
    }
  }
  def listed = { name ->
    if (management.getGraphIndex('by_' + name) == null) {
      def declared = property(name, String.class, Cardinality.SET)
      management.buildIndex('by_' + name, Vertex.class).addKey(declared).buildCompositeIndex()
    }
  }
  indexed('by_iri', Vertex.class, true, 'iri')
  indexed('by_meta', Vertex.class, true, 'meta')
  indexed('by_label', Vertex.class, false, 'prov_label')
  indexed('by_eid', Edge.class, false, 'eid')
  ['labels', 'types', 'prov_type', 'digests', 'attr'].each(listed)
  ['kinds', 'spaces'].each { property(it, String.class, Cardinality.SET) }
  ['kind', 'start', 'end', 'exact', 'conflicts', 'sid', 'target', 'role', 'time', 'identifier', 'edge_types', 'edge_spaces',
   'edge_bundles', 'edge_attr', 'prov_plan', 'prov_starter', 'prov_ender', 'prov_activity', 'prov_generation',
   'prov_usage', 'prov_bundle', 'prov_key', 'ledger', 'root', 'writer'].each { property(it, String.class, Cardinality.SINGLE) }
  ['declared', 'conflict', 'inferred', 'unfinished'].each { property(it, Boolean.class, Cardinality.SINGLE) }
  ['applied', 'until', 'schema'].each { property(it, Long.class, Cardinality.SINGLE) }
  management.setConsistency(management.getPropertyKey('writer'), ConsistencyModifier.LOCK)
  ['node', 'provstore'].each { management.getVertexLabel(it) ?: management.makeVertexLabel(it).make() }
  relations.each { management.getEdgeLabel(it) ?: management.makeEdgeLabel(it).multiplicity(Multiplicity.MULTI).make() }
  management.commit()
} catch (Throwable failure) {
  // An open one would lock the schema for everybody.
  management.rollback()
  throw failure
}
'done'
