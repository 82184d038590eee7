"""MLflow's own search in its database: the runs that used a data set, and the children of a run.

Arguments: database, data set digest, parent run id, repetitions. Prints a JSON object: question to the seconds of each
repetition and the number of runs found. Needs only mlflow.
"""

import json
import sys
import time

from mlflow import MlflowClient

database, digest, parent, repetitions = sys.argv[1:]
client = MlflowClient(tracking_uri=f"sqlite:///{database}")
questions = {
    "runs that used a data set": f"dataset.digest = '{digest}'",
    "children of a run": f"tags.`mlflow.parentRunId` = '{parent}'",
}


def search(condition):
    """All runs that meet the condition, page by page."""
    found, token = [], None
    while True:
        page = client.search_runs(["1"], condition, max_results=1000, page_token=token)
        found += page
        token = page.token
        if not token:
            return found


answers = {}
for question, condition in questions.items():
    search(condition)
    seconds = []
    for _ in range(int(repetitions)):
        started = time.perf_counter()
        found = search(condition)
        seconds.append(time.perf_counter() - started)
    answers[question] = {"seconds": seconds, "found": len(found)}
print(json.dumps(answers))
