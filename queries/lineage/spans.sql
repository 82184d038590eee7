-- Whether some nodes have more than a given number of nodes behind them, themselves among these.
-- Parameters: starts (JSON list of node numbers), relations (bits), most. Columns: spans. Access: a probe per node that is
-- reached, until there are too many.
WITH RECURSIVE reached (node) AS (
  SELECT value FROM json_each(:starts)
  UNION
  SELECT edge.target FROM reached CROSS JOIN edge ON edge.source = reached.node
  WHERE (:relations >> edge.relation) & 1
)
SELECT count(*) > :most AS spans FROM (SELECT 1 FROM reached LIMIT :most + 1)
