-- How many nodes the graph has. No parameters. Columns: count.
SELECT count(*) AS count FROM node
