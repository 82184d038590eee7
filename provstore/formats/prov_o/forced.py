"""Why something did not come back from RDF: the statements before and after come in, losses by their reason go out."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Final

from provstore.formats.contract import Loss
from provstore.formats.losses import (
    LANGUAGE_TAGS,
    NO_BUNDLES,
    NO_IRI,
    ONE_IDENTIFIER,
    OTHERWISE,
    OWN_NAMES,
    QNAME_DATATYPE,
    REPEATED,
    SEVERAL_VALUES,
    Losses,
)
from provstore.formats.prov_o.terms import (
    BINARY,
    ELEMENT_CLASSES,
    ELEMENT_SUBCLASSES,
    INVERSE,
    LINKS,
    PAIR_ENTITY,
    PAIR_KEY,
    PATTERNS,
    PROPERTY_MEANS,
    RELATION_CLASSES,
    TIME_ALIASES,
)
from provstore.formats.values import QNAME
from provstore.model.arguments import pair, parse_pair
from provstore.model.document import Assertion
from provstore.model.names import is_iri
from provstore.model.statement import Attribute, Statement, statement
from provstore.model.terms import BY_IRI, INTERNATIONALIZED_STRING, KEY_ENTITY_PAIR, QUALIFIED_NAME, TYPE

# Turtle's LANGTAG.
_tag: Final = re.compile(r"[a-zA-Z]+(?:-[a-zA-Z0-9]+)*").fullmatch
_OWN_PROPERTIES: Final = frozenset(
    {
        *PROPERTY_MEANS,
        *BINARY,
        *INVERSE,
        *LINKS,
        *TIME_ALIASES,
        PAIR_KEY,
        PAIR_ENTITY,
        "http://www.w3.org/ns/prov#asInBundle",
    }
) | {prop for pattern in PATTERNS.values() for prop in (*pattern.properties, *pattern.properties.values())}
_OWN_CLASSES: Final = frozenset({*ELEMENT_CLASSES, *ELEMENT_SUBCLASSES, *RELATION_CLASSES, KEY_ENTITY_PAIR})


class Told:
    """Sorts out beforehand what cannot be written at all, and keeps the reasons.

    Args: trig: bundles have a place.
    """

    def __init__(self, trig: bool) -> None:
        self._trig = trig
        self.losses = Losses()
        self.left_out: Counter[Assertion] = Counter()

    def writable(self, assertions: Iterable[Assertion]) -> dict[str | None, list[Statement]]:
        """The statements to write, by bundle."""
        groups: dict[str | None, list[Statement]] = defaultdict(list, {None: []})
        for assertion in assertions:
            reason = self._reason(assertion)
            if reason:
                self.losses.add(reason, assertion.statement)
                self.left_out[assertion] += 1
                continue
            groups[assertion.bundle].append(self._fit(assertion))
        return dict(groups)

    def _reason(self, assertion: Assertion) -> str | None:
        if assertion.bundle is not None and not self._trig:
            return NO_BUNDLES
        names = _names(assertion.statement)
        return NO_IRI if not all(map(is_iri, [*names, assertion.bundle or "a:"])) else None

    def _fit(self, assertion: Assertion) -> Statement:
        """The statement, without the language tags that no RDF literal can have."""
        stated = assertion.statement
        for one in stated.attributes:
            if one.datatype == QNAME:
                self.losses.add(QNAME_DATATYPE, stated)
        untagged = [_untagged(one) for one in stated.attributes]
        unfit = sum(one != other for one, other in zip(stated.attributes, untagged, strict=True))
        if not unfit:
            return stated
        self.losses.add(LANGUAGE_TAGS, stated, unfit)
        self.left_out[assertion] += 1
        return statement(stated.kind, stated.identifier, untagged)


def _untagged(attribute: Attribute) -> Attribute:
    """The attribute, its text or its key without a language tag that no literal can have."""
    name, datatype, lexical, language = attribute
    if language and not _tag(language):
        return Attribute(name, INTERNATIONALIZED_STRING, lexical, "")
    if datatype == KEY_ENTITY_PAIR:
        (key_type, key, tag), entity = parse_pair(lexical)
        if tag and not _tag(tag):
            return Attribute(name, *pair((key_type, key, ""), entity))
    return attribute


def _names(stated: Statement) -> list[str]:
    """Every IRI that a statement writes."""
    names = [stated.identifier] if stated.identifier is not None else []
    for name, datatype, lexical, _ in stated.attributes:
        names += [name, datatype]
        if datatype == QUALIFIED_NAME:
            names.append(lexical)
        elif datatype == KEY_ENTITY_PAIR:
            (key_type, key, _), entity = parse_pair(lexical)
            names += [key_type, entity, *([key] if key_type == QUALIFIED_NAME else [])]
    return names


def losses(written: list[Assertion], back: list[Assertion], told: Told) -> list[Loss]:
    """One Loss for each reason for which statements did not come back, or came back with more that nobody made."""
    before, after = Counter(written) - told.left_out, Counter(back)
    context = _Context(before)
    gone = before - after
    for assertion, count in gone.items():
        reason = REPEATED if after[assertion] else context.reason(assertion)
        told.losses.add(reason, assertion.statement, count)
    missed = {context.name(one) for one in gone}
    for assertion in after - before:
        # The records of one identifier are all there, with combinations of their arguments that nobody stated.
        if context.is_shared(assertion) and context.name(assertion) not in missed:
            told.losses.add(ONE_IDENTIFIER, assertion.statement)
    if after != before and not told.losses.found():
        told.losses.add(context.reason(next(iter(after - before))), next(iter(after - before)).statement)
    return told.losses.found()


class _Context:
    """The other statements of a document, as far as one can be the reason that another does not come back."""

    def __init__(self, assertions: Iterable[Assertion]) -> None:
        listed = list(assertions)
        self._named = Counter(self.name(one) for one in listed if one.statement.identifier is not None)
        self._own_names = any(_uses_own_names(one.statement) for one in listed)

    @staticmethod
    def name(assertion: Assertion) -> tuple[str | None, str | None]:
        """What tells one record from another: the bundle and the identifier."""
        return assertion.bundle, assertion.statement.identifier

    def is_shared(self, assertion: Assertion) -> bool:
        """True when several different records have the identifier."""
        return self._named[self.name(assertion)] > 1

    def reason(self, assertion: Assertion) -> str:
        """Why an assertion did not come back as it was."""
        if self.is_shared(assertion):
            return ONE_IDENTIFIER
        stated = assertion.statement
        arguments = (argument.iri for argument in BY_IRI[stated.kind].arguments if argument.holds != "keys")
        if any(len(stated.values(one)) > 1 for one in arguments):
            return SEVERAL_VALUES
        return OWN_NAMES if self._own_names else OTHERWISE


def _uses_own_names(stated: Statement) -> bool:
    """True when an attribute or a type is one of PROV-O's own terms, which say something else than an attribute."""
    arguments = {argument.iri for argument in BY_IRI[stated.kind].arguments}
    return any(
        one.name in _OWN_PROPERTIES - arguments or (one.name == TYPE and one.lexical in _OWN_CLASSES)
        for one in stated.attributes
    )
