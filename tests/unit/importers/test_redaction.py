"""Secrets never get in; what only looks a little like one stays. The values are made up in the issuers' formats."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provstore.importers.redaction import REDACTED, VALUE_PATTERNS, redact, redact_tree

SECRET_NAMES = [
    "password", "DB_PASSWORD", "db-passwd", "secret", "clientSecret", "token", "MLFLOW_TRACKING_TOKEN", "auth.token",
    "api_key", "apiKey", "OPENAI_API_KEY", "accessKey", "private-key", "credentials", "Authorization", "cookie",
    "session_id", "CONNECTION_STRING", "passphrase", "apiKey2",
]  # fmt: skip
ORDINARY_NAMES = ["author", "tokenizer", "max_tokens", "maxTokens", "monkey", "secretary", "keys", "passed", "lr"]
HIDDEN = [
    ("https://user:hunter2@host/x", "https://[redacted]@host/x"),
    ("id AKIAIOSFODNN7EXAMPLE.", "id [redacted]."),
    ("ghp_" + "a" * 36, REDACTED),
    ("github_pat_" + "a" * 30, REDACTED),
    ("glpat-" + "a" * 20, REDACTED),
    ("xoxb-1234567890-abc", REDACTED),
    ("sk-" + "a" * 24, REDACTED),
    ("hf_" + "a" * 34, REDACTED),
    ("AIza" + "a" * 35, REDACTED),
    ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", REDACTED),
    ("-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----", REDACTED),
    ("https://b/x?sig=abc%3D&se=1", "https://b/x?sig=[redacted]&se=1"),
    ("run --token abc -v", "run --token [redacted] -v"),
    ("run --db-password=abc -v", "run --db-password=[redacted] -v"),
    ('{"api_key": "abc", "n": 1}', '{"api_key": "[redacted]", "n": 1}'),
    ("Authorization: Bearer abc", "Authorization: Bearer [redacted]"),
    ("private_key: abc", "private_key: [redacted]"),
    *((f"{word}=abc", f"{word}={REDACTED}") for word in ("password", "passwd", "passphrase", "secret", "token")),
    *(
        (f"run --{word} abc", f"run --{word} {REDACTED}")
        for word in ("api-key", "access_key", "privateKey", "passphrase")
    ),
    *((f"x?{name}=abc", f"x?{name}={REDACTED}") for name in ("key", "X-Amz-Signature", "x-amz-credential")),
    ("x&x-goog-signature=abc", f"x&x-goog-signature={REDACTED}"),
    *((f"{start}{'A1' * 8}", REDACTED) for start in ("AKIA", "ASIA")),
    *((f"gh{kind}_{'a' * 36}", REDACTED) for kind in "ousr"),
]
SHOWN = [
    "select token from t",
    "the secret is out",
    "https://host/a:b@c",
    "tokens=5",
    "sk-learn",
    "a/b:c",
    "",
    "--tokenizer x",
]


@pytest.mark.parametrize("name", SECRET_NAMES)
def test_the_value_of_a_secret_name_is_hidden(name):
    assert redact(name, "hunter2") == (REDACTED, True)


@pytest.mark.parametrize("name", ORDINARY_NAMES)
def test_the_value_of_an_ordinary_name_is_kept(name):
    assert redact(name, "hunter2") == ("hunter2", False)


@pytest.mark.parametrize("value", ["0", "-1", "0.1", "true", "None", "<pad>", "[MASK]"])
def test_the_tokens_of_language_models_are_kept(value):
    assert redact("pad_token", value) == (value, False)
    assert redact("password", value) == (REDACTED, True)


@pytest.mark.parametrize(("value", "clean"), HIDDEN)
def test_a_secret_value_is_hidden_wherever_it_stands(value, clean):
    assert redact("note", value) == (clean, True)


@pytest.mark.parametrize("value", SHOWN)
def test_ordinary_text_is_kept(value):
    assert redact("note", value) == (value, False)


@given(st.sampled_from([*SECRET_NAMES, *ORDINARY_NAMES]), st.text() | st.sampled_from([v for v, _ in HIDDEN]))
def test_redacting_twice_changes_nothing(name, value):
    once, _ = redact(name, value)
    assert redact(name, once) == (once, False)


@given(st.sampled_from([value for value, _ in HIDDEN]), st.booleans(), st.text(max_size=5))
@pytest.mark.parametrize("letters", ["xx", "i\u0130", "i\u0131", "k\u212a", "s\u017f"])
def test_no_secret_is_missed_however_its_letters_are_written(letters, said, in_capitals, after):
    """The quick look leaves nothing out that a pattern finds; these letters are one where case does not matter."""
    value = (said.upper() if in_capitals else said.replace(*letters)) + after
    clean = value
    for pattern in VALUE_PATTERNS:
        clean = pattern.sub(lambda match: match[1] + REDACTED, clean)
    assert redact("note", value) == (clean, clean != value)


def test_a_tree_is_redacted_by_keys_and_by_neighbouring_names():
    tree = {"env": [{"name": "DB_PASSWORD", "value": "x"}, {"key": "lr", "value": "1"}], "token": ["x", 5], "n": None}
    assert redact_tree(tree) == (
        {
            "env": [{"name": "DB_PASSWORD", "value": REDACTED}, {"key": "lr", "value": "1"}],
            "token": [REDACTED, 5],
            "n": None,
        },
        2,
    )
