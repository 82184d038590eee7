// The nodes that meet a condition in parts that an engine can decide; what it decides too loosely is looked at again.
// The condition follows: fragments of queries/find with parameters of their own (rule 28). Columns: exact. Access: a scan.
MATCH (n:Element) WHERE <condition> RETURN n.exact AS exact
