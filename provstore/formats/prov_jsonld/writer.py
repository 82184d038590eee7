"""Writes PROV-JSONLD: assertions come in; a document goes out that reads back to the same statements, in their order.

What the submission has no record for is written as the record that it implies (terms.IMPLIED), so that the result fits
its schema and other readers take the weaker statement.
Source: PROV-JSONLD (W3C member submission, 2024-08-25); rules 1, 3 and 4; docs/decisions/0010.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import BinaryIO, Final

from provstore.formats.contract import Loss
from provstore.formats.json_values import encode
from provstore.formats.losses import OWN_MARK, QNAME_DATATYPE, SEVERAL_VALUES, Losses
from provstore.formats.prov_jsonld.context import written_context
from provstore.formats.prov_jsonld.naming import Naming
from provstore.formats.prov_jsonld.terms import (
    ASSERTED_AS,
    CONTEXT_URL,
    IMPLIED,
    IMPLIED_ARGUMENTS,
    NAME_TERMS,
    TERM_OF,
)
from provstore.formats.spool import Lines, Spool
from provstore.formats.values import QNAME
from provstore.formats.writing import write_spooled
from provstore.model.arguments import parse_pair
from provstore.model.document import Assertion, Namespaces
from provstore.model.statement import Attribute, Statement, reference, statement
from provstore.model.terms import (
    BY_IRI,
    DATE_TIME,
    KEY_ENTITY_PAIR,
    LABEL,
    PROV,
    PS,
    QUALIFIED_NAME,
    RECORD_TYPES,
    STRING,
)

_TIMES: Final = {argument.iri for record in RECORD_TYPES for argument in record.arguments if argument.holds == "time"}


def write(assertions: Iterable[Assertion], namespaces: Namespaces, stream: BinaryIO) -> list[Loss]:
    """Writes one document, its own records first, then bundle by bundle; the memory does not grow with it.

    Returns: what PROV-JSONLD cannot say; nothing for statements that PROV-DM allows.
    Raises: BadInput: a text holds a lone surrogate.
    """
    return write_spooled(partial(_Document, namespaces), assertions, stream)


class _Document:
    def __init__(self, namespaces: Namespaces, spool: Spool) -> None:
        self._spool = spool
        self._namespaces = namespaces
        self._own = (Naming(namespaces.get(None, {})), Lines(spool))
        self._bundles: dict[str, tuple[Naming, Lines]] = {}
        self.losses = Losses()

    def add(self, bundle: str | None, stated: Statement) -> None:
        """Adds one assertion."""
        naming, group = self._own if bundle is None else self._bundle(bundle)
        group.keep(self._record(stated, naming))

    def _bundle(self, iri: str) -> tuple[Naming, Lines]:
        found = self._bundles.get(iri)
        if found is None:
            naming = Naming(self._namespaces.get(iri, {}), self._own[0].scope)
            found = self._bundles[iri] = (naming, Lines(self._spool))
        return found

    def text(self) -> Iterator[str]:
        """The whole document, piece by piece."""
        for iri in self._namespaces:
            if iri is not None:
                self._bundle(iri)  # a bundle may be empty
        names = {iri: naming.name(iri) for iri, (naming, _) in self._bundles.items()}
        naming, group = self._own
        context = [written_context(naming.declared(), naming.default), CONTEXT_URL]
        yield f'{{"@context": {encode(context)},\n"@graph": ['
        separator = "\n"
        for line in group.lines():
            yield separator + line
            separator = ",\n"
        for iri, (inner, lines) in self._bundles.items():
            declared = written_context(inner.declared(), inner.default)
            yield f'{separator}{{"@type": "Bundle", "@id": {encode(names[iri])}, '
            yield f'"@context": {encode([declared] if declared else [])}, "@graph": ['
            inner_separator = "\n"
            for line in lines.lines():
                yield inner_separator + line
                inner_separator = ",\n"
            yield "\n]}"
            separator = ",\n"
        yield "\n]}\n"

    def _record(self, stated: Statement, naming: Naming) -> str:
        kind = stated.kind
        entities: list[str] = []
        if any(one.name == ASSERTED_AS for one in stated.attributes):
            self.losses.add(OWN_MARK, stated)
            stated = statement(kind, stated.identifier, [a for a in stated.attributes if a.name != ASSERTED_AS])
        if kind in IMPLIED:
            naming.prefer("ps", PS)
            stated, entities = _implied(stated)
        members = [f'"@type": "{stated.kind.removeprefix(PROV)}"']
        if stated.identifier is not None:
            members.append(f'"@id": {encode(naming.name(stated.identifier))}')
        if entities:
            members.append(f'"entity": {encode([naming.name(one) for one in entities])}')
        arguments = {argument.iri for argument in BY_IRI[stated.kind].arguments}
        for name, group in groupby(stated.attributes, key=itemgetter(0)):
            values = list(group)
            self._lose(QNAME_DATATYPE, stated, sum(a.datatype == QNAME for a in values))
            if name in arguments:
                self._lose(SEVERAL_VALUES, stated, len(values) - 1)
                members.append(f'"{name.removeprefix(PROV)}": {_argument(values[0], naming)}')
            else:
                members += _attribute(stated.kind, name, values, naming)
        return f"{{{', '.join(members)}}}"

    def _lose(self, what: str, stated: Statement, count: int) -> None:
        if count:
            self.losses.add(what, stated, count)


def _implied(stated: Statement) -> tuple[Statement, list[str]]:
    """The record that `stated` implies, with all of it as attributes, and the members that a dictionary implies."""
    names = IMPLIED_ARGUMENTS[stated.kind]
    implied = IMPLIED[stated.kind]
    attributes: list[tuple[str, str, str, str]] = [(names.get(name, name), *rest) for name, *rest in stated.attributes]  # type: ignore[misc]
    attributes.append(reference(ASSERTED_AS, stated.kind))
    pairs = [one.lexical for one in stated.attributes if one.datatype == KEY_ENTITY_PAIR]
    entities = [parse_pair(one)[1] for one in pairs] if implied.name == "hadMember" else []
    return statement(implied.iri, stated.identifier, attributes), sorted(set(entities))


def _argument(value: Attribute, naming: Naming) -> str:
    """The text of a formal argument: bare where the context gives it its datatype."""
    expected = DATE_TIME if value.name in _TIMES else QUALIFIED_NAME
    if value.datatype == expected and not value.language:
        return encode(naming.name(value.lexical) if expected == QUALIFIED_NAME else value.lexical)
    return _value(value, naming)


def _attribute(kind: str, name: str, values: list[Attribute], naming: Naming) -> Iterator[str]:
    """The members of one attribute: under its term what the term's schema admits, the rest under its name."""
    term = TERM_OF[kind].get(name)
    if term is None:
        under_term: list[Attribute] = []
    elif name == LABEL:
        under_term = [one for one in values if one.datatype == STRING or one.language]
    else:
        under_term = values
    others = [one for one in values if one not in under_term]
    if under_term:
        texts = (
            encode(naming.name(one.lexical)) if name in NAME_TERMS and one.datatype == QUALIFIED_NAME
            else _value(one, naming)
            for one in under_term
        )  # fmt: skip
        yield f'"{term}": [{", ".join(texts)}]'
    if others:
        local = name.removeprefix(PROV)
        # With two slashes behind the colon it would be an IRI in full (JSON-LD 1.1, section 4.1.5).
        key = f"prov:{local}" if local != name and not local.startswith("//") else naming.name(name)
        yield f"{encode(key)}: [{', '.join(_value(one, naming) for one in others)}]"


def _value(value: Attribute, naming: Naming) -> str:
    """The text of a value object."""
    _, datatype, lexical, language = value
    if language:
        return f'{{"@value": {encode(lexical)}, "@language": {encode(language)}}}'
    if datatype == STRING:
        return f'{{"@value": {encode(lexical)}}}'
    if datatype == QUALIFIED_NAME:
        return f'{{"@value": {encode(naming.name(lexical))}, "@type": "xsd:QName"}}'
    return f'{{"@value": {encode(lexical)}, "@type": {encode(naming.name(datatype))}}}'
