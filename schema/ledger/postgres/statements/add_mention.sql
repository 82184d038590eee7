COPY mention (key, slot, statement) FROM STDIN
