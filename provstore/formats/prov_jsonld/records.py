"""Builds statements: the decoded records of one document or bundle come in, statements in canonical form go out.

Source: PROV-JSONLD section 4; rules 1 to 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from provstore.formats.names import BlankNames, UndeclaredName
from provstore.formats.notes import Notes
from provstore.formats.prov_jsonld.context import Scope
from provstore.formats.prov_jsonld.parts import Pairs
from provstore.formats.prov_jsonld.terms import (
    ASSERTED_AS,
    IMPLIED,
    IMPLIED_ARGUMENTS,
    KINDS,
    SPECIAL,
    SUBTYPES,
)
from provstore.formats.prov_jsonld.values import literal, text
from provstore.formats.values import Literal, WrongShape
from provstore.model.document import Assertion
from provstore.model.statement import Statement, statement
from provstore.model.terms import BY_IRI, DATE_TIME, PROV, QUALIFIED_NAME, TYPE, RecordType

Quadruple = tuple[str, str, str, str]

_MEMBERSHIP: Final = PROV + "Membership"
_ENTITY: Final = PROV + "entity"
_MAX_CACHED: Final = 10_000


class _Meaning(NamedTuple):
    """What a key means in a record: the attribute's IRI, and of a formal argument the datatype of a plain text."""

    iri: str
    argument: str | None


class Records:
    """Turns the records of one document or bundle into assertions.

    Args: bundle: its IRI, or None. scope: its names. blanks: what `_:` names stand for (rule 3).
    """

    def __init__(self, bundle: str | None, scope: Scope, blanks: BlankNames, notes: Notes) -> None:
        self._bundle = bundle
        self._scope = scope
        self._blanks = blanks
        self._notes = notes
        self._meanings: dict[tuple[str, str], _Meaning] = {}

    def assertions(self, content: Pairs) -> Iterator[Assertion]:
        """The assertions of one record; a membership of several entities is one for each.

        Raises: WrongShape: with the record's type and what is wrong; the caller knows the place.
        """
        members = dict(content)
        if len(members) < len(content):
            raise WrongShape("a key is repeated in one record")
        kind, types = self._kind(members.pop("@type", None))
        name = members.pop("@id", None)
        try:
            identifier = self._identifier(kind, name)
            values = [(TYPE, QUALIFIED_NAME, one, "") for one in types]
            several: list[Quadruple] = []
            for key, value in members.items():
                found = self._attribute(kind, key, value)
                if kind.iri == _MEMBERSHIP and type(value) is list and found[0][0] == _ENTITY:
                    several = found
                else:
                    values += found
            if any(name == ASSERTED_AS for name, *_ in values):
                several = []  # the members that a dictionary implies
            for one in [[*values, entity] for entity in several] or [values]:
                yield Assertion(self._bundle, asserted(statement(kind.iri, identifier, one)))
        except (WrongShape, UndeclaredName) as error:
            named = f' "{name}"' if type(name) is str else ""
            raise WrongShape(f"{kind.name}{named}: {error}") from None

    def _kind(self, written: Any) -> tuple[RecordType, list[str]]:
        """The record type of `@type`, and the further types that are written there."""
        terms = [text(one) for one in (written if type(written) is list else [written])]
        bare = [term.removeprefix("prov:") for term in terms]
        found = {KINDS[one].iri for one in bare if one in KINDS}
        kinds = found or {SUBTYPES[one].iri for one in bare if one in SUBTYPES}
        if len(kinds) != 1:
            raise WrongShape(f"{terms} is not one PROV-JSONLD record type; expected one of: {', '.join(KINDS)}")
        others = [one for one in terms if one.removeprefix("prov:") not in KINDS]
        return BY_IRI[kinds.pop()], [self._type(one) for one in others]

    def _type(self, term: str) -> str:
        return PROV + term if term in SUBTYPES else self._scope.key(term)

    def _identifier(self, kind: RecordType, name: Any) -> str | None:
        if name is None:
            if kind.is_element:
                raise WrongShape('it needs its "@id"')
            return None
        if text(name)[:2] == "_:":
            return self._blanks.iri(name) if kind.is_element else self._blanks.of_relation(name)
        return self._scope[name]

    def _attribute(self, kind: RecordType, key: str, value: Any) -> list[Quadruple]:
        """The values of one member."""
        meaning = self._meaning(kind, key)
        try:
            if meaning.argument is not None:
                return [(meaning.iri, *one) for one in self._argument(kind, meaning, value)]
            values = value if type(value) is list else [value]
            if not values:
                self._notes.add("an empty array of values was left out", key)
            return [(meaning.iri, *literal(one, meaning.iri, self._scope, self._notes)) for one in values]
        except (WrongShape, UndeclaredName) as error:
            raise WrongShape(f'"{key}": {error}') from None

    def _argument(self, kind: RecordType, meaning: _Meaning, value: Any) -> Iterable[Literal]:
        """The value of a formal argument, or the entities of a membership (section 4.18)."""
        values = value if type(value) is list else [value]
        if len(values) != 1 and (not values or kind.iri != _MEMBERSHIP or meaning.iri != _ENTITY):
            raise WrongShape(f"one value was expected, not an array of {len(values)}")
        for one in values:
            if type(one) is str:
                lexical = self._scope[one] if meaning.argument == QUALIFIED_NAME else one
                yield str(meaning.argument), lexical, ""
            elif type(one) is tuple:
                yield literal(one, meaning.iri, self._scope, self._notes)
            else:
                raise WrongShape(f"a {'time' if meaning.argument == DATE_TIME else 'name'} was expected")

    def _meaning(self, kind: RecordType, key: str) -> _Meaning:
        found = self._meanings.get((kind.iri, key))
        if found is None:
            if len(self._meanings) >= _MAX_CACHED:
                self._meanings.clear()
            found = self._meanings[kind.iri, key] = self._looked_up(kind, key)
        return found

    def _looked_up(self, kind: RecordType, key: str) -> _Meaning:
        if key.startswith("@"):
            raise WrongShape(f'"{key}" has no place in a record')
        # Before 2024 the terms were written with the prefix, and ProvToolbox still reads them so.
        bare = key.removeprefix("prov:")
        for argument in kind.arguments:
            if argument.iri == PROV + bare:
                return _Meaning(argument.iri, DATE_TIME if argument.holds == "time" else QUALIFIED_NAME)
        if bare in SPECIAL:
            return _Meaning(SPECIAL[bare], None)
        return _Meaning(self._scope.key(key), None)


def asserted(stated: Statement) -> Statement:
    """The statement that a record stands for: what `terms.IMPLIED` lists comes back from the record that it implies."""
    classes = {one.lexical for one in stated.values(ASSERTED_AS) if one.datatype == QUALIFIED_NAME}
    kind = classes.pop() if len(classes) == 1 else ""
    if kind not in IMPLIED or IMPLIED[kind].iri != stated.kind:
        return stated
    own = {implied: argument for argument, implied in IMPLIED_ARGUMENTS[kind].items()}
    implied_only = {_ENTITY} if stated.kind == _MEMBERSHIP else set()
    attributes = [
        (own.get(name, name), *rest)
        for name, *rest in stated.attributes
        if name != ASSERTED_AS and name not in implied_only
    ]
    return statement(kind, stated.identifier, attributes)  # type: ignore[arg-type]
