CREATE TABLE node(id INTEGER PRIMARY KEY, iri TEXT UNIQUE, kind TEXT, label TEXT, attributes TEXT);
CREATE TABLE edge(source INTEGER, relation TEXT, target INTEGER, sid BLOB, PRIMARY KEY(source, relation, target, sid)) WITHOUT ROWID;
