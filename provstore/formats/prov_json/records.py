"""Builds statements: the decoded records of one document or bundle come in, statements in canonical form go out.

Source: PROV-JSON section 3; rules 1 to 3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import pairwise
from typing import Any, Final

from provstore.formats.names import BlankNames, Scope, UndeclaredName
from provstore.formats.notes import Notes
from provstore.formats.prov_json import values
from provstore.formats.values import FORMAL, Literal, WrongShape
from provstore.model.document import Assertion
from provstore.model.statement import Attribute, Statement
from provstore.model.terms import BY_NAME, DATE_TIME, PROV, QUALIFIED_NAME, STRING, RecordType

MEMBERSHIP: Final = BY_NAME["hadMember"]
_ENTITY: Final = PROV + "entity"
_MAX_CACHED: Final = 10_000

Pairs = tuple[tuple[str, Any], ...]

# A tuple's own constructor takes a third of the time of a named tuple's.
_attribute: Callable[[tuple[str, str, str, str]], Attribute] = partial(tuple.__new__, Attribute)
_statement: Callable[[tuple[str, str | None, tuple[Attribute, ...]]], Statement] = partial(tuple.__new__, Statement)
_assertion: Callable[[tuple[str | None, Statement]], Assertion] = partial(tuple.__new__, Assertion)


class Meanings(dict[str, tuple[str, str | None]]):
    """Of each attribute key: its IRI, and the datatype of a plain text under it.

    `ambiguous`: two keys of one record may have the same IRI.
    """

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self._scope = scope
        # Where one namespace begins with another, two keys can write one attribute.
        ordered = sorted(scope.prefixes.values())
        self.ambiguous = any(after.startswith(before) for before, after in pairwise(ordered))

    def __missing__(self, key: str) -> tuple[str, str | None]:
        if len(self) >= _MAX_CACHED:
            self.clear()
        iri = self._scope[key]
        meaning = self[key] = iri, FORMAL.get(iri, STRING)
        return meaning


class Records:
    """Turns the records of one document or bundle into assertions. `meanings`: of its attribute keys.

    Args: bundle: its IRI, or None. scope: its names. blanks: what `_:` names stand for (rule 3).
    """

    def __init__(self, bundle: str | None, scope: Scope, blanks: BlankNames, notes: Notes) -> None:
        self.bundle = bundle
        self.scope = scope
        self.blanks = blanks
        self._notes = notes
        self.meanings = Meanings(scope)

    def assertions(self, kind: RecordType, entries: Iterable[tuple[str, Any]]) -> Iterator[Assertion]:
        """The assertions of a group: (name, content) pairs, the content one record or an array of records.

        Raises: WrongShape: with the record's name and what is wrong; the caller knows the place.
        """
        bundle, statement, scope, plain = self.bundle, self._statement, self.scope, kind is not MEMBERSHIP
        name = ""
        try:
            for name, content in entries:
                identifier = scope[name] if name[:2] != "_:" else self.blank(kind, name)
                if plain and type(content) is tuple:
                    yield _assertion((bundle, statement(kind.iri, identifier, content)))
                else:
                    for record in self._separate(kind, content):
                        yield _assertion((bundle, statement(kind.iri, identifier, record)))
        except (WrongShape, UndeclaredName) as error:
            raise WrongShape(f'{kind.name} "{name}": {error}') from None

    def blank(self, kind: RecordType, name: str) -> str | None:
        """The identifier of a record whose name begins with `_:`, if it has one (rule 3)."""
        return self.blanks.iri(name) if kind.is_element else self.blanks.of_relation(name)

    def _separate(self, kind: RecordType, content: Any) -> Iterator[Pairs]:
        """The records under one name; a membership of several entities is one for each."""
        for record in content if type(content) is list else (content,):
            if type(record) is not tuple:
                raise WrongShape("a record must be a JSON object, or an array of them")
            if kind is MEMBERSHIP:
                yield from _members(record, self.meanings)
            else:
                yield record

    def _statement(self, kind: str, identifier: str | None, record: Pairs) -> Statement:
        """The canonical form; this is where a large file spends its time."""
        attributes: list[Attribute] = []
        meanings, scope, notes = self.meanings, self.scope, self._notes
        key, several = "", False
        try:
            for key, value in record:
                iri, datatype = meanings[key]
                if type(value) is str and datatype is not None:
                    lexical = scope[value] if datatype is QUALIFIED_NAME else value
                    attributes.append(_attribute((iri, datatype, lexical, "")))
                elif datatype is STRING and type(value) is not list:
                    attributes.append(_attribute((iri, *values.literal(value, scope, notes))))
                else:
                    several = True
                    attributes.extend(_attribute((iri, *one)) for one in self._values(key, datatype, value))
        except (WrongShape, UndeclaredName) as error:
            raise WrongShape(f'attribute "{key}": {error}') from None
        if len(dict(record)) < len(record):
            raise WrongShape("a key is repeated in one record")
        if several or meanings.ambiguous:
            attributes = list(set(attributes))
        attributes.sort()
        return _statement((kind, identifier, tuple(attributes)))

    def _values(self, key: str, datatype: str | None, value: Any) -> Iterator[Literal]:
        """The values of an array, of a dictionary's keys, and of a formal argument that is no plain text."""
        if datatype is None:
            return values.key_entity_pairs(value, self.scope, self._notes)
        if datatype is STRING:
            return values.literals(value, self.scope, self._notes)
        if type(value) is list:
            if len(value) != 1:
                raise WrongShape(f"one value was expected, not an array of {len(value)}")
            self._notes.add("an argument was written as an array", key)
            value = value[0]
        if type(value) is str:
            return iter(((datatype, self.scope[value] if datatype is QUALIFIED_NAME else value, ""),))
        if type(value) is not tuple:
            raise WrongShape(f"a {'time' if datatype is DATE_TIME else 'name'} was expected")
        return iter((values.literal(value, self.scope, self._notes),))


def _members(record: Pairs, meanings: Meanings) -> Iterator[Pairs]:
    """A membership of several entities as one record for each (PROV-DM has one entity in a membership)."""
    for place, (key, value) in enumerate(record):
        if type(value) is list and meanings[key][0] == _ENTITY:
            if not value:
                raise WrongShape(f'attribute "{key}": one entity or more was expected, not an empty array')
            for one in value:
                yield *record[:place], (key, one), *record[place + 1 :]
            return
    yield record
