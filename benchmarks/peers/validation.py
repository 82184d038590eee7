"""Validates a PROV-JSON file, or merges its records by `prov`'s unified(): `validation.py FILE provstore|prov`.

Prints the processor seconds of the work itself and its answer; reading the file is not counted.
"""

import json
import sys
from time import process_time
from typing import Any

path, contestant = sys.argv[1:]
answer: Any
if contestant == "provstore":
    from provstore.formats.prov_json import PROV_JSON
    from provstore.validation import validate

    with open(path, "rb") as stream:
        assertions = list(PROV_JSON.read(stream, source=path).assertions)
    started = process_time()
    answer = validate(assertions, lints=False).valid
else:
    from prov.model import ProvDocument

    document = ProvDocument.deserialize(path)
    started = process_time()
    answer = len(document.unified().get_records()) > 0
print(json.dumps({"seconds": process_time() - started, "answer": answer}))
