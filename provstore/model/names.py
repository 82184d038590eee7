"""Names: the store's prefixes, keys of the view, and the segments of imported identifiers.

Source: rules 30 and 31; PROV-N section 3.7.1 (PN_LOCAL).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final
from urllib.parse import quote, unquote_to_bytes

from provstore.errors import BadInput
from provstore.model.terms import WELL_KNOWN_PREFIXES

# PN_CHARS_BASE and PN_CHARS of SPARQL, and PN_CHARS_OTHERS of PROV-N ([54]) as far as they are one character and no
# escape; all without the brackets of a class.
PN_CHARS_BASE: Final = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
PN_CHARS: Final = rf"{PN_CHARS_BASE}_\-0-9\u00b7\u0300-\u036f\u203f\u2040"
PN_CHARS_OTHERS: Final = "/@~&+*?#$!"
_forbidden = re.compile(f"[^{PN_CHARS}{PN_CHARS_OTHERS}.]+")
# An answer names the same few attributes of many nodes.
_REMEMBERED = 10_000
_SEGMENT_PLAIN = re.compile(r"[^A-Za-z0-9._-]+")
_iri = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\]*').fullmatch
# What namespaces end with, nearly all.
_ENDINGS = ("/", "#", ":")
_NO_ENDING = "".join(one for one in map(chr, range(128)) if one not in _ENDINGS)
_QNAME = re.compile(r"(?P<prefix>[^:/?#\s]*):(?P<local>[^\s]*)")


class Prefixes:
    """The prefix map of a store: one namespace per prefix, one preferred prefix per namespace.

    A prefix that is taken gets the next number (rule 30).
    """

    def __init__(self, taken: Mapping[str, str] | None = None) -> None:
        self._namespaces = dict(WELL_KNOWN_PREFIXES) | dict(taken or {})
        self._prefixes: dict[str, str] = {}
        for prefix, namespace in self._namespaces.items():
            self._prefixes.setdefault(namespace, prefix)
        self._stems: dict[str, tuple[int, str]] = {}
        self._unusual: list[tuple[str, str]] | None = None
        self._short: dict[str, str] = {}

    def register(self, prefix: str, namespace: str) -> str:
        """The store's prefix for `namespace`: `prefix`, or `prefix2`, ... when that one is taken."""
        if namespace in self._prefixes:
            return self._prefixes[namespace]
        wanted, number = prefix or "ns", 2
        free = wanted
        while free in self._namespaces:
            free, number = f"{wanted}{number}", number + 1
        self._namespaces[free] = namespace
        self._prefixes[namespace] = free
        self._unusual = None
        self._stems.clear()
        self._short.clear()
        return free

    def knows(self, namespace: str) -> bool:
        """True when the namespace has a prefix."""
        return namespace in self._prefixes

    def declare(self, namespaces: Mapping[str | None, Mapping[str, str]]) -> None:
        """Registers what a document and its bundles declare, in their order."""
        for declared in namespaces.values():
            for prefix, namespace in declared.items():
                self.register(prefix, namespace)

    def shorten(self, iri: str) -> str:
        """`prefix:local` for `iri` by the longest namespace that it starts with, else `iri` itself."""
        short = self._short.get(iri)
        if short is None:
            if len(self._short) >= _REMEMBERED:
                self._short.clear()
            short = self._short[iri] = self._shortened(iri)
        return short

    def _shortened(self, iri: str) -> str:
        # No namespace that ends as most do goes on behind the last such ending: what comes first has the same prefix.
        # So has what is longer than that, up to a letter that is not ASCII.
        stem = iri.rstrip(_NO_ENDING)
        found = self._stems.get(stem)
        if found is None:
            if len(self._stems) >= _REMEMBERED:
                self._stems.clear()
            usual = (one for one in self._prefixes.items() if one[0].endswith(_ENDINGS))
            found = self._stems[stem] = _longest(stem, usual)
        if self._unusual is None:
            self._unusual = [one for one in self._prefixes.items() if one[0] and not one[0].endswith(_ENDINGS)]
        if self._unusual:
            found = max(found, _longest(iri, self._unusual))
        length, prefix = found
        return f"{prefix}:{iri[length:]}" if length else iri

    def expand(self, name: str) -> str | None:
        """The full IRI of a prefixed name, or None when its prefix is unknown here."""
        match = _QNAME.fullmatch(name)
        if match is None or match["prefix"] not in self._namespaces:
            return None
        return self._namespaces[match["prefix"]] + match["local"]

    def items(self) -> Iterable[tuple[str, str]]:
        """(prefix, namespace) pairs in the order of registration."""
        return self._namespaces.items()


def _longest(iri: str, namespaces: Iterable[tuple[str, str]]) -> tuple[int, str]:
    """The length and the prefix of the longest namespace that the IRI starts with; 0 when there is none."""
    return max([(len(namespace), prefix) for namespace, prefix in namespaces if iri.startswith(namespace)],
               default=(0, ""))  # fmt: skip


def is_iri(text: str) -> bool:
    """True for an IRI in full: a scheme comes first, and no character that no IRI has (RFC 3987; Turtle, IRIREF)."""
    return _iri(text) is not None


def local_name(text: str) -> str:
    """`text` as the local part of a PROV name: what PROV-N forbids there is percent-encoded (rule 30)."""
    return _forbidden.sub(lambda found: quote(found[0], safe=""), text)


@lru_cache(_REMEMBERED)
def segment(text: str) -> str:
    """`text` as one segment of an imported identifier: percent-encoded, `/` included (rule 31)."""
    return quote(text, safe="")


def view_key(prefixed: str) -> str:
    """The property key of an attribute in a graph engine: injective, word characters only (rule 30).

    `ps:metric.train/loss` becomes `ps_metric_train_x2F_loss`: the first `:` and the `.` after it become `_`, any other
    non-word character, `_` itself, and an `x` that would follow a bare `_` become `_xHH_`.
    """
    out: list[str] = []
    local = False
    for character in prefixed:
        if character == ("." if local else ":"):
            out.append("_")
            local = True
        elif character == "x" and out and out[-1] == "_":
            out.append("_x78_")
        elif character.isascii() and character.isalnum():
            out.append(character)
        else:
            out.append(f"_x{ord(character):02X}_")
    return "".join(out)


def path_segment(iri: str) -> str:
    """An IRI as one path segment of a URL, the same for good: `http://a/b` becomes `http~3A~2F~2Fa~2Fb`.

    What RFC 3986 does not reserve stays, but for `~`; every other byte of the UTF-8 is `~` and two digits. Unlike
    percent-encoding no proxy or router decodes it on the way. A first `.` is written `~2E`, since `.` and `..` are
    steps of a path.
    """
    plain = _SEGMENT_PLAIN.sub(lambda found: "".join(f"~{byte:02X}" for byte in found[0].encode()), iri)
    return f"~2E{plain[1:]}" if plain.startswith(".") else plain


def from_path_segment(text: str) -> str:
    """The IRI of a path segment; the inverse of `path_segment`.

    Raises: BadInput: `path_segment` makes no such segment.
    """
    try:
        iri = unquote_to_bytes(text.replace("%", "~25").replace("~", "%")).decode()
    except UnicodeDecodeError:
        iri = ""
    if not iri or path_segment(iri) != text:
        raise BadInput(
            "this is no path segment of an identifier",
            where=text,
            next_step="Letters, digits, `-`, `.` and `_` stand for themselves, other bytes are `~` and two digits.",
        )
    return iri
