"""Artifacts: bytes come back as they went in, lie under their digest, and no path of a client is ever opened."""

from __future__ import annotations

import http.client
import os
import resource
from hashlib import sha256
from urllib.parse import urlsplit

import pytest

from provstore.errors import BackendUnavailable
from provstore.importers.mlflow.names import Names
from provstore.server.mlflow.files import Bytes
from tests.support.mlflow_calls import FILES, Client
from tests.support.service import serving

NAMES = Names("")
CAP = 100_000


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    with serving(
        folder / "s.db", mlflow_artifacts=str(folder / "kept"), max_artifact_bytes=CAP, max_body_bytes=1_000
    ) as one:
        yield one


@pytest.fixture
def client(served):
    return Client(served.admin)


def place(client, run):
    return FILES + client.read(run)["info"]["artifact_uri"].removeprefix("mlflow-artifacts:/")


def kept(served):
    root = served.service.server.mlflow_artifacts
    return {os.path.relpath(os.path.join(at, name), root) for at, _, names in os.walk(root) for name in names}


def test_bytes_come_back_and_lie_under_their_digest(served, client):
    run = client.run()
    content = os.urandom(5_000)
    digest = sha256(content).hexdigest()
    for path in ("model.bin", "a/b/c d+e%41.txt", "ä.txt"):
        where = f"{place(client, run)}/{path}".replace("%", "%25")
        assert served.admin.put(where, content=content).status_code == 200
        assert served.admin.get(where).content == content
    assert f"{digest[:2]}/{digest}" in kept(served)
    assert not [name for name in kept(served) if name.startswith(".")]
    with served.service.readers.store() as store:
        shown = store.show(NAMES.artifact(run, "model.bin")).as_json()
        assert NAMES.run(run) in store.upstream(NAMES.artifact(run, "model.bin"), depth=1).iris()
    assert f"sha256:{digest}" in str(shown)


def test_files_are_listed_level_by_level(served, client):
    run = client.run()
    for path in ("a.txt", "d/b.txt", "d/e/c.txt"):
        served.admin.put(f"{place(client, run)}/{path}", content=b"12345")
    root = place(client, run).removeprefix(FILES)
    assert client.asked("GET", FILES[:-1], path=root)["files"] == [
        {"path": "a.txt", "is_dir": False, "file_size": 5},
        {"path": "d", "is_dir": True},
    ]
    assert client.asked("GET", FILES[:-1], path=f"{root}/d")["files"] == [
        {"path": "b.txt", "is_dir": False, "file_size": 5},
        {"path": "e", "is_dir": True},
    ]
    assert [one["path"] for one in client.asked("GET", "artifacts/list", run_id=run, path="d")["files"]] == [
        "d/b.txt",
        "d/e",
    ]


def test_a_file_that_is_sent_again_with_other_bytes_is_the_newer_one(served, client):
    run = client.run()
    where = f"{place(client, run)}/x"
    for content in (b"one", b"three"):
        served.admin.put(where, content=content)
    assert served.admin.get(where).content == b"three"
    client.asked("POST", "runs/update", run_id=run, status="FINISHED")
    assert served.admin.get(where).content == b"three"


def test_a_logged_model_has_its_files_as_members_made_by_its_run(served, client):
    run = client.run()
    model = client.asked("POST", "logged-models", experiment_id="0", name="clf", source_run_id=run)["model"]["info"]
    where = FILES + model["artifact_uri"].removeprefix("mlflow-artifacts:/") + "/MLmodel"
    assert served.admin.put(where, content=b"flavors: {}").status_code == 200
    client.asked("PATCH", f"logged-models/{model['model_id']}", status="LOGGED_MODEL_READY")
    file, iri = NAMES.artifact(model["model_id"], "MLmodel"), NAMES.logged_model(model["model_id"])
    with served.service.readers.store() as store:
        found = store.upstream(iri)
    assert {file, NAMES.run(run)} <= set(found.iris())
    assert served.admin.get(where).content == b"flavors: {}"


@pytest.mark.parametrize(
    "path",
    [
        "../../../etc/passwd",
        "..%2f..%2fx",
        "%2e%2e/x",
        "a/../b",
        "a//b",
        "./a",
        "a\\b",
        "a%5cb",
        "a%00b",
        "a%0ab",
        "a/..",
        "/etc/passwd",
        "C:/x",
        "%252e%252e/x",
        "a/%25252e%25252e/x",
        "a%255cb",
        # Bytes that are no UTF-8: all of them would be one name.
        "%ff",
        "%c0%ae%c0%ae/x",
        "x" * 1_001,
    ],
)
def test_a_path_that_is_no_plain_one_is_refused_and_nothing_is_kept(served, client, path):
    run = client.run()
    before = kept(served)
    # A client of its own, since the usual one tidies paths before it sends them.
    address = urlsplit(served.url)
    raw = http.client.HTTPConnection(address.hostname, address.port)
    raw.request("PUT", f"{place(client, run)}/{path}", b"x", {"Authorization": served.admin.headers["Authorization"]})
    assert raw.getresponse().status in (400, 404)
    raw.close()
    assert kept(served) == before
    assert client.asked("GET", "artifacts/list", run_id=run)["files"] == []


@pytest.mark.parametrize("root", ["0", "elsewhere", "0/models"])
def test_a_place_that_is_not_that_of_the_run_is_refused(served, client, root):
    run = client.run(experiment_id=client.asked("POST", "experiments/create", name=f"e {root}")["experiment_id"])
    assert served.admin.put(f"{FILES}{root}/{run}/artifacts/x", content=b"x").status_code == 404
    assert served.admin.get(f"{FILES}{root}/{run}/artifacts/x").status_code == 404


def test_a_place_in_another_system_is_not_kept_here(served, client):
    made = client.asked("POST", "experiments/create", name="in a bucket", artifact_location="s3://bucket/x")[
        "experiment_id"
    ]
    run = client.run(experiment_id=made)
    assert client.read(run)["info"]["artifact_uri"] == f"s3://bucket/x/{run}/artifacts"
    assert served.admin.put(f"{FILES}bucket/x/{run}/artifacts/y", content=b"x").status_code == 404


def test_a_file_may_be_larger_than_other_requests_up_to_its_own_cap(served, client):
    run = client.run()
    assert served.admin.put(f"{place(client, run)}/most", content=b"x" * CAP).status_code == 200
    before = kept(served)
    for content in (b"x" * (CAP + 1), (part for part in [b"x" * CAP, b"x"])):
        answer = served.admin.put(f"{place(client, run)}/more", content=content)
        assert answer.status_code == 413
    assert kept(served) == before
    assert [one["path"] for one in client.asked("GET", "artifacts/list", run_id=run)["files"]] == ["most"]


def test_a_reader_of_another_space_gets_no_file(served):
    mine, other = Client(served.as_role("writer", "f-a")), served.as_role("reader", "f-b")
    run = mine.run()
    where = f"{place(mine, run)}/x"
    assert mine.http.put(where, content=b"secret").status_code == 200
    assert other.get(where).status_code == 404
    assert other.get(FILES[:-1], params={"path": place(mine, run).removeprefix(FILES)}).status_code == 404


def test_without_a_directory_the_answer_says_so(tmp_path):
    with serving(tmp_path / "s.db") as served:
        client = Client(served.admin)
        run = client.run()
        answer = served.admin.put(f"{place(client, run)}/x", content=b"x")
        assert (answer.status_code, answer.json()["error_code"]) == (501, "NOT_IMPLEMENTED")
        assert "mlflow_artifacts" in answer.json()["message"]


def test_a_directory_that_cannot_be_written_is_told_and_nothing_is_stored(tmp_path):
    (tmp_path / "file").write_text("no directory")
    with serving(tmp_path / "s.db", mlflow_artifacts=str(tmp_path / "file")) as served:
        client = Client(served.admin)
        run = client.run()
        answer = served.admin.put(f"{place(client, run)}/x", content=b"x")
        assert (answer.status_code, answer.json()["error_code"]) == (503, "TEMPORARILY_UNAVAILABLE")
        assert client.asked("GET", "artifacts/list", run_id=run)["files"] == []


def test_the_files_of_the_directory_are_the_operators_alone(served, client):
    run = client.run()
    served.admin.put(f"{place(client, run)}/x", content=b"mine")
    root = served.service.server.mlflow_artifacts
    modes = {os.stat(os.path.join(at, name)).st_mode & 0o077 for at, _, names in os.walk(root) for name in names}
    assert modes == {0}
    assert os.stat(root).st_mode & 0o077 == 0


def test_a_disk_that_takes_a_part_of_the_bytes_is_told(tmp_path):
    """The system writes up to its limit and says how much: what it says is not all of it (write(2))."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Bytes(str(tmp_path)).receive() as incoming:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, before[1]))
        try:
            with pytest.raises(BackendUnavailable):
                incoming.add(b"x" * 1_500)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []
