"""Validates a PROV-JSON file, or merges its records by `prov`'s unified(): `validation.py FILE provstore|prov`.

Prints the seconds of the work itself and its answer; reading the file is not counted.
"""

import json
import sys
from time import perf_counter
from typing import Any

path, contestant = sys.argv[1:]
answer: Any
if contestant == "provstore":
    from provstore.formats.prov_json import PROV_JSON
    from provstore.validation import validate

    with open(path, "rb") as stream:
        assertions = list(PROV_JSON.read(stream, source=path).assertions)
    started = perf_counter()
    answer = validate(assertions, lints=False).valid
else:
    from prov.model import ProvDocument

    document = ProvDocument.deserialize(path)
    started = perf_counter()
    answer = len(document.unified().get_records()) > 0
print(json.dumps({"seconds": perf_counter() - started, "answer": answer}))
