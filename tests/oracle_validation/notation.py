"""PROV-N in small for examples: names without prefix, one statement a line, `b1:` before those of a bundle.

`entity(e1, [type=Revision])` has prov:type = 'prov:Revision'; other attributes are ex:name = "text"; t1 to t9 are
times.
"""

from __future__ import annotations

import re

from provstore.model.document import Assertion
from provstore.model.statement import Attribute, Statement, statement
from tests.oracle_validation.facts import ARGUMENTS, ELEMENTS, PROV, QUALIFIED_NAME, TYPE_OF_KEYWORD

EX = "http://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"
MENTION = ("mentionOf", ("specificEntity", "generalEntity", "bundle"))
_line = re.compile(r"(?:(\w+): *)?(\w+)\((?:([\w-]+); *)?([^\[\])]*)(?:\[(.*)\])?\)")


def document(text: str) -> list[Assertion]:
    """The assertions of some lines."""
    return [_assertion(line.strip()) for line in text.strip().splitlines()]


def _assertion(line: str) -> Assertion:
    match = _line.fullmatch(line)
    assert match, line
    bundle, keyword, identifier, given, attributes = match.groups()
    args = [one.strip() for one in given.split(",") if one.strip()]
    if keyword in ELEMENTS:
        identifier, *args = args
    return Assertion(
        EX + bundle if bundle else None,
        relation(keyword, *args, identifier=identifier, attributes=[_attribute(a) for a in _split(attributes)]),
    )


def _split(attributes: str | None) -> list[str]:
    return [one.strip() for one in (attributes or "").split(",") if one.strip()]


def _attribute(text: str) -> Attribute:
    name, value = text.split("=")
    if name == "type":
        return Attribute(PROV + "type", QUALIFIED_NAME, PROV + value)
    return Attribute(EX + name, XSD + "string", value)


def relation(
    keyword: str, *args: str, identifier: str | None = None, attributes: list[Attribute] | None = None
) -> Statement:
    """A statement by its keyword; `-` leaves an argument or the identifier out."""
    type_name = TYPE_OF_KEYWORD.get(keyword, "Mention")
    formal = ARGUMENTS.get(type_name, MENTION)[1]
    assert len(args) <= len(formal), (keyword, args)
    said = [_argument(name, value) for name, value in zip(formal, args, strict=False) if value != "-"]
    own = None if identifier in (None, "-") else EX + str(identifier)
    return statement(PROV + type_name, own, [*said, *(attributes or [])])


def _argument(name: str, value: str) -> Attribute:
    if name.lower().endswith("time"):
        return Attribute(PROV + name, XSD + "dateTime", f"2026-01-0{value[1:]}T00:00:00Z")
    return Attribute(PROV + name, QUALIFIED_NAME, EX + value)
