"""From an identifier as typed to full IRIs. Source: docs/reference/identifiers.md; rule 21."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Final, NoReturn

from provstore.errors import Ambiguous, NotFound, UsageError, printable
from provstore.graph.comparing import Literally
from provstore.graph.contract import Filter, Node, Page, Reader
from provstore.graph.expressions import Comparison, Field, Or
from provstore.model.names import Prefixes
from provstore.model.terms import LABEL, PS

MIN_DIGEST_DIGITS: Final = 8
_DIGEST: Final = re.compile(r"(?P<algorithm>[A-Za-z][A-Za-z0-9_/-]*):(?P<digits>[0-9A-Fa-f]+)")
_CANDIDATES: Final = 5
_KEPT: Final = PS + "Segment"
# How many of the same label, or of similar names, are fetched to choose from.
_LOOKED_AT: Final = 200


def resolve(reader: Reader, prefixes: Prefixes, name: str) -> tuple[str, ...]:
    """The full IRIs that `name` means; several only for a digest, whose entities hold the same bytes.

    Args: name: a full IRI, a prefixed name known to the store, `<algorithm>:<digest>` (a prefix of 8 digits or more),
    or a label that one element has alone (a kept segment takes it from none); the first of these that exists.
    Raises: NotFound: nothing has that name; the nearest are named. Ambiguous: several have that label, or several
    digests begin so.
    """
    return meant(reader, prefixes, name) or _nothing(reader, prefixes, name)


def meant(reader: Reader, prefixes: Prefixes, name: str) -> tuple[str, ...]:
    """As `resolve`, and nothing when nothing has that name.

    Raises: Ambiguous. UsageError: a digest is too short, or the name is empty or no Unicode text.
    """
    if not name:
        # Also where a label is empty: what names nothing was left out by mistake.
        raise UsageError("expected the name of an element, found an empty one")
    try:
        name.encode()
    except UnicodeEncodeError:
        raise UsageError(
            "the name holds a lone surrogate, which is no Unicode character", where=printable(name)
        ) from None
    expanded = _expanded(prefixes, name)
    wanted = [name] if expanded is None else [name, expanded]
    known = {node.iri for node in reader.nodes(Filter(iris=wanted)).nodes}
    for iri in wanted:
        if iri in known:
            return (iri,)
    return _by_digest(reader, name) or _by_label(reader, prefixes, name)


def resolve_one(reader: Reader, prefixes: Prefixes, name: str) -> str:
    """The one full IRI that `name` means. Raises: NotFound. Ambiguous: a digest that several entities hold."""
    found = resolve(reader, prefixes, name)
    if len(found) > 1:
        raise Ambiguous(f"{len(found)} entities hold these bytes", _shown(found, prefixes), where=name)
    return found[0]


def find_node(reader: Reader, prefixes: Prefixes, name: str) -> Node:
    """The one node that `name` means. Raises: NotFound, Ambiguous."""
    return reader.nodes(Filter(iris=[resolve_one(reader, prefixes, name)])).nodes[0]


def _expanded(prefixes: Prefixes, name: str) -> str | None:
    """The IRI of a prefixed name; also of one with white space, as answers show it for such an IRI."""
    prefix, colon, local = name.partition(":")
    namespace = prefixes.expand(f"{prefix}:") if colon else None
    return None if namespace is None else namespace + local


def _by_digest(reader: Reader, name: str) -> tuple[str, ...]:
    match = _DIGEST.fullmatch(name)
    if match is None:
        return ()
    if len(match["digits"]) < MIN_DIGEST_DIGITS:
        if match["algorithm"].lower() != "sha256":
            return ()
        raise UsageError(
            f"expected {MIN_DIGEST_DIGITS} digits or more of the digest, found {len(match['digits'])}", where=name
        )
    prefix = name.lower()
    nodes = reader.nodes(Filter(digest_prefix=prefix)).nodes
    digests = sorted({digest for node in nodes for digest in node.digests if digest.startswith(prefix)})
    if len(digests) > 1:
        raise Ambiguous("several digests start with these digits", digests[:20], where=name)
    return tuple(sorted(node.iri for node in nodes))


def _by_label(reader: Reader, prefixes: Prefixes, name: str) -> tuple[str, ...]:
    labelled = reader.nodes(Filter(label=name), Page(limit=_LOOKED_AT)).nodes or _by_another_label(reader, name)
    # What people call their own is not what it was made of: a segment kept as `churn-3` leaves the model its label.
    found = sorted([node.iri for node in labelled if _KEPT not in node.types] or [node.iri for node in labelled])
    if len(found) > 1:
        raise Ambiguous("several elements have this label", _shown(found, prefixes), where=name)
    return tuple(found)


def _by_another_label(reader: Reader, name: str) -> Sequence[Node]:
    """The nodes that have this label besides the one that they are listed by, such as one of another language."""
    equal = Comparison(Field("attribute", LABEL), "=", (Literally(name, name),))
    found = reader.nodes(Filter(condition=equal), Page(limit=_LOOKED_AT)).nodes
    return [node for node in found if any(value.lexical == name for value in node.attributes[LABEL])]


def _nothing(reader: Reader, prefixes: Prefixes, name: str) -> NoReturn:
    near = _nearest(reader, prefixes, name)
    hint = f"Nearest: {', '.join(near)}." if near else "List elements with `provstore find`."
    raise NotFound("the store holds nothing of this name", where=name, next_step=hint)


def _nearest(reader: Reader, prefixes: Prefixes, name: str) -> list[str]:
    """Up to five names that hold a part of `name`, the most similar first."""
    whole = prefixes.expand(name) or name
    for part in _parts(whole, name):
        literal = (Literally(part, part),)
        like = Or((Comparison(Field("iri"), "~", literal), Comparison(Field("attribute", LABEL), "~", literal)))
        nodes = reader.nodes(Filter(condition=like), Page(limit=_LOOKED_AT)).nodes
        if nodes:
            ranked = sorted(nodes, key=lambda node: (-_similarity(node, whole, name), node.iri))
            return [prefixes.shorten(node.iri) for node in ranked[:_CANDIDATES]]
    return []


def _parts(whole: str, name: str) -> Iterable[str]:
    """Parts of what was typed that a similar name would hold too, the most telling first."""
    tail = re.split(r"[/#:]", name)[-1]
    if len(tail) >= 3:
        yield tail
    head = re.sub(r"[^/#:]+$", "", whole)
    if len(head) >= 3 and head != whole:
        yield head
    half = tail[: (len(tail) + 1) // 2]
    if len(half) >= 3:
        yield half


def _similarity(node: Node, whole: str, name: str) -> float:
    by_iri = SequenceMatcher(None, node.iri, whole).ratio()
    return max(by_iri, SequenceMatcher(None, node.label, name).ratio()) if node.label else by_iri


def _shown(iris: Sequence[str], prefixes: Prefixes) -> list[str]:
    return [prefixes.shorten(iri) for iri in iris[:20]]
