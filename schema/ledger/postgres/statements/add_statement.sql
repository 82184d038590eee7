COPY statement (id, record) FROM STDIN
