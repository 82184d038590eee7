"""Statements come in, triples go out, as PROV-O says them.

A relation of two arguments and nothing else is one triple; any other one is a node of its own (the qualification
pattern, PROV-O section 3.3), named by its identifier, else blank.
Source: PROV-O sections 3 and 4; PROV-Dictionary section 5; PROV-Links section 4.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from provstore.formats.prov_o.graph import Blank, Graph, Iri, Node, term
from provstore.formats.prov_o.terms import (
    AS_IN_BUNDLE,
    DERIVATION,
    ELEMENT_ATTRIBUTES,
    PAIR_CLASS,
    PAIR_ENTITY,
    PAIR_KEY,
    PATTERNS,
    RDF_TYPE,
    RELATION_ATTRIBUTES,
    SUBTYPES,
    Pattern,
)
from provstore.model.arguments import parse_pair
from provstore.model.statement import Attribute, Statement, Value
from provstore.model.terms import BY_IRI, KEY_ENTITY_PAIR, KEY_ENTITY_SET, PROV, QUALIFIED_NAME, TYPE

_MENTION: Final = PROV + "Mention"
_SPECIFIC: Final = PROV + "specificEntity"
_DICTIONARY_MEMBERSHIP: Final = PROV + "DictionaryMembership"
# The arguments that a triple between two things can hold.
Pair = tuple[str, str, str]


def encode(statements: Iterable[Statement], labels: str = "r") -> Graph:
    """The graph of the statements of one document or bundle; `labels` begins those of its blank nodes."""
    listed = list(statements)
    mentioned = Counter(stated.argument(_SPECIFIC) for stated in listed if stated.kind == _MENTION)
    encoder = _Encoder(Counter(_pair(stated) for stated in listed), mentioned, labels)
    for stated in listed:
        if BY_IRI[stated.kind].is_element:
            encoder.element(stated)
        else:
            encoder.relation(stated, PATTERNS[stated.kind])
    return encoder.graph


def _pair(stated: Statement) -> Pair | None:
    """The kind and first two arguments of a relation that has both."""
    arguments = BY_IRI[stated.kind].arguments
    if len(arguments) < 2 or BY_IRI[stated.kind].is_element:
        return None
    first, second = (stated.values(argument.iri) for argument in arguments[:2])
    if len(first) != 1 or len(second) != 1 or {first[0].datatype, second[0].datatype} != {QUALIFIED_NAME}:
        return None
    return stated.kind, first[0].lexical, second[0].lexical


class _Encoder:
    def __init__(self, pairs: Counter[Pair | None], mentions: Counter[str | None], labels: str) -> None:
        self.graph = Graph()
        self._pairs = pairs
        self._mentions = mentions
        self._labels = labels
        self._blanks = 0

    def element(self, stated: Statement) -> None:
        """An element and its attributes."""
        node = Iri(stated.identifier or "")
        self.graph.add((node, RDF_TYPE, Iri(stated.kind)))
        for name, *rest in stated.attributes:
            self.graph.add((node, ELEMENT_ATTRIBUTES.get(name, name), term(Value(*rest))))

    def relation(self, stated: Statement, pattern: Pattern) -> None:
        """A relation, in the short form where that says all of it."""
        if stated.identifier is None and (
            self._binary(stated, pattern) or self._mention(stated, pattern) or self._dictionary_member(stated, pattern)
        ):
            return
        self._qualified(stated, pattern)

    def _binary(self, stated: Statement, pattern: Pattern) -> bool:
        """One triple between two things; not when a node says the same two, as readers take that for the whole."""
        pair = _pair(stated)
        if pair is None or len(stated.attributes) != 2 or self._pairs[pair] > 1 or stated.kind == _MENTION:
            return False
        return self.graph.add((Iri(pair[1]), pattern.binary, Iri(pair[2])))

    def _mention(self, stated: Statement, pattern: Pattern) -> bool:
        """A mention, when it is the only one of its entity, as it must be (PROV-Links, constraint unique-mention)."""
        pair = _pair(stated)
        bundles = stated.values(PROV + "bundle")
        if stated.kind != _MENTION or pair is None or len(stated.attributes) != 2 + len(bundles) or len(bundles) > 1:
            return False
        if self._mentions[pair[1]] > 1:
            return False
        self.graph.add((Iri(pair[1]), pattern.binary, Iri(pair[2])))
        for bundle in bundles:
            self.graph.add((Iri(pair[1]), AS_IN_BUNDLE, term(bundle)))
        return True

    def _dictionary_member(self, stated: Statement, pattern: Pattern) -> bool:
        """One pair of a dictionary (PROV-Dictionary section 5)."""
        dictionary = stated.values(PROV + "dictionary")
        pairs = stated.values(KEY_ENTITY_SET)
        if stated.kind != _DICTIONARY_MEMBERSHIP or len(stated.attributes) != 2:
            return False
        if len(dictionary) != 1 or len(pairs) != 1 or pairs[0].datatype != KEY_ENTITY_PAIR:
            return False
        if dictionary[0].datatype != QUALIFIED_NAME:
            return False
        self.graph.add((Iri(dictionary[0].lexical), pattern.binary, self._key_entity_pair(pairs[0].lexical)))
        return True

    def _qualified(self, stated: Statement, pattern: Pattern) -> None:
        """A node for the relation, with the first argument pointing to it."""
        node: Node = self._blank() if stated.identifier is None else Iri(stated.identifier)
        types = {one.lexical for one in stated.values(TYPE) if one.datatype == QUALIFIED_NAME}
        subtypes = sorted(types & SUBTYPES.keys()) if stated.kind == DERIVATION else []
        link = SUBTYPES[subtypes[0]][0] if subtypes else pattern.link
        first = pattern.record.arguments[0].iri
        for argument in stated.values(first):
            if argument.datatype == QUALIFIED_NAME:
                self.graph.add((Iri(argument.lexical), link, node))
            else:
                self.graph.add((node, first, term(argument)))
        if not subtypes:
            self.graph.add((node, RDF_TYPE, Iri(pattern.node)))
        for attribute in stated.attributes:
            if attribute.name != first:
                self._attribute(node, pattern, attribute)

    def _attribute(self, node: Node, pattern: Pattern, attribute: Attribute) -> None:
        name = attribute.name
        own = pattern.properties.get(name)
        prop = own or RELATION_ATTRIBUTES.get(name, name)
        if own and attribute.datatype == KEY_ENTITY_PAIR:
            self.graph.add((node, prop, self._key_entity_pair(attribute.lexical)))
        else:
            self.graph.add((node, prop, term(Value(*attribute[1:]))))

    def _key_entity_pair(self, lexical: str) -> Blank:
        node = self._blank()
        key, entity = parse_pair(lexical)
        self.graph.add((node, RDF_TYPE, Iri(PAIR_CLASS)))
        self.graph.add((node, PAIR_KEY, term(Value(*key))))
        self.graph.add((node, PAIR_ENTITY, Iri(entity)))
        return node

    def _blank(self) -> Blank:
        self._blanks += 1
        return Blank(f"{self._labels}{self._blanks}")
