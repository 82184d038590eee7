"""What PROV-N can't say: a statement comes in, as much of it as PROV-N can say goes out, the rest is told.

Source: PROV-N section 3; PROV-Dictionary section 3; rule 1.
"""

from __future__ import annotations

from collections.abc import Iterable

from provstore.formats.losses import (
    LANGUAGE_TAGS,
    NO_DATE_TIME,
    NO_KEYS,
    NOT_ONE_ARGUMENT,
    QNAME_DATATYPE,
    Losses,
)
from provstore.formats.prov_n.forms import FORMS, Form
from provstore.formats.prov_n.terminals import langtag
from provstore.formats.prov_n.times import is_date_time
from provstore.formats.values import QNAME
from provstore.model.arguments import pair, parse_pair
from provstore.model.statement import Attribute, Statement, Value
from provstore.model.terms import DATE_TIME, KEY_ENTITY_PAIR, KEY_ENTITY_SET, QUALIFIED_NAME, STRING


class Possible:
    """Tells what of a statement PROV-N can say.

    Args: losses: is told the rest.
    """

    def __init__(self, losses: Losses) -> None:
        self._losses = losses

    def of(self, stated: Statement) -> Statement:
        """The statement, or as much of it as can be said."""
        form = FORMS[stated.kind]
        kept = [one for said in stated.attributes if (one := self._attribute(form, stated, said)) is not None]
        given = [one.name for one in kept if form.holds.get(one.name, "keys") != "keys"]
        if len(set(given)) < len(given):
            kept = list(self._once(form, stated, kept))
        return Statement(stated.kind, stated.identifier, tuple(kept))

    def _once(self, form: Form, stated: Statement, attributes: Iterable[Attribute]) -> Iterable[Attribute]:
        """The attributes without all values of an argument but the first."""
        met = set()
        for one in attributes:
            if one.name in met:
                self._losses.add(NOT_ONE_ARGUMENT, stated)
            else:
                yield one
            if form.holds.get(one.name, "keys") != "keys":
                met.add(one.name)

    def _attribute(self, form: Form, stated: Statement, said: Attribute) -> Attribute | None:
        holds = form.holds.get(said.name)
        if holds is None:
            return Attribute(said.name, *self._literal(stated, Value(*said[1:])))
        if holds == "keys":
            return self._key(stated, said)
        if said.datatype != (DATE_TIME if holds == "time" else QUALIFIED_NAME):
            self._losses.add(NOT_ONE_ARGUMENT, stated)
            return None
        if holds == "time" and not is_date_time(said.lexical):
            self._losses.add(NO_DATE_TIME, stated)
            return None
        return said

    def _key(self, stated: Statement, said: Attribute) -> Attribute | None:
        is_pair = said.datatype == KEY_ENTITY_PAIR
        if is_pair != (said.name == KEY_ENTITY_SET):
            self._losses.add(NO_KEYS, stated)
            return None
        if not is_pair:
            return Attribute(said.name, *self._literal(stated, Value(*said[1:])))
        key, entity = parse_pair(said.lexical)
        return Attribute(said.name, *pair(self._literal(stated, Value(*key)), entity), "")

    def _literal(self, stated: Statement, value: Value) -> Value:
        if value.datatype == QNAME:
            self._losses.add(QNAME_DATATYPE, stated)
            return Value(STRING, value.lexical)
        if value.language and not langtag(f"@{value.language}"):
            self._losses.add(LANGUAGE_TAGS, stated)
            return value._replace(language="")
        return value
