"""Short ways to read and write PROV-O in tests."""

from __future__ import annotations

import io

from provstore.formats.prov_o import TRIG, TURTLE
from provstore.model.document import Assertion
from provstore.model.statement import reference, statement
from provstore.model.terms import BY_NAME
from tests.unit.formats.reading import EX, PREFIX, PROV, XSD, refusal_of

HEAD = f"@prefix prov: <{PROV}> .\n@prefix xsd: <{XSD}> .\n@prefix : <{EX}> .\n@prefix ex: <{EX}> .\n"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"


def reading(text, chosen=TURTLE):
    return chosen.read(io.BytesIO((HEAD + text).encode()), source="a")


def statements(text, chosen=TURTLE):
    read = reading(text, chosen)
    assert read.warnings == []
    return [one.statement for one in read.assertions]


def through(assertions, chosen=TRIG, namespaces=None):
    """What comes back, the losses, and the text."""
    out = io.BytesIO()
    losses = chosen.write(assertions, {None: PREFIX} if namespaces is None else namespaces, out)
    error = refusal_of(chosen, out.getvalue())
    if error is not None and error.message == "the file holds no PROV statement":
        return [], losses, out.getvalue().decode()
    out.seek(0)
    return list(chosen.read(out, source="written").assertions), losses, out.getvalue().decode()


def alone(*stated):
    return [Assertion(None, one) for one in stated]


def relation(name, identifier=None, **arguments):
    """A relation of arguments that are names, by the local names of both."""
    return statement(
        BY_NAME[name].iri, identifier, [reference(PROV + key, EX + value) for key, value in arguments.items()]
    )
