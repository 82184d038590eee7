// Identities and indexes of the graph (rules 19 and 20). Values that are indexed are short: neo4j_rows.py sees to that.

CREATE CONSTRAINT provstore_graph IF NOT EXISTS FOR (g:ProvstoreGraph) REQUIRE g.name IS UNIQUE;
CREATE CONSTRAINT provstore_iri IF NOT EXISTS FOR (n:Element) REQUIRE n.iri IS UNIQUE;
CREATE INDEX provstore_label IF NOT EXISTS FOR (n:Element) ON (n.label);
CREATE INDEX provstore_digest IF NOT EXISTS FOR (n:Element) ON (n.digest);
CREATE INDEX provstore_several_digests IF NOT EXISTS FOR (n:Element) ON (n.several_digests);

CREATE CONSTRAINT provstore_used IF NOT EXISTS FOR ()-[e:used]-() REQUIRE e.sid IS UNIQUE;
CREATE CONSTRAINT provstore_wasGeneratedBy IF NOT EXISTS FOR ()-[e:wasGeneratedBy]-() REQUIRE e.sid IS UNIQUE;
CREATE CONSTRAINT provstore_wasInformedBy IF NOT EXISTS FOR ()-[e:wasInformedBy]-() REQUIRE e.sid IS UNIQUE;
CREATE CONSTRAINT provstore_wasStartedBy IF NOT EXISTS FOR ()-[e:wasStartedBy]-() REQUIRE e.sid IS UNIQUE;
CREATE CONSTRAINT provstore_wasEndedBy IF NOT EXISTS FOR ()-[e:wasEndedBy]-() REQUIRE e.sid IS UNIQUE;
CREATE CONSTRAINT provstore_wasInvalidatedBy IF NOT EXISTS FOR ()-[e:wasInvalidatedBy]-() REQUIRE e.sid IS UNIQUE;
CREATE CONSTRAINT provstore_wasDerivedFrom IF NOT EXISTS FOR ()-[e:wasDerivedFrom]-() REQUIRE e.sid IS UNIQUE;
CREATE CONSTRAINT provstore_wasAttributedTo IF NOT EXISTS FOR ()-[e:wasAttributedTo]-() REQUIRE e.sid IS UNIQUE;
CREATE CONSTRAINT provstore_wasAssociatedWith IF NOT EXISTS FOR ()-[e:wasAssociatedWith]-() REQUIRE e.sid IS UNIQUE;
CREATE CONSTRAINT provstore_actedOnBehalfOf IF NOT EXISTS FOR ()-[e:actedOnBehalfOf]-() REQUIRE e.sid IS UNIQUE;
CREATE CONSTRAINT provstore_wasInfluencedBy IF NOT EXISTS FOR ()-[e:wasInfluencedBy]-() REQUIRE e.sid IS UNIQUE;
CREATE CONSTRAINT provstore_specializationOf IF NOT EXISTS FOR ()-[e:specializationOf]-() REQUIRE e.sid IS UNIQUE;
CREATE CONSTRAINT provstore_alternateOf IF NOT EXISTS FOR ()-[e:alternateOf]-() REQUIRE e.sid IS UNIQUE;
CREATE CONSTRAINT provstore_hadMember IF NOT EXISTS FOR ()-[e:hadMember]-() REQUIRE e.sid IS UNIQUE;
CREATE CONSTRAINT provstore_mentionOf IF NOT EXISTS FOR ()-[e:mentionOf]-() REQUIRE e.sid IS UNIQUE;
CREATE CONSTRAINT provstore_derivedByInsertionFrom IF NOT EXISTS FOR ()-[e:derivedByInsertionFrom]-() REQUIRE e.sid IS UNIQUE;
CREATE CONSTRAINT provstore_derivedByRemovalFrom IF NOT EXISTS FOR ()-[e:derivedByRemovalFrom]-() REQUIRE e.sid IS UNIQUE;
// One statement has an edge for each member of the dictionary.
CREATE INDEX provstore_hadDictionaryMember IF NOT EXISTS FOR ()-[e:hadDictionaryMember]-() ON (e.sid);
CREATE CONSTRAINT provstore_hadPlan IF NOT EXISTS FOR ()-[e:hadPlan]-() REQUIRE e.sid IS UNIQUE;
CREATE CONSTRAINT provstore_hadActivity IF NOT EXISTS FOR ()-[e:hadActivity]-() REQUIRE e.sid IS UNIQUE;
CREATE CONSTRAINT provstore_hadStarter IF NOT EXISTS FOR ()-[e:hadStarter]-() REQUIRE e.sid IS UNIQUE;
CREATE CONSTRAINT provstore_hadEnder IF NOT EXISTS FOR ()-[e:hadEnder]-() REQUIRE e.sid IS UNIQUE;
CREATE CONSTRAINT provstore_partOf IF NOT EXISTS FOR ()-[e:partOf]-() REQUIRE e.sid IS UNIQUE;
CREATE CONSTRAINT provstore_sameBytes IF NOT EXISTS FOR ()-[e:sameBytes]-() REQUIRE e.sid IS UNIQUE;
CREATE CONSTRAINT provstore_bytesOf IF NOT EXISTS FOR ()-[e:bytesOf]-() REQUIRE e.sid IS UNIQUE;
