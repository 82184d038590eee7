DROP TABLE IF EXISTS temp.scratch_node;
DROP TABLE IF EXISTS temp.scratch_digest;
DROP TABLE IF EXISTS temp.scratch_scope;
DROP TABLE IF EXISTS temp.scratch_edge;
DROP TABLE IF EXISTS temp.scratch_known;
