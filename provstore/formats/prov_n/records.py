"""Builds statements: tokens of one document or bundle come in, statements in canonical form go out.

Source: PROV-N section 3; rules 1 and 2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from provstore.formats.notes import Notes
from provstore.formats.prov_n.extensions import dictionary_member, keys, passed_over
from provstore.formats.prov_n.forms import BY_KEYWORD, DICTIONARY_MEMBER, Form
from provstore.formats.prov_n.lexer import Unexpected, Window, shown
from provstore.formats.prov_n.literals import attributes
from provstore.formats.prov_n.names import Scope
from provstore.formats.prov_n.terminals import MARKER
from provstore.formats.prov_n.times import is_date_time
from provstore.model.document import Assertion
from provstore.model.statement import Attribute, Statement
from provstore.model.terms import DATE_TIME, KEY_ENTITY_SET, QUALIFIED_NAME

Quadruple = tuple[str, str, str, str]

_KEYWORDS: Final = ", ".join(form for form in BY_KEYWORD if ":" not in form)

# A tuple's own constructor takes a third of the time of a named tuple's.
_attribute: Callable[[tuple[str, str, str, str]], Attribute] = partial(tuple.__new__, Attribute)
_statement: Callable[[tuple[str, str | None, tuple[Attribute, ...]]], Statement] = partial(tuple.__new__, Statement)
_assertion: Callable[[tuple[str | None, Statement]], Assertion] = partial(tuple.__new__, Assertion)


class Records:
    """Turns the records of one document or bundle into assertions.

    Args: bundle: its IRI, or None. prefixes: that are declared in its scope. notes: is told what was repaired.
    """

    def __init__(self, bundle: str | None, prefixes: Mapping[str, str], notes: Notes) -> None:
        self._bundle = bundle
        self._notes = notes
        # Of the record at the cursor: it is read twice where a window is cut.
        self._remarks: list[tuple[str, str]] = []
        self._scope = Scope(prefixes, self._remark)

    def _remark(self, what: str, example: str) -> None:
        self._remarks.append((what, example))

    def assertions(self, window: Window) -> Iterator[Assertion]:
        """The assertions up to the next token that begins no record.

        Raises: BadInput: with the place of what is wrong.
        """
        bundle, record, remarks = self._bundle, self._record, self._remarks
        while True:
            tokens = window.tokens
            try:
                while tokens[window.at + 1] == "(":
                    stated, after = record(tokens, window.at)
                    if remarks:
                        self._note_remarks()
                    window.at = after
                    if stated is not None:
                        yield _assertion((bundle, stated))
            except Unexpected as error:
                remarks.clear()
                window.read_on(error)
                continue
            window.token()
            if window.tokens[window.at + 1] != "(":
                return

    def _note_remarks(self) -> None:
        for what, example in self._remarks:
            self._notes.add(what, example)
        self._remarks.clear()

    def _record(self, tokens: Sequence[str], at: int) -> tuple[Statement | None, int]:
        """The statement of one record (None: an extension that is none of PROV), and the index after it."""
        form = BY_KEYWORD.get(tokens[at])
        if form is None:
            return None, self._extension(tokens, at)
        identifier, at, begun = self._identifier(form, tokens, at + 2)
        attributes: list[Attribute] = []
        if begun:
            at = self._arguments(form, tokens, at, attributes)
        elif form.required:
            raise Unexpected(at, f"an argument of {form.keyword} was expected")
        if tokens[at] == ",":
            at = self._attributes(form, tokens, at + 2, attributes)
        if tokens[at] != ")":
            raise Unexpected(at, '"," or ")" was expected')
        if len(attributes) > 1:
            attributes = sorted(set(attributes))
        return _statement((form.kind, identifier, tuple(attributes))), at + 1

    def _identifier(self, form: Form, tokens: Sequence[str], at: int) -> tuple[str | None, int, bool]:
        """The identifier, the index of the first argument or of what comes instead, and whether there is one."""
        if form.is_element:
            identifier = self._scope.at(tokens, at)
            begun = tokens[at + 1] == "," and tokens[at + 2] != "["
            return identifier, at + 1 + begun, begun
        if tokens[at + 1] != ";":
            return None, at, True
        if form.is_bare:
            self._remark(f"{form.keyword} has no identifier and no attributes in PROV-N; they were kept", tokens[at])
        return (None if tokens[at] == MARKER else self._scope.at(tokens, at)), at + 2, True

    def _arguments(self, form: Form, tokens: Sequence[str], at: int, found: list[Attribute]) -> int:
        """Adds the formal arguments to `found`; the index after the last."""
        known = self._scope.get
        count = 0
        for name, holds in form.arguments:
            token = tokens[at]
            if token == MARKER:
                if count < form.required:
                    self._remark(f'{form.keyword} wants an identifier where "-" is; taken as absent', form.keyword)
                at += 1
            elif holds == "keys":
                at = self._keys(form, tokens, at, name, found)
            elif holds == "time":
                if not is_date_time(token):
                    raise Unexpected(at, 'a time (xsd:dateTime) or "-" was expected')
                found.append(_attribute((name, DATE_TIME, token, "")))
                at += 1
            else:
                iri = known(token) or self._scope.at(tokens, at)
                found.append(_attribute((name, QUALIFIED_NAME, iri, "")))
                at += 1
            count += 1
            if tokens[at] != "," or tokens[at + 1] == "[":
                break
            at += 1
        else:
            raise Unexpected(at, f"{form.keyword} has {form.most} arguments at most")
        if count != form.required and count != form.most:
            if count < form.required:
                raise Unexpected(at, f'{form.keyword} has {form.required} arguments at least; a "," was expected')
            self._remark(
                f"{form.keyword} has {form.required} or {form.most} arguments; the rest was taken as absent", ""
            )
        return at

    def _keys(self, form: Form, tokens: Sequence[str], at: int, name: str, found: list[Attribute]) -> int:
        if form.kind == DICTIONARY_MEMBER and tokens[at] != "{":
            values, at = dictionary_member(tokens, at, self._scope)
        else:
            values, at = keys(tokens, at, self._scope, in_pairs=name == KEY_ENTITY_SET)
        found.extend(_attribute((name, *value)) for value in values)
        return at

    def _attributes(self, form: Form, tokens: Sequence[str], at: int, found: list[Attribute]) -> int:
        """Adds the attribute-value pairs to `found`; the index after their closing bracket."""
        pairs, after = attributes(tokens, at, self._scope)
        if not form.holds.keys().isdisjoint(map(_name_of, pairs)):
            self._check_arguments(form, at, pairs, found)
        if form.is_bare:
            self._remark(f"{form.keyword} has no identifier and no attributes in PROV-N; they were kept", tokens[at])
        found.extend(map(_attribute, pairs))
        return after

    def _check_arguments(self, form: Form, at: int, pairs: Sequence[Quadruple], found: Sequence[Attribute]) -> None:
        """An attribute that is named as a formal argument is one, where it can be."""
        for name, holds in form.arguments:
            given = {pair for pair in found if pair[0] == name} | {pair for pair in pairs if pair[0] == name}
            wanted = DATE_TIME if holds == "time" else QUALIFIED_NAME
            if holds != "keys" and (len(given) > 1 or any(pair[1] != wanted for pair in given)):
                short = name.rpartition("#")[2]
                raise Unexpected(at, f"{form.keyword} has one prov:{short}, given by its position")
        self._remark(f"an argument of {form.keyword} was written as an attribute", form.keyword)

    def _extension(self, tokens: Sequence[str], at: int) -> int:
        keyword = shown(tokens[at])
        if ":" not in keyword:
            raise Unexpected(
                at, f'"{keyword}" is no PROV-N statement; {_KEYWORDS}, endBundle or endDocument was expected'
            )
        self._remark("a statement that is none of PROV was left out", keyword)
        return passed_over(tokens, at, self._scope)


def _name_of(pair: Quadruple) -> str:
    return pair[0]
