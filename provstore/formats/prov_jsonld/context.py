"""Understands `@context`: its decoded JSON comes in, prefixes and the base of names go out. Nothing is ever fetched.

Source: PROV-JSONLD section 4.20; JSON-LD 1.1 section 5.2 (IRI expansion).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urljoin

from provstore.formats import names
from provstore.formats.names import RESERVED, RESERVED_SPELLINGS, BlankNames, UndeclaredName
from provstore.formats.prov_jsonld.terms import CONTEXT_URL, PREDECLARED, WORDS
from provstore.formats.values import WrongShape

# The address that the submission gives its context, and those of its earlier versions and of ProvToolbox.
_submission: Final = re.compile(
    r"https?://(?:www\.)?openprovenance\.(?:org|sussex\.ac\.uk)/prov-jsonld[\w./-]*"
).fullmatch
# Keywords that change nothing in the compact shape.
# JSON-LD 1.1 section 9.1: what has this form is reserved, and is no IRI.
_KEYWORD: Final = re.compile(r"@[A-Za-z]+").fullmatch
_HARMLESS: Final = frozenset({"@version", "@protected"})
# Schemes of which a name without `//` is an IRI that people write in full.
_SCHEMES: Final = frozenset({"urn", "mailto", "tag", "data", "doi", "info", "ni", "tel", "did", "arn", "ark"})


@dataclass(slots=True)
class Context:
    """Prefixes with the vocabulary (`@vocab`) under "", and `@base` where there is one."""

    prefixes: dict[str, str] = field(default_factory=dict)
    base: str | None = None

    def inside(self, outer: Context) -> Context:
        """This context of a bundle, with what it has from that of the document."""
        return Context(outer.prefixes | self.prefixes, self.base or outer.base)


def read_context(value: Any) -> Context:
    """The context of decoded JSON (json_scanner.py).

    Raises: WrongShape: it is remote and not PROV-JSONLD's, or defines more than prefixes.
    """
    context = Context()
    for one in value if type(value) is list else [value]:
        if type(one) is str:
            if not _submission(one):
                raise WrongShape(f'the remote context "{one}" is not that of PROV-JSONLD, and no context is fetched')
        elif type(one) is tuple:
            for key, meaning in one:
                _define(context, key, meaning)
        else:
            raise WrongShape("a context must be an address or a JSON object")
    return context


def _define(context: Context, key: str, meaning: Any) -> None:
    if key in ("@vocab", "@base"):
        if type(meaning) is not str:
            raise WrongShape(f'"{key}" must be a text')
        if key == "@base":
            context.base = meaning
        else:
            context.prefixes[""] = meaning
    elif key.startswith("@"):
        if key not in _HARMLESS:
            raise WrongShape(f'"{key}" in a context is not understood')
    elif key.removeprefix("prov:") not in WORDS or type(meaning) is str:
        _declare(context.prefixes, key, meaning)


def _declare(prefixes: dict[str, str], prefix: str, meaning: Any) -> None:
    """Notes one prefix; a definition of a term of the submission itself does not come here."""
    if type(meaning) is tuple and set(dict(meaning)) == {"@id", "@prefix"}:
        meaning = dict(meaning)["@id"]
    if type(meaning) is not str or not meaning or _KEYWORD(meaning):
        raise WrongShape(f'"{prefix}" in the context is no prefix; other terms than those of PROV-JSONLD are not read')
    if meaning not in RESERVED_SPELLINGS.get(prefix, (meaning,)):
        raise WrongShape(f'the prefix "{prefix}" is reserved for {RESERVED_SPELLINGS[prefix][0]}')
    prefixes[prefix] = meaning


class Scope(names.Scope):
    """The IRI of each name, as JSON-LD expands it: by its prefix, else as an IRI in full, else by the base.

    Args: context: what is in scope. told: is given each name of an undeclared prefix that was taken as an IRI.
    """

    __slots__ = ("_base", "_told")

    def __init__(self, context: Context, blanks: BlankNames, told: Callable[[str], None]) -> None:
        # The reserved ones last, as some writers declare xsd without its "#".
        super().__init__(PREDECLARED | context.prefixes | RESERVED, blanks)
        self._base = context.base
        self._told = told

    def __missing__(self, name: str) -> str:
        prefix, colon, local = name.partition(":")
        if colon and not local.startswith("//") and (prefix in self.prefixes or prefix == "_"):
            return super().__missing__(name)
        if colon and prefix:
            if not local.startswith("//") and prefix not in _SCHEMES:
                self._told(name)
            return name
        if not name:
            raise UndeclaredName("a name was expected, the text is empty")
        return self._relative(name)

    def _relative(self, name: str) -> str:
        # `prov` writes the default namespace as both, and means every name by it, whatever it ends in.
        vocabulary = self.prefixes.get("")
        if vocabulary is not None and self._base in (None, vocabulary):
            return vocabulary + name
        if self._base is None:
            raise UndeclaredName(f'"{name}" has no prefix, and the context has neither "@vocab" nor "@base"')
        return urljoin(self._base, name) if "//" in self._base else self._base + name

    def key(self, name: str) -> str:
        """The IRI of an attribute's name or a datatype, which `@vocab` completes."""
        if ":" in name:
            return self[name]
        if not self.prefixes.get(""):
            raise UndeclaredName(f'"{name}" is no term of PROV-JSONLD, and the context has no "@vocab"')
        return self.prefixes[""] + name


def written_context(prefixes: Mapping[str, str], default: str | None) -> dict[str, str]:
    """The context of a document or bundle that declares `prefixes`, and `default` as the namespace of bare names."""
    bare = {"@vocab": default, "@base": default} if default else {}
    return {**prefixes, **bare}


NEXT_STEP: Final = f"Write the prefixes into @context, beside {CONTEXT_URL}."
