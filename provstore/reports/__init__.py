"""Reports: one answer (questions.result) comes in, text or a picture goes out, and exports of the ledger's statements.

Every rendering reads the same answer, so that tree, table, CSV and picture cannot disagree. `registry` lists them.
"""
