"""Secrets: which names and values are never stored (documented in docs/reference/redaction.md).

A redacted value keeps its place as `[redacted]`, so that a reader sees that something was there. Redacting twice
changes nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

REDACTED: Final = "[redacted]"

# Names whose value is a secret, whatever it looks like. Letters end a word, `_`, digits and capitals after small
# letters do too: `db_password`, `apiKey2`; not `author`, `tokenizer`, `max_tokens`.
NAME_PATTERN: Final = re.compile(
    r"(^|[^A-Za-z]|(?<=[a-z])(?=[A-Z]))"
    r"((?i:passw(or)?d|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?"
    r"|auth(orization)?|cookie|session[_-]?id|connection[_-]?string))"
    r"($|[^A-Za-z]|(?=[A-Z]))"
)

# Language models have tokens too: `pad_token_id = 0`, `eos_token = <eos>`, `mask_token = [MASK]`, `add_token = true`.
_MODEL_TOKEN: Final = re.compile(r"(?i)-?\d+(\.\d+)?(e-?\d+)?|true|false|none|null|<[^<>\s]+>|\[[a-z]+\]")

_WORDS: Final = r"(?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key)"

# Values that are a secret wherever they stand; a first group is what stays before it.
VALUE_PATTERNS: Final = (
    re.compile(r"(://)[^/\s:@]*:[^/\s@]+(?=@)"),  # user:password in a URL
    re.compile(r"()\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),  # AWS access key id
    re.compile(r"()\bgh[pousr]_[A-Za-z0-9]{36,}\b"),  # GitHub token
    re.compile(r"()\bgithub_pat_[A-Za-z0-9_]{22,}\b"),  # GitHub fine-grained token
    re.compile(r"()\bglpat-[A-Za-z0-9_-]{20,}"),  # GitLab token
    re.compile(r"()\bxox[abprs]-[A-Za-z0-9-]{10,}"),  # Slack token
    re.compile(r"()\bsk-[A-Za-z0-9_-]{20,}"),  # OpenAI-like key
    re.compile(r"()\bhf_[A-Za-z0-9]{30,}\b"),  # Hugging Face token
    re.compile(r"()\bAIza[0-9A-Za-z_-]{35}"),  # Google API key
    re.compile(r"()\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*"),  # JSON Web Token
    re.compile(r"()-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)"),
    re.compile(r"(?i)([?&](?:sig|key|x-amz-signature|x-amz-credential|x-goog-signature)=)[^&\s]+"),  # signed URLs
    re.compile(r"(?i)(\bauthorization\s*:\s*(?:bearer|basic)\s+)\S+"),  # HTTP headers
    # Assignments (`password=x`, `"apiKey": "x"`) and flags (`--token x`).
    re.compile(rf"(?i)((?<![a-z]){_WORDS}[\"']?\s*[=:]\s*[\"']?)[^\s\"'&;,]+"),
    re.compile(rf"(?i)((?<![\w-])--?(?:[a-z]+[_-])*{_WORDS}\s+)[^\s-]\S*"),
)

# Each pattern above needs one of these in its text in lower case; most texts have none. Letters alone, without (?i),
# are found ten times faster. The last three are what else (?i) takes for i and s: dotless i, long s, I with a dot.
_SUSPECT: Final = re.compile(
    r"://|akia|asia|gh|github_pat_|glpat-|xox|sk-|hf_|aiza|eyj|private|\?|&|authori|passw|passp|secret|token|api|access"
    r"|\u0131|\u017f|\u0307"
)


# No pattern above matches less than `?sig=x` or `://:x@` has.
SHORTEST_SECRET: Final = 6


def redact(name: str, value: str) -> tuple[str, bool]:
    """`value` without secrets, and whether anything was taken out.

    Args: name: what the value is called in the source. value: its text.
    """
    word = _secret_word(name)
    if word and not (word == "token" and _MODEL_TOKEN.fullmatch(value)):
        return REDACTED, value != REDACTED
    if len(value) < SHORTEST_SECRET or not _SUSPECT.search(value.lower()):
        return value, False
    clean = value
    for pattern in VALUE_PATTERNS:
        clean = pattern.sub(_keeping_what_leads_to_it, clean)
    return clean, clean != value


def redact_tree(value: Any, name: str = "") -> tuple[Any, int]:
    """A JSON value without secrets in any of its texts, and how many texts were redacted.

    A text is called by its key, or by its neighbour: `{"name": "DB_PASSWORD", "value": "x"}` and the same with `key`.
    A list's texts are called by the list's key.
    """
    if isinstance(value, str):
        return redact(name, value)
    if isinstance(value, list):
        pairs = [redact_tree(inner, name) for inner in value]
        return [clean for clean, _ in pairs], sum(count for _, count in pairs)
    if isinstance(value, dict):
        cleaned, total = {}, 0
        for key, inner in value.items():
            cleaned[key], count = redact_tree(inner, _called(value) if key == "value" else key)
            total += count
        return cleaned, total
    return value, 0


@lru_cache(maxsize=4096)
def _secret_word(name: str) -> str | None:
    match = NAME_PATTERN.search(name)
    return match[2].lower() if match else None


def _called(holder: dict[str, Any]) -> str:
    """What the `value` of an object is called."""
    for naming in ("name", "key"):
        if isinstance(holder.get(naming), str):
            return str(holder[naming])
    return "value"


def _keeping_what_leads_to_it(match: re.Match[str]) -> str:
    return match[1] + REDACTED
