SELECT prefix, namespace FROM prefix WHERE sequence <= :sequence ORDER BY number
