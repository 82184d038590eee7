"""One writer: ingests documents for ever and says each acknowledged document on stdout. Killed by the test."""

from __future__ import annotations

import sys
from itertools import count

import provstore
from provstore.model.document import Assertion, Document, Header
from provstore.model.statement import Attribute, reference, statement
from provstore.model.terms import DOUBLE, LABEL, PROV, PS, STRING

EX = "http://example.org/"


def run(writer: int, number: int) -> Document:
    """A run of 20 statements; its data set is shared by all writers."""
    activity = f"{EX}run/{writer}/{number}"
    stated = [
        statement(PROV + "Activity", activity, [Attribute(LABEL, STRING, f"run {number}")]),
        statement(PROV + "Entity", EX + "data", [Attribute(LABEL, STRING, "data")]),
    ]
    for index in range(9):
        model = f"{activity}/model/{index}"
        stated.append(statement(PROV + "Entity", model, [Attribute(PS + "size", DOUBLE, str(index))]))
        stated.append(
            statement(
                PROV + "Generation",
                None,
                [reference(PROV + "entity", model), reference(PROV + "activity", activity)],
            )
        )
    header = Header(unit=f"test:run/{writer}/{number}", event_time="2026-01-01T00:00:00.000000Z", actor=f"w{writer}")
    return Document(header, tuple(Assertion(None, one) for one in stated))


def main(location: str, writer: int) -> None:
    with provstore.open(location) as store:
        for number in count():
            (receipt,) = store.append([run(writer, number)])
            print(receipt.document, receipt.sequence, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
