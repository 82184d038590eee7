"""provstore's own events: batches of runs, transformations and artifacts come in, one document for each goes out.

`models` is what a request may hold (its JSON Schema lies in `schema/events/`), `mapping` what it becomes.
"""
