"""MLflow's calls over plain HTTP, as its client makes them."""

from __future__ import annotations

API = "/mlflow/api/2.0/mlflow/"
FILES = "/mlflow/api/2.0/mlflow-artifacts/artifacts/"


class Client:
    """Calls of one token; `asked` answers a call that must succeed."""

    def __init__(self, http, **headers):
        self.http, self.headers = http, headers

    def raw(self, method, path, /, **arguments):
        where = path if path.startswith("/") else API + path
        given = {"params": arguments} if method == "GET" else {"json": arguments}
        return self.http.request(method, where, headers=self.headers, **given)

    def asked(self, method, path, /, **arguments):
        answer = self.raw(method, path, **arguments)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, method, path, /, **arguments):
        """Status and MLflow's code of a call that must fail."""
        answer = self.raw(method, path, **arguments)
        told = answer.json()
        assert set(told) == {"error_code", "message"}
        assert told["message"]
        return answer.status_code, told["error_code"]

    def run(self, **fields):
        return self.asked("POST", "runs/create", start_time=1_000, **fields)["run"]["info"]["run_id"]

    def read(self, run):
        return self.asked("GET", "runs/get", run_id=run)["run"]
