SELECT 1 FROM json_each('[]') UNION ALL SELECT 1 FROM json_tree('[]')
