"""Between the `prov` library and our model: a ProvDocument comes in and assertions go out, and the other way.

`prov` keeps values, we keep lexical forms: what it takes in as a number or a time comes out as it spells them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

from provstore.formats.naming import Naming
from provstore.formats.values import integer_type
from provstore.model.document import Assertion, Namespaces
from provstore.model.statement import Statement, statement
from provstore.model.terms import (
    BOOLEAN,
    BY_IRI,
    DATE_TIME,
    DOUBLE,
    INTERNATIONALIZED_STRING,
    PROV,
    QUALIFIED_NAME,
    STRING,
    XSD,
)

ANY_URI: Final = XSD + "anyURI"
_MEMBERSHIP: Final = PROV + "Membership"
_ENTITY: Final = PROV + "entity"


def namespaces_of(document: Any) -> Namespaces:
    """The prefixes of a ProvDocument and of its bundles."""
    found: dict[str | None, dict[str, str]] = {None: _prefixes(document)}
    for bundle in document.bundles:
        found[bundle.identifier.uri] = _prefixes(bundle)
    return found


def _prefixes(container: Any) -> dict[str, str]:
    prefixes = {namespace.prefix: namespace.uri for namespace in container.get_registered_namespaces()}
    default = container.get_default_namespace()
    return prefixes if default is None else prefixes | {"": default.uri}


def assertions_of(document: Any) -> Iterator[Assertion]:
    """The assertions of a ProvDocument, its own first, then bundle by bundle."""
    for bundle in (document, *document.bundles):
        iri = bundle.identifier.uri if bundle.is_bundle() else None
        for record in bundle.get_records():
            for stated in _statements(record):
                yield Assertion(iri, stated)


def _statements(record: Any) -> Iterator[Statement]:
    """The statement of a record; a membership of several entities is one for each, as PROV-DM has it."""
    kind = record.get_type().uri
    identifier = None if record.identifier is None else record.identifier.uri
    attributes = [(name.uri, *_value(value)) for name, value in record.attributes]
    members = [one for one in attributes if one[0] == _ENTITY] if kind == _MEMBERSHIP else []
    if len(members) < 2:
        yield statement(kind, identifier, attributes)
    for member in members if len(members) > 1 else ():
        yield statement(kind, identifier, [one for one in attributes if one[0] != _ENTITY] + [member])


def _value(value: Any) -> tuple[str, str, str]:
    from prov.identifier import Identifier, QualifiedName
    from prov.model import Literal

    if isinstance(value, QualifiedName):
        return QUALIFIED_NAME, value.uri, ""
    if isinstance(value, Identifier):
        return ANY_URI, value.uri, ""
    if isinstance(value, Literal):
        if value.langtag:
            return INTERNATIONALIZED_STRING, str(value.value), value.langtag
        return value.datatype.uri if value.datatype else STRING, str(value.value), ""
    return _native(value)


def _native(value: Any) -> tuple[str, str, str]:
    if isinstance(value, bool):
        return BOOLEAN, "true" if value else "false", ""
    if isinstance(value, int):
        return integer_type(str(value)), str(value), ""
    if isinstance(value, float):
        return DOUBLE, _double(value), ""
    if isinstance(value, datetime):
        return DATE_TIME, _date_time(value), ""
    return STRING, str(value), ""


def _double(value: float) -> str:
    if math.isinf(value):
        return "INF" if value > 0 else "-INF"
    return "NaN" if math.isnan(value) else repr(float(value))


def _date_time(value: datetime) -> str:
    """The time as it stands; in UTC when its offset has seconds, which XML Schema (part 2, section 3.2.7.3) has not."""
    offset = value.utcoffset()
    moment = value.astimezone(UTC) if offset is not None and offset.total_seconds() % 60 else value
    return moment.isoformat().replace("+00:00", "Z")


def prov_document(assertions: Iterable[Assertion], namespaces: Namespaces) -> Any:
    """A ProvDocument of the assertions; records and values that `prov` refuses are left out.

    Args: namespaces: prefix maps; names that none fits get a prefix.
    """
    from prov.model import ProvDocument

    document = ProvDocument()
    own = _Container(document, Naming(namespaces.get(None, {})))
    bundles: dict[str, _Container] = {}

    def container(iri: str | None) -> _Container:
        if iri is None:
            return own
        if iri not in bundles:
            naming = Naming(namespaces.get(iri, {}), own.naming.scope)
            bundle = document.bundle(_qualified_name(iri, naming))
            bundles[iri] = _Container(bundle, naming)
        return bundles[iri]

    for iri in namespaces:
        container(iri)
    for bundle, stated in assertions:
        container(bundle).add(stated)
    for each in (own, *bundles.values()):
        each.declare()
    return document


class _Container:
    """A ProvDocument or ProvBundle that is being filled."""

    def __init__(self, bundle: Any, naming: Naming) -> None:
        self._bundle = bundle
        self.naming = naming
        self.declare()

    def declare(self) -> None:
        """Declares the prefixes; `prov` by itself forgets those of datatypes."""
        from prov.identifier import Namespace

        for prefix, namespace in self.naming.declared().items():
            if prefix:
                self._bundle.add_namespace(Namespace(prefix, namespace))
            else:
                self._bundle.set_default_namespace(namespace)

    def add(self, stated: Statement) -> None:
        """Adds one record, as much of it as `prov` takes."""
        from prov.model import ProvException

        kind = _qualified_name(stated.kind, self.naming)
        identifier = stated.identifier and _qualified_name(stated.identifier, self.naming)
        formal = {argument.iri for argument in BY_IRI[stated.kind].arguments}
        attributes = [(_qualified_name(name, self.naming), self._value(*rest)) for name, *rest in stated.attributes]
        for some in (attributes, [pair for pair in attributes if pair[0].uri in formal]):
            try:
                self._bundle.new_record(kind, identifier, some)
            except (ProvException, ValueError, KeyError, TypeError, OverflowError):
                continue
            return

    def _value(self, datatype: str, lexical: str, language: str) -> Any:
        from prov.identifier import Identifier
        from prov.model import Literal

        if datatype == QUALIFIED_NAME:
            return _qualified_name(lexical, self.naming)
        if datatype == ANY_URI:
            return Identifier(lexical)
        if datatype == STRING:
            return lexical
        return Literal(lexical, _qualified_name(datatype, self.naming), language or None)


def _qualified_name(iri: str, naming: Naming) -> Any:
    from prov.identifier import Namespace

    prefix, colon, local = naming.name(iri).partition(":")
    if not colon:
        prefix, local = "", prefix
    return Namespace(prefix, naming.scope[prefix])[local]
