SELECT sequence FROM document WHERE digest = %s
