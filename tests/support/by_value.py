"""An independent comparator: (bundle, type, identifier, values), with each value by value and not by its spelling."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import prov.model as pm
from prov.identifier import Identifier, QualifiedName

XSD = "http://www.w3.org/2001/XMLSchema#"
PROV = "http://www.w3.org/ns/prov#"
NUMBERS = {XSD + name for name in ("int", "long", "integer", "double")}


def of_ours(assertion):
    bundle, (kind, identifier, attributes) = assertion
    values = frozenset(
        (name, by_value(datatype, lexical, language)) for name, datatype, lexical, language in attributes
    )
    return bundle, kind, identifier, values


def of_prov(document):
    for container in (document, *document.bundles):
        bundle = container.identifier.uri if container.is_bundle() else None
        for record in container.get_records():
            identifier = record.identifier.uri if record.identifier else None
            values = frozenset((name.uri, of_prov_value(value)) for name, value in record.attributes)
            yield bundle, record.get_type().uri, identifier, values


def of_prov_value(value):
    if isinstance(value, QualifiedName):
        return PROV + "QUALIFIED_NAME", value.uri, ""
    if isinstance(value, Identifier):
        return XSD + "anyURI", value.uri, ""
    if isinstance(value, pm.Literal):
        if value.langtag:
            return PROV + "InternationalizedString", value.value, value.langtag.lower()
        return by_value(value.datatype.uri, value.value, "")
    if isinstance(value, bool):
        return XSD + "boolean", value, ""
    if isinstance(value, int):
        size = "int" if abs(value) < 2**31 else "long" if abs(value) < 2**63 else "integer"
        return XSD + size, Decimal(value), ""
    if isinstance(value, float):
        return XSD + "double", number(repr(value)), ""
    if isinstance(value, datetime):
        return XSD + "dateTime", utc(value), ""
    return XSD + "string", value, ""


def by_value(datatype, lexical, language):
    if datatype in NUMBERS:
        return datatype, number(lexical), ""
    if datatype == XSD + "boolean":
        return datatype, lexical in ("true", "1"), ""
    if datatype == XSD + "dateTime":
        return datatype, utc(datetime.fromisoformat(lexical)), ""
    return datatype, lexical, language.lower()


def number(lexical):
    value = Decimal(lexical.replace("INF", "Infinity"))
    return "NaN" if value.is_nan() else Decimal(repr(float(value))) if value.is_finite() else value


def utc(moment):
    return moment.astimezone(UTC) if moment.tzinfo else moment
