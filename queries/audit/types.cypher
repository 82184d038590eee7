// question: types    returns: type, elements    access: read
// How many elements there are of each type.
MATCH (n:Element) UNWIND n.types AS type RETURN type, count(*) AS elements ORDER BY elements DESC, type
