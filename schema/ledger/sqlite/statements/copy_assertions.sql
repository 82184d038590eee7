INSERT OR FAIL INTO main.assertion (leaf, statement, document, bundle)
SELECT position + :leaf, position + :number, :document, bundle.id
FROM temp.scratch_statement AS own LEFT JOIN main.bundle ON bundle.iri = own.bundle ORDER BY position
