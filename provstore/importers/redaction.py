"""Secrets: which names and values are never stored (documented in docs/reference/redaction.md).

A redacted value keeps its place as `[redacted]`, so that a reader sees that something was there.
"""

from __future__ import annotations

import re
from typing import Final

REDACTED: Final = "[redacted]"

# Names whose value is a secret, whatever it looks like.
NAME_PATTERN: Final = re.compile(
    r"(?i)(^|[^a-z])(passw(or)?d|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key"
    r"|credentials?|auth(orization)?|cookie|session[_-]?id|connection[_-]?string)([^a-z]|$)"
)

# Values that are a secret wherever they stand.
VALUE_PATTERNS: Final = (
    re.compile(r"(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"),  # user:password in a URL
    re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),  # AWS access key id
    re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36,}\b"),  # GitHub token
    re.compile(r"\bglpat-[A-Za-z0-9_-]{20,}\b"),  # GitLab token
    re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}\b"),  # Slack token
    re.compile(r"\bsk-[A-Za-z0-9_-]{20,}\b"),  # OpenAI-like key
    re.compile(r"\bhf_[A-Za-z0-9]{30,}\b"),  # Hugging Face token
    re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b"),  # Google API key
    re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*"),  # JSON Web Token
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)"),
    re.compile(r"(?i)(?<=[?&](?:sig|key)=)[^&\s]+"),  # signed URLs
    re.compile(
        r"(?i)(?<![a-z])(?:--?)?(?:password|passwd|secret|token|api[_-]?key)[= ](?!\[redacted\])\S+"
    ),
)


def redact(name: str, value: str) -> tuple[str, bool]:
    """`value` without secrets, and whether anything was taken out.

    Args: name: what the value is called in the source. value: its text.
    """
    if NAME_PATTERN.search(name):
        return REDACTED, bool(value)
    clean = value
    for pattern in VALUE_PATTERNS:
        clean = pattern.sub(REDACTED, clean)
    return clean, clean != value
