"""The oracle: a deliberately naive, in-memory reading of the design's rules 1 to 29.

Every property test of the real implementation is compared with it. It shares no code with the package under test,
uses the standard library only, keeps nothing but the full log, and recomputes every answer from that log. Where the
rules leave a choice, NOTES.md says what was chosen and why.

What goes in: `OracleDocument`s of `OracleStatement`s, appended, retracted or erased. What comes out: receipts, live
documents, nodes and edges, lineage answers. On one screen:

    terms        PROV names, formal arguments, builders for tests: entity("e1"), used("a1", "e1"), day(3)
    statements   canonical(s), sid(s), content_digest(assertions), equal(d1, d2), identical(d1, d2),
                 name_blanks(assertions)                                                       rules 1-5
    ledger       OracleDocument, OracleLedger().append(docs) -> [Receipt], .retract(id, reason), .erase(id),
                 .live_at(n), .sequence_at(time), .assertions_at(n), live_of(documents)        rules 5-16
    values       by_value(value), number(text), instant(text)                                  rules 10, 28, 32
    fold         fold_unit(documents, blobs) -> {(iri, key): values}, combine(folds), series_points(chunks)
                                                                                               rules 10, 17
    view         view_of(ledger, spaces, as_of, blobs) -> View(nodes, edges, boilerplate)       rules 18-21, 25
    table        TABLE of the walk, full_to_full(relation, kinds)                              rule 22
    lineage      upstream(view, starts, ...), downstream(...), path(...), leakage(...)  rules 22, 25, 27
    questions    history(ledger, iri), blame(ledger, iri, attribute), topological_order(view, iris),
                 statement_intervals(ledger), attribute_intervals(ledger)                      rules 18, 27, 29
    expressions  parse(text) -> AST, holds(ast, view, iri)                                     rule 28
    strategies   statements(), fragments(), documents(), histories(), deliveries(), build(history)          Hypothesis
"""
