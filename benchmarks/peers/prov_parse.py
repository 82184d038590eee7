"""`prov` merely parses a PROV-JSON file: no store, no disk. Runs with any Python that has prov; prints nothing."""

import sys

from prov.model import ProvDocument

document = ProvDocument.deserialize(sys.argv[1])
if not document.get_records():
    raise SystemExit("nothing was parsed")
