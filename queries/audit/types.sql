-- question: types    returns: type, elements    access: read
-- How many elements there are of each type.
SELECT type.value AS type, count(*) AS elements
FROM node CROSS JOIN json_each(node.types) AS type GROUP BY type.value ORDER BY elements DESC, type
