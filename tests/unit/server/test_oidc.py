"""Tokens of a local issuer, whose keys are made here."""

from __future__ import annotations

import base64
import hmac
import json
import os
import time

import pytest
from joserfc import jws, jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from provstore.cli.main import run
from tests.support.service import serving

ISSUER, AUDIENCE = "https://login.example.org", "provstore"
KEY = ECKey.generate_key("P-256", {"kid": "one"})
OTHER = ECKey.generate_key("P-256", {"kid": "one"})
RSA = RSAKey.generate_key(2048, {"kid": "rsa"})


def claims(**changed):
    now = int(time.time())
    told = {"iss": ISSUER, "aud": AUDIENCE, "sub": "ann", "exp": now + 300, "iat": now, "provstore_role": "reader",
            "provstore_spaces": ["*"]}  # fmt: skip
    return {name: value for name, value in (told | changed).items() if value is not None}


def signed(key=KEY, algorithm="ES256", **changed):
    return jwt.encode({"alg": algorithm, "kid": key.kid or "one"}, claims(**changed), key, algorithms=[algorithm])


def signed_with_the_public_key():
    """RFC 8725, section 2.1: the public key taken for a shared secret."""
    head, body = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")
                  for part in ({"alg": "HS256", "kid": "one"}, claims()))  # fmt: skip
    signature = hmac.digest(KEY.as_pem(private=False), head + b"." + body, "sha256")
    return b".".join([head, body, base64.urlsafe_b64encode(signature).rstrip(b"=")]).decode()


def signed_text(payload):
    """A payload that is no claims, with a signature that holds."""
    return jws.serialize_compact({"alg": "ES256", "kid": "one"}, payload, KEY)


def write_keys(path, *keys):
    path.write_text(json.dumps(KeySet(list(keys)).as_dict(private=False)))


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("oidc")
    write_keys(folder / "keys.json", KEY, RSA)
    settings = {"oidc_issuer": ISSUER, "oidc_audience": AUDIENCE, "oidc_keys": str(folder / "keys.json")}
    with serving(folder / "s.db", failures_per_minute=1_000_000, lines=1, **settings) as one:
        yield one


def status(served, token, path="/api/v1/find"):
    return served.bearing(token).get(path).status_code


@pytest.mark.parametrize(
    "token",
    [
        lambda: signed(),
        lambda: signed(RSA, "RS256"),
        lambda: signed(aud=[AUDIENCE, "other"]),
        lambda: signed(exp=int(time.time()) - 5),
    ],
    ids=["EC", "RSA", "several audiences", "a clock that differs"],
)
def test_a_token_of_the_issuer_is_taken(served, token):
    assert status(served, token()) == 200


@pytest.mark.parametrize(
    "token",
    [
        lambda: signed(OTHER),
        lambda: signed(iss="https://evil.example"),
        lambda: signed(iss=None),
        lambda: signed(aud="another"),
        lambda: signed(aud=None),
        lambda: signed(exp=int(time.time()) - 3_600),
        lambda: signed(exp=None),
        lambda: signed(nbf=int(time.time()) + 3_600),
        lambda: signed(sub=None),
        lambda: signed(provstore_role=None),
        lambda: signed(provstore_role="king"),
        lambda: signed(provstore_spaces=None),
        lambda: signed(provstore_spaces=[]),
        lambda: signed(provstore_spaces="*"),
        lambda: signed(RSA, "PS256"),
        lambda: signed_with_the_public_key(),
        lambda: "eyJhbGciOiJub25lIn0." + signed().split(".")[1] + ".",
        lambda: signed()[:-4] + "AAAA",
        lambda: signed_text('{"a": ' + "[" * 5_000),
        lambda: "a.b.c",
        lambda: "x" * 20_000,
    ],
)
def test_any_other_token_is_refused(served, token):
    assert status(served, token()) == 401


def test_role_and_spaces_come_from_the_claims(served):
    assert status(served, signed(), "/api/v1/tokens") == 403
    assert status(served, signed(provstore_role="admin"), "/api/v1/tokens") == 200
    writer = served.bearing(signed(provstore_role="writer", provstore_spaces=["a"]))
    document = {"prefix": {"ex": "http://example.org/"}, "entity": {"ex:a": {}}}
    made = writer.post("/api/v1/documents", json=document).json()["document"]
    with served.service.readers.store() as store:
        header = store.ledger.document(made).entry.header
    assert (header.space, header.actor) == ("a", "oidc:ann")


def test_our_own_tokens_go_on_and_none_is_made_unasked(served):
    assert served.admin.get("/api/v1/tokens").status_code == 200
    assert [one.name for one in served.service.tokens.all()] == ["again0"]


def test_keys_that_the_issuer_changes_are_read_again(tmp_path):
    keys = tmp_path / "keys.json"
    write_keys(keys, KEY)
    settings = {"oidc_issuer": ISSUER, "oidc_audience": AUDIENCE, "oidc_keys": str(keys)}
    with serving(tmp_path / "s.db", lines=1, **settings) as served:
        assert (status(served, signed()), status(served, signed(OTHER))) == (200, 401)
        write_keys(keys, OTHER)
        os.utime(keys, ns=(1, 1))
        assert (status(served, signed()), status(served, signed(OTHER))) == (401, 200)


@pytest.mark.parametrize("content", [None, "", "{", "[]", '{"keys": [{"kty": "EC"}]}'])
def test_while_the_file_of_keys_is_being_written_the_last_ones_hold(tmp_path, content):
    keys = tmp_path / "keys.json"
    write_keys(keys, KEY)
    settings = {"oidc_issuer": ISSUER, "oidc_audience": AUDIENCE, "oidc_keys": str(keys)}
    with serving(tmp_path / "s.db", lines=1, **settings) as served:
        if content is None:
            keys.unlink()
        else:
            keys.write_text(content)
            os.utime(keys, ns=(1, 1))
        assert (status(served, signed()), status(served, signed(OTHER)), status(served, "anything")) == (200, 401, 401)
        write_keys(keys, OTHER)
        os.utime(keys, ns=(2, 2))
        assert (status(served, signed()), status(served, signed(OTHER))) == (401, 200)


@pytest.mark.parametrize(
    ("environment", "code"),
    [
        ({"AUDIENCE": "", "KEYS": "keys.json"}, 2),
        ({"AUDIENCE": "a", "KEYS": ""}, 2),
        ({"AUDIENCE": "a", "KEYS": "keys.json", "ALGORITHMS": "HS256"}, 2),
        ({"AUDIENCE": "a", "KEYS": "missing.json"}, 4),
        ({"AUDIENCE": "a", "KEYS": "no.json"}, 4),
    ],
)
def test_an_issuer_that_is_half_configured_stops_the_start(environment, code, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    write_keys(tmp_path / "keys.json", KEY)
    (tmp_path / "no.json").write_text("{}")
    monkeypatch.setenv("PROVSTORE_SERVER_OIDC_ISSUER", ISSUER)
    for name, value in environment.items():
        monkeypatch.setenv(f"PROVSTORE_SERVER_OIDC_{name}", value)
    assert run(["serve", "--port", "0"]) == code
