"""The XML text of single records: a statement comes in, its element goes out, with what it cannot hold as losses.

Source: PROV-XML (W3C Note 2013-04-30) and the sequences of its schema; PROV-Dictionary section 5; rule 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from provstore.formats.losses import (
    NO_PAIRS,
    OWN_NAMES,
    QNAME_DATATYPE,
    SEVERAL_VALUES,
    UNWRITABLE_STATEMENT,
    UNWRITABLE_VALUE,
    WHITE_SPACE,
    Losses,
)
from provstore.formats.prov_xml.elements import (
    KEY,
    LAST,
    RANKS,
    RENAMED,
    SINGLE,
    TYPED,
    XML_LITERAL,
    expected_datatype,
)
from provstore.formats.prov_xml.fragment import attribute_escaped, is_canonical_markup, text_escaped
from provstore.formats.prov_xml.naming import LocalNames, Naming, Unwritable, illegal
from provstore.formats.prov_xml.values import normalized
from provstore.formats.values import QNAME
from provstore.model.arguments import parse_pair
from provstore.model.statement import Attribute, Statement, Value
from provstore.model.terms import (
    BY_IRI,
    INTERNATIONALIZED_STRING,
    KEY_ENTITY_PAIR,
    KEY_ENTITY_SET,
    PROV,
    QUALIFIED_NAME,
)

# Of each dictionary record: how its arguments are called, and names that its other attributes must not have.
_CALLED: Final = {kind: {iri: name for name, iri in renamed.items()} for kind, renamed in RENAMED.items()}


class RecordTexts:
    """Writes the records of one document or bundle."""

    def __init__(self, naming: Naming, losses: Losses, indent: str) -> None:
        self._naming = naming
        self._losses = losses
        self._indent = indent

    def text(self, stated: Statement) -> str:
        """The element of a statement; nothing when one of its names cannot be written."""
        names = LocalNames(self._naming)
        try:
            named = f' prov:id="{_name(stated.identifier, names)}"' if stated.identifier is not None else ""
            children = [child for attribute in self._ordered(stated) for child in self._child(stated, attribute, names)]
        except Unwritable:
            self._losses.add(UNWRITABLE_STATEMENT, stated)
            return ""
        tag = f"prov:{BY_IRI[stated.kind].name}"
        opening = f"{self._indent}<{tag}{declarations(names.declarations())}{named}"
        if not children:
            return f"{opening}/>\n"
        inner = "".join(f"{self._indent}  {child}\n" for child in children)
        return f"{opening}>\n{inner}{self._indent}</{tag}>\n"

    def _ordered(self, stated: Statement) -> list[Attribute]:
        """The attributes in the schema's order, one of each argument that has one."""
        ranks, single = RANKS[stated.kind], SINGLE[stated.kind]
        ordered = sorted(stated.attributes, key=lambda attribute: ranks.get(attribute[0], LAST))
        kept = [
            a for place, a in enumerate(ordered) if a[0] not in single or not place or ordered[place - 1][0] != a[0]
        ]
        self._lose(SEVERAL_VALUES, stated, len(ordered) - len(kept))
        return kept

    def _child(self, stated: Statement, attribute: Attribute, names: LocalNames) -> Iterator[str]:
        """The element of an attribute, or none when it is lost.

        Raises: Unwritable: of an argument, without which the statement would say something else.
        """
        called = _CALLED.get(stated.kind, {}).get(attribute.name)
        if called is None and attribute.name in RENAMED.get(stated.kind, {}):
            self._lose(OWN_NAMES, stated, 1)
        elif attribute.datatype == QNAME:
            self._lose(QNAME_DATATYPE, stated, 1)
        elif attribute.name == KEY_ENTITY_SET and called and attribute.datatype != KEY_ENTITY_PAIR:
            self._lose(NO_PAIRS, stated, 1)
        elif attribute.datatype == KEY_ENTITY_PAIR:
            yield from self._pair(stated, attribute, called, names)
        else:
            try:
                yield self._element(called or attribute.name, Value(*attribute[1:]), names, stated)
            except Unwritable:
                if attribute.name in SINGLE[stated.kind]:
                    raise
                self._lose(UNWRITABLE_VALUE, stated, 1)

    def _pair(self, stated: Statement, attribute: Attribute, called: str | None, names: LocalNames) -> Iterator[str]:
        if attribute.name != KEY_ENTITY_SET or called is None:
            self._lose("key-entity pairs outside of a dictionary's key-entity set", stated, 1)
            return
        key, entity = parse_pair(attribute.lexical)
        try:
            texts = self._element(KEY, Value(*key), names, stated), f'<prov:entity prov:ref="{_name(entity, names)}"/>'
        except Unwritable:
            self._lose(UNWRITABLE_VALUE, stated, 1)
            return
        yield f"<prov:keyEntityPair>{''.join(texts)}</prov:keyEntityPair>"

    def _element(self, iri: str, value: Value, names: LocalNames, stated: Statement) -> str:
        """The element of one value. Raises: Unwritable."""
        datatype, lexical, language = value
        tag, expected = names.element(iri), expected_datatype(iri)
        if datatype == QUALIFIED_NAME:
            name = _name(lexical, names)
            if expected == QUALIFIED_NAME:
                return f'<{tag} prov:ref="{name}"/>'
            return f'<{tag} xsi:type="xsd:QName">{name}</{tag}>'
        if illegal(lexical) or illegal(language):
            raise Unwritable
        described = ""
        if datatype != (INTERNATIONALIZED_STRING if language else expected) or iri in TYPED:
            described = f' xsi:type="{_name(datatype, names)}"'
        if language:
            described += f' xml:lang="{attribute_escaped(language)}"'
        self._lose(WHITE_SPACE, stated, int(normalized(datatype, lexical) != lexical))
        return f"<{tag}{described}>{self._content(iri, datatype, lexical)}</{tag}>"

    def _content(self, iri: str, datatype: str, lexical: str) -> str:
        # Elements have a place in attributes of other namespaces only (xs:any); a default namespace would name them.
        may_hold_elements = not iri.startswith(PROV) and "" not in self._naming.scope
        if datatype == XML_LITERAL and may_hold_elements and is_canonical_markup(lexical):
            return lexical
        return text_escaped(lexical)

    def _lose(self, what: str, stated: Statement, count: int) -> None:
        if count:
            self._losses.add(what, stated, count)


def declarations(prefixes: Mapping[str, str]) -> str:
    """Prefixes and namespaces as XML attributes."""
    return "".join(f' xmlns{p and ":"}{p}="{attribute_escaped(n)}"' for p, n in prefixes.items())


def _name(iri: str, names: LocalNames) -> str:
    return attribute_escaped(names.value(iri))
