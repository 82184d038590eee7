SELECT version FROM graph
