-- Which of some nodes are an agent and nothing else. Parameters: ids (JSON list). Columns: id.
SELECT id FROM node WHERE id IN (SELECT value FROM json_each(:ids)) AND kinds = 4
