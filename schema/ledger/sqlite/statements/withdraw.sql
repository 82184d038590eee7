UPDATE document SET withdrawn = coalesce(withdrawn, :sequence) WHERE sequence = :document
