"""`prov` merely parses PROV-JSON or PROV-N: no store, no disk. Runs with any Python that has prov; prints nothing."""

import sys

from prov.model import ProvDocument

document = ProvDocument.deserialize(sys.argv[1], format="provn" if sys.argv[1].endswith(".provn") else "json")
if not document.get_records():
    raise SystemExit("nothing was parsed")
