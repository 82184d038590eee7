"""From nodes and relationships to statements, by a layout; what it does not map is counted.

In: one node or relationship at a time, bundles' members and prefixes before them. Out: the assertions of one document,
in an order that the server has no part in (rule 5). Source: PROV-DM section 5; rules 1, 20 and 31.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Table
from typing import Any, Final

from provstore.importers.contract import Findings
from provstore.importers.neo4j import values
from provstore.importers.neo4j.layouts import Layout
from provstore.importers.neo4j.names import KNOWN, Names, expand
from provstore.importers.redaction import redact
from provstore.importers.statements import text
from provstore.model.document import Assertion
from provstore.model.statement import Attribute, reference, statement
from provstore.model.terms import BY_IRI, BY_NAME, TYPE, Argument, ElementKind, Holds

# In prov's own words for the namespace without a prefix.
_DEFAULT: Final = "default"
_SHOWN_PREFIXES: Final = 5
_MENTION: Final = "mentionOf"


class Mapping:
    """The statements of one graph, gathered. `prefixes`: what was declared or found, for the header.

    Args: names: of the import. findings: where what is not mapped is counted.
    """

    def __init__(self, layout: Layout, names: Names, findings: Findings) -> None:
        self.prefixes: dict[str, str] = dict(layout.prefixes)
        self._layout, self._names, self._findings = layout, names, findings
        self._bundles_of: dict[str, set[str]] = {}
        self._bundles: set[str] = set()
        self._elements: dict[tuple[str, ElementKind, str], set[Attribute]] = {}
        self._relations: list[Assertion] = []

    def declare(self, found: Table[str, Any]) -> None:
        """Takes prefixes in; the first meaning of one is right for what has no prefixes of its own."""
        for prefix, namespace in found.items():
            if isinstance(namespace, str):
                self.prefixes.setdefault("" if prefix == _DEFAULT else prefix, namespace)

    def member(self, member: object, bundle: object) -> None:
        """One membership in a bundle, both by name."""
        if member is None or bundle is None:
            self._findings.skip("membership in a bundle without names", f"{member} in {bundle}")
            return
        self._bundles_of.setdefault(str(member), set()).add(self._names.element(str(bundle), self._known({})))
        self._bundles.add(str(bundle))

    def node(self, identifier: object, labels: Sequence[str], properties: Table[str, Any]) -> None:
        """One node, by its name in the layout, or None."""
        if identifier is None:
            if self._layout.prefixes_label not in labels:
                self._findings.skip("node without a name", ", ".join(sorted(labels)) or properties)
            return
        if self._is_absent(identifier):
            return
        prefixes = self._known(properties)
        kinds = self._kinds(labels, str(identifier))
        said = self._attributes(properties, _times(kinds), prefixes)
        if not kinds:
            for attribute in said:
                self._findings.skip(f"property {attribute.name} of a node of no kind", attribute.lexical)
            return
        iri, attributes = self._names.element(str(identifier), prefixes), set(said)
        for bundle in self._bundles_of.get(str(identifier), {""}):
            for kind, types in kinds.items():
                self._elements.setdefault((bundle, kind, iri), set()).update(attributes, types)

    def relationship(self, kind: str, first: object, second: object, properties: Table[str, Any]) -> None:
        """One relationship of the type `kind`, with the names of its ends."""
        known = self._layout.relations.get(kind)
        if self._is_membership(kind, properties):
            return
        if known is None:
            if not self._layout.is_bookkeeping(kind):
                self._findings.skip(f"relationship {kind}", f"{first} -> {second}")
            return
        if first is None or second is None:
            self._findings.skip(f"relationship {kind} of a node without a name", f"{first} -> {second}")
            return
        prefixes = self._known(properties)
        ends = [str(second), str(first)] if known.is_reversed else [str(first), str(second)]
        record = BY_NAME[known.name]
        attributes = [
            reference(argument.iri, self._names.element(end, prefixes))
            for argument, end in zip(record.arguments, ends, strict=False)
            if not self._is_absent(end)
        ]
        attributes += self._beyond_ends(properties, record.arguments, attributes, prefixes)
        identifier = self._identifier(properties, record.iri, prefixes)
        stated = statement(record.iri, identifier, attributes)
        for bundle in self._shared_bundles(ends, is_mention=known.name == _MENTION) or {""}:
            self._relations.append(Assertion(bundle or None, stated))

    def tell(self) -> None:
        """Tells, when everything was read, which prefixes have no namespace."""
        unknown = self._names.unknown
        if unknown:
            shown = ", ".join(f"{prefix} ({count})" for prefix, count in unknown.most_common(_SHOWN_PREFIXES))
            more = f" and {len(unknown) - _SHOWN_PREFIXES} more" if len(unknown) > _SHOWN_PREFIXES else ""
            self._findings.warnings.append(
                f"no namespace is known for the prefixes {shown}{more}: their names are kept below"
                f" {self._names.namespace}; declare them under `prefixes` in a mapping file"
            )

    def assertions(self) -> tuple[Assertion, ...]:
        """Everything that was stated: elements by bundle, kind and IRI, then relations by their content."""
        elements = (
            Assertion(bundle or None, statement(BY_NAME[kind].iri, iri, attributes))
            for (bundle, kind, iri), attributes in sorted(self._elements.items(), key=lambda one: one[0])
        )
        return (*elements, *sorted(self._relations, key=_order))

    def _known(self, properties: Table[str, Any]) -> dict[str, str]:
        """The prefixes that hold for one record."""
        if self._layout.prefixes_property is None:
            return KNOWN | self.prefixes
        found = values.merged_json(properties.get(self._layout.prefixes_property))
        self.declare(found)
        own = {"" if prefix == _DEFAULT else prefix: iri for prefix, iri in found.items() if isinstance(iri, str)}
        return KNOWN | self.prefixes | own

    def _kinds(self, labels: Sequence[str], identifier: str) -> dict[ElementKind, set[Attribute]]:
        """The kinds that the labels mean, each with the types that they add."""
        kinds: dict[ElementKind, set[Attribute]] = {}
        bundle = self._layout.bundles.label if self._layout.bundles else None
        for label in sorted(labels):
            if element := self._layout.elements.get(label):
                kinds.setdefault(element.kind, set()).update([reference(TYPE, element.type)] if element.type else [])
            elif label == bundle:
                if identifier not in self._bundles:
                    self._findings.skip("bundle without members", identifier)
            elif not self._layout.is_bookkeeping(label):
                self._findings.skip(f"label {label}", identifier)
        return kinds

    def _attributes(
        self, properties: Table[str, Any], formal: Table[str, Holds], prefixes: Table[str, str]
    ) -> Iterator[Attribute]:
        """What the properties say, but for the name and what is about the layout itself."""
        aside = {self._layout.prefixes_property, self._layout.types_property, self._layout.relation_identifier}
        aside.add(next((key for key in self._layout.identifiers if properties.get(key) is not None), None))
        types = values.merged_json(properties.get(self._layout.types_property or ""))
        for key in sorted(properties):
            if key in aside or self._layout.is_bookkeeping(key):
                continue
            name = self._layout.properties.get(key) or self._names.attribute(key, prefixes)
            given = properties[key]
            for value in given if isinstance(given, list) else [given]:
                found = (
                    self._argument(name, value, formal[name], prefixes)
                    if name in formal
                    else self._value(name, key, value, types.get(key), prefixes)
                )
                if found is None:
                    self._findings.skip(f"property {key} of type {type(value).__name__}", value)
                else:
                    yield found

    def _argument(self, name: str, value: Any, holds: Holds, prefixes: Table[str, str]) -> Attribute | None:
        """A formal argument: a time, or the name of something."""
        if holds != "time":
            return reference(name, self._names.element(str(value), prefixes))
        return values.moment(name, value) if isinstance(value, str) else values.native(name, value)

    def _value(self, name: str, key: str, value: Any, type_: object, prefixes: Table[str, str]) -> Attribute | None:
        if not isinstance(value, str):
            return values.native(name, value)
        clean, redacted = redact(key, value)
        self._findings.redacted += redacted
        found = values.declared(name, clean, type_, prefixes) if isinstance(type_, dict) else None
        if found is None and key in self._layout.names and ":" in clean and (iri := expand(clean, prefixes)):
            return reference(name, iri)
        if found is None and self._layout.has_literals and (literal := values.literal(clean, prefixes)):
            return Attribute(name, *literal)
        return found or text(name, clean)

    def _beyond_ends(
        self,
        properties: Table[str, Any],
        arguments: Sequence[Argument],
        ends: Sequence[Attribute],
        prefixes: Table[str, str],
    ) -> Iterator[Attribute]:
        """What a relationship's properties say beyond its ends, which some layouts repeat."""
        at_ends = {argument.iri for argument in arguments[:2]}
        for attribute in self._attributes(properties, {one.iri: one.holds for one in arguments}, prefixes):
            if attribute.name not in at_ends:
                yield attribute
            elif attribute not in ends:
                self._findings.skip(f"property {attribute.name} that contradicts an end", attribute.lexical)

    def _identifier(self, properties: Table[str, Any], kind: str, prefixes: Table[str, str]) -> str | None:
        """A relation's own identifier; prov-db-connector gives those that have none the name of their type."""
        given = properties.get(self._layout.relation_identifier or "")
        found = None if given is None else self._names.element(str(given), prefixes)
        return None if found == kind else found

    def _is_absent(self, name: object) -> bool:
        return self._layout.absent is not None and str(name).startswith(self._layout.absent)

    def _is_membership(self, kind: str, properties: Table[str, Any]) -> bool:
        bundles = self._layout.bundles
        return (
            bundles is not None
            and kind == bundles.relationship
            and all(properties.get(key) == value for key, value in bundles.where.items())
        )

    def _shared_bundles(self, ends: Sequence[str], *, is_mention: bool) -> set[str]:
        """The bundles that hold every end; a mention lies in the bundle of what mentions (PROV-Links)."""
        present = [end for end in ends if not self._is_absent(end)][: 1 if is_mention else 2]
        found = [self._bundles_of.get(end, set()) for end in present]
        return set.intersection(*found) if found else set()


def _times(kinds: Table[ElementKind, object]) -> dict[str, Holds]:
    """The formal arguments of elements: an activity's times."""
    return {argument.iri: argument.holds for kind in kinds for argument in BY_NAME[kind].arguments}


def _order(assertion: Assertion) -> tuple[str, int, str, tuple[Attribute, ...]]:
    bundle, stated = assertion
    return bundle or "", BY_IRI[stated.kind].code, stated.identifier or "", stated.attributes
