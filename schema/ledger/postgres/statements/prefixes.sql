SELECT prefix, namespace FROM prefix WHERE sequence <= %(sequence)s ORDER BY number
