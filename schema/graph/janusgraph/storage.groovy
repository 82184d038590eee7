// Which storage the graph lies in, such as `berkeleyje` or `cql`.
graph.configuration().getString('storage.backend')
