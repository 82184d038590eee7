"""Records what a real MLflow server answers to the calls of the importer, for the simulator of the unit tests.

    cp -r 3.17.2-sqlite /stores/ && cd /stores/3.17.2-sqlite
    mlflow server --backend-store-uri sqlite:///mlflow.db --host 127.0.0.1 --port 5000
    python record_rest.py http://127.0.0.1:5000 3.17.2-rest/answers.json
"""

import json
import sys
from pathlib import Path

from provstore.importers.contract import Findings
from provstore.importers.contract import Request as ImportRequest
from provstore.importers.mlflow import MlflowImporter, api


def main(url: str, target: Path) -> None:
    recorded = []

    class Recording(api.Api):
        def get(self, endpoint, **parameters):
            return self._keep("GET", endpoint, parameters, super().get(endpoint, **parameters))

        def post(self, endpoint, **body):
            return self._keep("POST", endpoint, body, super().post(endpoint, **body))

        def _keep(self, method, endpoint, arguments, answer):
            asked = {k: v for k, v in arguments.items() if v is not None and k != "page_token"}
            recorded.append({"method": method, "endpoint": endpoint, "arguments": asked, "answer": answer})
            return answer

    from provstore.importers.mlflow import rest

    rest.Api = Recording
    list(MlflowImporter().documents(ImportRequest(path=url, read_at="2026-11-21T12:00:00.000000Z"), Findings()))
    target.parent.mkdir(exist_ok=True)
    distinct = {json.dumps(one, sort_keys=True): one for one in recorded}
    target.write_text(json.dumps(list(distinct.values()), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
