COPY assertion (leaf, statement, document, bundle) FROM STDIN
