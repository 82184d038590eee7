def globals = [:]
globals << [g: graph.traversal(), gtx: txgraph.traversal()]
