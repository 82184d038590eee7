"""MLflow's tracking API: calls of its client come in and become documents, what it asks for goes out again.

`calls` is the table of calls, `requests` their arguments. `experiments`, `runs` (with `adding`), `models`, `registry`
(with `versions` and `registered`) and `files` answer them: records are read, changed, and mapped as the importer maps
them. `units` keeps what the ledger has of a run or a model, `unit` folds it, `reading` makes MLflow's records of it,
`answers` their JSON. `searching` finds them by `filters`.
"""
