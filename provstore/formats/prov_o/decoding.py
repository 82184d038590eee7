"""Triples come in, statements go out in the order in which the triples name them.

What PROV-O does not say to be PROV (a thing of no PROV class, a property of such a thing) is left out and counted.
Source: PROV-O sections 3 and 4; PROV-Dictionary section 5; rules 1 and 3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from math import prod
from typing import Final

from provstore.formats.names import BlankNames
from provstore.formats.prov_o.graph import Blank, Graph, Iri, Node, Term, Text, Triple
from provstore.formats.prov_o.terms import (
    AS_IN_BUNDLE,
    BINARY,
    ELEMENT_CLASSES,
    ELEMENT_SUBCLASSES,
    IMPLIED_TYPE,
    INFLUENCER,
    INFLUENCERS,
    INVERSE,
    LINKS,
    PAIR_ENTITY,
    PAIR_KEY,
    PATTERNS,
    PROPERTY_MEANS,
    RDF_TYPE,
    RELATION_CLASSES,
    SUBTYPES,
    TIME_ALIASES,
    Pattern,
)
from provstore.model.arguments import NO_PAIR, is_pair, pair
from provstore.model.statement import Statement, reference, statement
from provstore.model.terms import BY_CODE, BY_IRI, END_TIME, KEY_ENTITY_PAIR, PROV, START_TIME, TIME, TYPE

Quadruple = tuple[str, str, str, str]
Note = Callable[[str, str], None]

_ENTITY, _ACTIVITY, _AGENT = ELEMENT_CLASSES
_MENTION: Final = PATTERNS[PROV + "Mention"]
_DICTIONARY_MEMBERSHIP: Final = PATTERNS[PROV + "DictionaryMembership"]
_INFLUENCE: Final = PATTERNS[PROV + "Influence"]
_TIMED: Final = frozenset({PROV + "Start", PROV + "End"})
_MAX_COMBINATIONS: Final = 64


class Unreadable(Exception):
    """A node or value that is no PROV, or says more relations than can be told apart; its text says which."""


class Decoder:
    """Reads the statements of one graph.

    Args: graph: of the document or of one bundle. blanks: what blank nodes stand for (rule 3). note: is given what was
    left out or ambiguous, as (what, example).
    """

    def __init__(self, graph: Graph, blanks: BlankNames, note: Note) -> None:
        self._graph = graph
        self._blanks = blanks
        self._note = note
        self._links: dict[Node, list[tuple[str, Node]]] = {}
        self._parts: set[Node] = set()
        self._related: set[Node] = set()
        self._described: set[Node] = set()
        # (first argument, kind, second argument) that a node says in full, so that the short form repeats it.
        self._said: set[tuple[Term, str, Term]] = set()
        for subject, name, value in graph:
            if name in LINKS and not isinstance(value, Text):
                self._links.setdefault(value, []).append((name, subject))
            elif name in (PAIR_KEY, PAIR_ENTITY):
                self._parts.add(subject)
        for node, links in self._links.items():
            for name, subject in links:
                pattern = LINKS[name]
                for second in self._values(node, pattern, pattern.record.arguments[1].iri):
                    self._said.add((subject, pattern.record.iri, second))

    def statements(self) -> Iterator[Statement]:
        """The statements.

        Raises: Unreadable: a value is none, or a node has too many combinations of its arguments.
        """
        for triple in self._graph:
            subject, name, value = triple
            if name in LINKS and not isinstance(value, Text):
                yield from self._node(value)
            elif name in BINARY or name in INVERSE:
                yield from self._short(triple)
            elif name == RDF_TYPE:
                yield from self._typed(subject)
            elif not self._is_prov(subject):
                self._note("what is said of things of no PROV class was left out", _written(subject))

    def _is_prov(self, subject: Node) -> bool:
        """True when the properties of a subject are taken in with it, or with what it is a part of."""
        return subject in self._parts or bool(self._patterns(subject)) or bool(self._kinds(subject)) or (
            _MENTION.binary in self._graph.about(subject)
        )  # fmt: skip

    def _classes(self, subject: Node) -> list[str]:
        return [one.iri for one in self._graph.about(subject).get(RDF_TYPE, []) if isinstance(one, Iri)]

    def _patterns(self, node: Node) -> list[Pattern]:
        """The relations that a node stands for: by the properties that lead to it, else by its classes."""
        found = {LINKS[name].record.code for name, _ in self._links.get(node, [])}
        found = found or {RELATION_CLASSES[one].record.code for one in self._classes(node) if one in RELATION_CLASSES}
        if len(found) > 1:
            found.discard(_INFLUENCE.record.code)  # the superclass of all others, which a reasoner adds
        return [PATTERNS[BY_CODE[code].iri] for code in sorted(found)]

    def _kinds(self, subject: Node) -> list[str]:
        """The kinds of element that a subject is, asserted, else implied by one of PROV's own subclasses."""
        classes = self._classes(subject)
        asserted = [one for one in ELEMENT_CLASSES if one in classes]
        implied = [ELEMENT_SUBCLASSES[one] for one in classes if one in ELEMENT_SUBCLASSES]
        return asserted or list(dict.fromkeys(implied))

    def _typed(self, subject: Node) -> Iterator[Statement]:
        """The records of a subject that has a class; each subject once."""
        yield from self._node(subject)
        if subject in self._described or subject in self._parts:
            return
        self._described.add(subject)
        kinds = self._kinds(subject)
        if not self._patterns(subject):
            if kinds:
                yield from self._elements(subject, kinds)
            else:
                self._note("what is said of things of no PROV class was left out", _written(subject))
            return
        # What else is said of it is said of the relation.
        for kind in ELEMENT_CLASSES:
            if kind in self._classes(subject):
                yield statement(kind, self._name(subject), [])

    def _elements(self, subject: Node, kinds: list[str]) -> Iterator[Statement]:
        """One record for each kind; attributes go to the first, but what only one kind can have goes there."""
        identifier = self._name(subject)
        found: dict[str, list[Quadruple]] = {kind: [] for kind in kinds}
        mentions = _MENTION.binary in self._graph.about(subject)
        for name, value in self._said_of(subject):
            if (name == AS_IN_BUNDLE and mentions) or (
                name == RDF_TYPE and isinstance(value, Iri) and value.iri in kinds
            ):
                continue
            kind = self._kind_of(name, value, kinds)
            found[kind].append(self._attribute(PROPERTY_MEANS.get(name, name), value))
        for kind in kinds:
            times = {name: [one for one in found[kind] if one[0] == name] for name in (START_TIME, END_TIME)}
            arguments = {name: values for name, values in times.items() if values and kind == _ACTIVITY}
            others = [one for one in found[kind] if one[0] not in arguments]
            yield from self._combined(subject, kind, identifier, arguments, others)

    def _kind_of(self, name: str, value: Term, kinds: list[str]) -> str:
        meant = kinds[0]
        if PROPERTY_MEANS.get(name) in (START_TIME, END_TIME):
            meant = _ACTIVITY
        elif name == RDF_TYPE and isinstance(value, Iri):
            meant = ELEMENT_SUBCLASSES.get(value.iri, meant)
        return meant if meant in kinds else kinds[0]

    def _short(self, triple: Triple) -> Iterator[Statement]:
        """A relation of two arguments that is one triple."""
        subject, name, value = triple
        pattern = BINARY.get(name) or INVERSE[name]
        if isinstance(value, Text):
            self._note("a relation to a text was left out", f"{name} {value.lexical}")
            return
        first, second = (subject, value) if name in BINARY else (value, subject)
        if (first, pattern.record.iri, second) in self._said:
            return
        if pattern is _DICTIONARY_MEMBERSHIP:
            second_argument = self._attribute(pattern.record.arguments[1].iri, second)
        else:
            second_argument = reference(pattern.record.arguments[1].iri, self._name(second))
        attributes: list[Quadruple] = [reference(pattern.record.arguments[0].iri, self._name(first)), second_argument]
        if name in IMPLIED_TYPE:
            attributes.append(reference(TYPE, IMPLIED_TYPE[name]))
        if pattern is _MENTION:
            bundles = self._graph.about(subject).get(AS_IN_BUNDLE, [])
            attributes += [self._attribute(PROV + "bundle", one) for one in bundles]
        yield statement(pattern.record.iri, None, attributes)

    def _node(self, node: Node) -> Iterator[Statement]:
        """The relations that a node stands for, which is one as a rule; each node once."""
        if node not in self._related:
            self._related.add(node)
            patterns = self._patterns(node)
            classes = {one for one in self._classes(node) if RELATION_CLASSES.get(one) in patterns}
            own = (classes - SUBTYPES.keys()) | set(ELEMENT_CLASSES)
            for pattern in patterns:
                # What only one of several relations has a place for is said of that one.
                others = {prop for one in patterns for prop in one.properties.values()}
                yield from self._relation(node, pattern, own, others - set(pattern.properties.values()))

    def _relation(self, node: Node, pattern: Pattern, own: set[str], foreign: set[str]) -> Iterator[Statement]:
        """One relation of a node, whose classes `own` are no types, and properties `foreign` no attributes of it."""
        links = [(name, subject) for name, subject in self._links.get(node, []) if LINKS[name] is pattern]
        first = pattern.record.arguments[0].iri
        arguments: dict[str, list[Quadruple]] = {}
        if links:
            arguments[first] = [reference(first, self._name(subject)) for _, subject in links]
        others: list[Quadruple] = [reference(TYPE, IMPLIED_TYPE[name]) for name, _ in links if name in IMPLIED_TYPE]
        formal = {argument.iri: argument.holds for argument in pattern.record.arguments}
        for name, value in self._said_of(node):
            if name in foreign or (name == RDF_TYPE and isinstance(value, Iri) and value.iri in own):
                continue
            meant = self._means(pattern, name)
            quadruple = self._attribute(meant, value)
            if formal.get(meant, "keys") == "keys":
                others.append(quadruple)
            else:
                arguments.setdefault(meant, []).append(quadruple)
        yield from self._combined(node, pattern.record.iri, self._relation_name(node), arguments, others)

    def _said_of(self, node: Node) -> Iterator[tuple[str, Term]]:
        """The properties of a node that are no relations of their own."""
        for name, values in self._graph.about(node).items():
            if name not in BINARY and name not in INVERSE:
                yield from ((name, value) for value in values if name not in LINKS or isinstance(value, Text))

    def _combined(
        self,
        node: Node,
        kind: str,
        identifier: str | None,
        arguments: dict[str, list[Quadruple]],
        others: list[Quadruple],
    ) -> Iterator[Statement]:
        """PROV-O names a record by its node, so several records of one identifier are one node (PROV-O section 3.3)."""
        count = prod(len(values) for values in arguments.values())
        if count > _MAX_COMBINATIONS:
            raise Unreadable(
                f"{BY_IRI[kind].name} {_written(node)} has {count} combinations of its arguments;"
                " each relation needs an identifier of its own"
            )
        if count > 1:
            what = "a record with several values of an argument was read as one for each combination"
            self._note(what, _written(node))
        for chosen in product(*arguments.values()):
            yield statement(kind, identifier, [*chosen, *others])

    def _means(self, pattern: Pattern, name: str) -> str:
        """The IRI of the argument or attribute that a property of a relation's node stands for."""
        for argument, prop in pattern.properties.items():
            if name == prop:
                return argument
        if pattern is _INFLUENCE and name in INFLUENCERS:
            return INFLUENCER
        if name in TIME_ALIASES and pattern.record.iri in _TIMED:
            return TIME
        return PROPERTY_MEANS.get(name, name)

    def _values(self, node: Node, pattern: Pattern, argument: str) -> Iterator[Term]:
        for name, values in self._graph.about(node).items():
            if self._means(pattern, name) == argument:
                yield from values

    def _attribute(self, name: str, value: Term) -> Quadruple:
        if isinstance(value, Text):
            if value.datatype == KEY_ENTITY_PAIR and not is_pair(value.lexical):
                raise Unreadable(NO_PAIR)
            return name, value.datatype, value.lexical, value.language
        about = self._graph.about(value)
        if isinstance(value, Blank) and PAIR_KEY in about and PAIR_ENTITY in about:
            return name, KEY_ENTITY_PAIR, self._key_entity_pair(about), ""
        return reference(name, self._name(value))

    def _key_entity_pair(self, about: dict[str, list[Term]]) -> str:
        (_, *key), entity = self._attribute(PAIR_KEY, about[PAIR_KEY][0]), about[PAIR_ENTITY][0]
        name = entity.lexical if isinstance(entity, Text) else self._name(entity)
        return pair((key[0], key[1], key[2]), name)[1]

    def _name(self, node: Node) -> str:
        return node.iri if isinstance(node, Iri) else self._blanks.iri(f"_:{node.label}")

    def _relation_name(self, node: Node) -> str | None:
        return node.iri if isinstance(node, Iri) else self._blanks.of_relation(f"_:{node.label}")


def _written(node: Node) -> str:
    return node.iri if isinstance(node, Iri) else f"_:{node.label}"
