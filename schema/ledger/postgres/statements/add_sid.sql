COPY sid (key, statement) FROM STDIN
