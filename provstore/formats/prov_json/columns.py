"""Records in columns: decoded records come in, chunks of statements go out, most of them sorted by shape.

What `records` does record by record is done here for all records of one form together: the keys, the JSON types of
their values, the datatypes that they name. A form that is rare, or that only the careful way can tell, goes that way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from provstore.formats.bounds import MAX_DIGITS
from provstore.formats.json_scanner import Run, Scanner
from provstore.formats.json_tokens import Integer, Real
from provstore.formats.names import UndeclaredName
from provstore.formats.prov_json.records import MEMBERSHIP, Records
from provstore.formats.repeats import Repeats
from provstore.formats.values import QNAME, integer_type
from provstore.model.columns import Chunk, ChunkBuilder, Typing, shape_of
from provstore.model.terms import (
    BOOLEAN,
    DOUBLE,
    INTERNATIONALIZED_STRING,
    KEY_ENTITY_PAIR,
    QUALIFIED_NAME,
    STRING,
    RecordType,
)

CHUNK_STATEMENTS: Final = 2_048
# Fewer records of one form are not worth a plan.
_FEW: Final = 4
_MOST_FORMS: Final = 1_000
# No int64 is longer.
_LONGEST_INTEGER: Final = 19

# Whether the name begins with `_:`, the keys, and of each value its type or what else decides its datatype.
_Form = tuple[bool, tuple[str, ...], tuple[Any, ...]]
# The values of one key as lexical forms. Raises: UndeclaredName, _Unlike.
_Convert = Callable[[Sequence[Any]], list[str]]


class _Plan(NamedTuple):
    """How records of one form become statements of one shape: of each attribute the record's member, and its values.

    `quotes`: how many there are in a record and its name, when no key is repeated.
    """

    attributes: tuple[Typing, ...]
    members: tuple[tuple[int, _Convert], ...]
    quotes: int


class _Found(NamedTuple):
    """Records of one form: their numbers in the run, and what they are in columns."""

    form: _Form
    numbers: list[int]
    plan: _Plan
    identifiers: list[str]
    columns: list[list[str]]


class _Unlike(Exception):
    """The records of a form are not all alike."""


class Columns:
    """Turns the records of one document or bundle into chunks.

    Args: records: the careful way. builder: collects what others may have begun.
    """

    def __init__(self, records: Records, builder: ChunkBuilder, scanner: Scanner) -> None:
        self.records = records
        self._builder = builder
        self._scanner = scanner
        self._plans: dict[_Form, _Plan | None] = {}

    def chunks(self, kind: RecordType, repeats: Repeats) -> Iterator[Chunk]:
        """The records of the group that the scanner is in; what does not fill a chunk stays in the builder.

        Raises: WrongShape: as `Records.assertions`. BadInput: as `Scanner.runs`.
        """
        for run in self._scanner.runs(repeats):
            if len(run.keys) >= _FEW and _is_one_each(kind, run.values):
                self._add(kind, run)
            else:
                yield from self._add_singly(kind, run)
            if self._builder.count >= CHUNK_STATEMENTS:
                yield self._builder.take()

    def _add_singly(self, kind: RecordType, run: Run) -> Iterator[Chunk]:
        for place in run.places[:-1]:
            for bundle, stated in self.records.assertions(kind, [self._scanner.decoded(place)]):
                self._builder.add(self._builder.room(1, bundle), stated)
                if self._builder.count >= CHUNK_STATEMENTS:
                    yield self._builder.take()

    def _add(self, kind: RecordType, run: Run) -> None:
        """Adds records that are one statement each."""
        first = self._builder.room(len(run.keys), self.records.bundle)
        found, singly = self._found(kind, run)
        if sum(len(one.numbers) * one.plan.quotes for one in found) != self._quotes(run, singly):
            found, singly = [], list(range(len(run.keys)))
        for _, numbers, plan, identifiers, columns in found:
            shape = shape_of(kind.iri, bool(identifiers), plan.attributes)
            self._builder.add_alike(shape, [first + number for number in numbers], identifiers, columns)
        for number in singly:
            for _, stated in self.records.assertions(kind, [self._scanner.decoded(run.places[number])]):
                self._builder.add(first + number, stated)

    def _found(self, kind: RecordType, run: Run) -> tuple[list[_Found], list[int]]:
        """The records of a run in columns, form by form; and those that the careful way must take."""
        forms: defaultdict[_Form, list[int]] = defaultdict(list)
        for number, (name, record) in enumerate(zip(run.keys, run.values, strict=True)):
            kinds = tuple(map(type, record.values()))
            if dict in kinds or Integer in kinds:
                kinds = tuple(map(_kind, record.values()))
            forms[name[:2] == "_:", tuple(record), kinds].append(number)
        found, singly = [], []
        for form, numbers in forms.items():
            columns = self._columns(kind, form, run, numbers)
            if columns is None:
                singly += numbers
            else:
                found.append(columns)
        return found, sorted(singly)

    def _columns(self, kind: RecordType, form: _Form, run: Run, numbers: list[int]) -> _Found | None:
        """Records of one form; None when the careful way must take them."""
        plan = self._plan(form) if len(numbers) >= _FEW else None
        if plan is None:
            return None
        names, records = run.keys, run.values
        if len(numbers) < len(names):
            names, records = ([every[number] for number in numbers] for every in (names, records))
        members = list(zip(*map(dict.values, records), strict=True))
        try:
            columns = [convert(members[at]) for at, convert in plan.members]
            return _Found(form, numbers, plan, self._identifiers(kind, form, names), columns)
        except (UndeclaredName, _Unlike):
            return None

    def _identifiers(self, kind: RecordType, form: _Form, names: list[str]) -> list[str]:
        if not form[0]:
            return self._names(names)
        if not kind.is_element and self.records.blanks.are_unused(names):
            return []
        found = [self.records.blank(kind, name) for name in names]
        known = [identifier for identifier in found if identifier is not None]
        if known and len(known) < len(found):
            raise _Unlike
        return known

    def _quotes(self, run: Run, singly: list[int]) -> int:
        """How many quotes there are in the text of the run, but for some of its records; -1 as in `Scanner.quotes`."""
        count, places = self._scanner.quotes, run.places
        found = count(places[0], places[-1])
        return found if found < 0 else found - sum(count(places[one], places[one + 1]) for one in singly)

    def _plan(self, form: _Form) -> _Plan | None:
        if form not in self._plans:
            if len(self._plans) >= _MOST_FORMS:
                self._plans.clear()
            try:
                self._plans[form] = self._planned(form)
            except (UndeclaredName, _Unlike):
                self._plans[form] = None
        return self._plans[form]

    def _planned(self, form: _Form) -> _Plan:
        """Raises: UndeclaredName, _Unlike: only the careful way can tell."""
        found = []
        for at, (key, value) in enumerate(zip(form[1], form[2], strict=True)):
            name, expected = self.records.meanings[key]
            datatype, language, convert = self._value(expected, value)
            found.append((Typing(name, datatype, language), (at, convert)))
        found.sort(key=lambda one: one[0].name)
        if len({typing.name for typing, _ in found}) < len(found):
            raise _Unlike  # the values decide the order, or repeat each other
        quotes = 2 + sum(2 + _quotes_of(value) for value in form[2])
        return _Plan(tuple(typing for typing, _ in found), tuple(member for _, member in found), quotes)

    def _value(self, expected: str | None, value: Any) -> tuple[str, str, _Convert]:
        """Datatype, language and conversion of the values of one key. Args: value: as in a form."""
        if expected is None:
            raise _Unlike
        if value is str:
            return expected, "", self._names if expected == QUALIFIED_NAME else list
        if type(value) is tuple:
            return self._typed(*value)
        if expected != STRING:
            raise _Unlike
        if value is bool:
            return BOOLEAN, "", _booleans
        if value is Real:
            return DOUBLE, "", _numbers
        if type(value) is str:
            return value, "", _numbers
        raise _Unlike

    def _typed(self, content: type, word: str, named: str) -> tuple[str, str, _Convert]:
        """As `_value`, of values with a datatype or a language."""
        texts = partial(_contents, content)
        if word == "lang":
            return INTERNATIONALIZED_STRING, named, texts
        datatype = self.records.scope[named]
        if datatype == KEY_ENTITY_PAIR:
            raise _Unlike
        if datatype in (QUALIFIED_NAME, QNAME):
            return QUALIFIED_NAME, "", lambda column: self._names(texts(column))
        return datatype, "", texts

    def _names(self, column: Sequence[str]) -> list[str]:
        return list(map(self.records.scope.__getitem__, column))


def _is_one_each(kind: RecordType, records: list[Any]) -> bool:
    """True when each name stands for one statement."""
    if not all(type(record) is dict for record in records):
        return False
    return kind is not MEMBERSHIP or not any(list in map(type, record.values()) for record in records)


def _kind(value: Any) -> Any:
    """The type of a value, or what else decides its datatype: an integer's size, what a typed value says of itself."""
    if type(value) is Integer:
        return integer_type(value) if len(value) <= _LONGEST_INTEGER else list
    if type(value) is not dict:
        return type(value)
    content, datatype, language = value.get("$"), value.get("type"), value.get("lang")
    if len(value) != 2 or type(content) not in (str, Integer, Real):
        return dict
    if type(datatype) is str:
        return type(content), "type", datatype
    if type(language) is str and language and type(content) is str:
        return str, "lang", language
    return dict


def _quotes_of(kind: Any) -> int:
    """How many quotes a value of that kind has, keys included."""
    if kind is str:
        return 2
    if type(kind) is not tuple:
        return 0
    # "$", "type" or "lang", and what that is.
    return 8 if kind[0] is str else 6


def _contents(content: type, column: Sequence[dict[str, Any]]) -> list[str]:
    found = [value["$"] for value in column]
    return found if content is str else _numbers(found)


def _numbers(column: Sequence[str]) -> list[str]:
    if max(map(len, column)) > MAX_DIGITS:
        raise _Unlike
    return list(map(str, column))


def _booleans(column: Sequence[bool]) -> list[str]:
    return ["true" if value else "false" for value in column]
