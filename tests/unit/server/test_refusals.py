"""What a refused event says: where (a JSON pointer), what was expected in plain words, and what was found."""

from __future__ import annotations

import json

import pytest

from provstore.errors import BadInput
from provstore.server.events import reading
from provstore.server.intake import Origin

RUN = {"type": "run", "id": "a", "time": "2026-01-01T00:00:00Z"}
POINT = {"metric": "m", "value": 1, "time": "2026-01-01T00:00:00Z"}
ORIGIN = Origin(space="default", actor="x", key=None)


def refused(value):
    with pytest.raises(BadInput) as caught:
        reading.batch(json.dumps(value).encode(), ORIGIN)
    return caught.value.where, caught.value.message


@pytest.mark.parametrize(
    ("value", "where", "message"),
    [
        ([], "body", "expected an object, found an empty list"),
        ({}, "/events", "events is required, and is not there"),
        ({"events": 5}, "/events", "expected a list, found 5"),
        ({"events": []}, "/events", "expected at least 1 of them, found an empty list"),
        ({"events": [RUN, 5]}, "/events/1", "expected an object, found 5"),
        ({"events": [{"id": "a"}]}, "/events/0/type", "type is required, and is not there"),
        (
            {"events": [{"type": "job"}]},
            "/events/0/type",
            'expected one of run, transformation, artifact, found "job"',
        ),
        ({"events": [{"type": "run"}]}, "/events/0/id", "id is required, and is not there (and 1 more)"),
        ({"events": [RUN | {"run": 1}]}, "/events/0/run", "there is no field run here"),
    ],
)
def test_what_is_no_batch_of_events_is_told_with_its_place(value, where, message):
    assert refused(value) == (where, message)


@pytest.mark.parametrize(
    ("fields", "where", "message"),
    [
        ({"imputs": []}, "imputs", "there is no field imputs here; did you mean inputs?"),
        ({"size": 1}, "size", "there is no field size here"),
        ({"status": "done"}, "status", 'expected one of running, finished, failed, killed, unknown, found "done"'),
        ({"name": 5}, "name", "expected a text, found 5"),
        ({"agent": "ann"}, "agent", 'expected an object, found "ann"'),
        ({"inputs": [5]}, "inputs/0", "expected a text or an object, found 5"),
        ({"inputs": ["a", {}]}, "inputs/1", "name it by id, by iri, or by digest alone"),
        ({"inputs": [{"id": "x", "rol": "y"}]}, "inputs/0/rol", "there is no field rol here; did you mean role?"),
        (
            {"inputs": [{"digest": "nope"}]},
            "inputs/0/digest",
            'expected a digest such as sha256:0123abcd (algorithm, colon, 8 to 128 hexadecimal digits), found "nope"',
        ),
        (
            {"inputs": [{"iri": "no iri"}]},
            "inputs/0/iri",
            'expected a full IRI such as https://example.org/x, without spaces, found "no iri"',
        ),
        ({"metrics": {"a/b~c": "0.5"}}, "metrics/a~1b~0c", 'expected a number or one of NaN, INF, -INF, found "0.5"'),
        (
            {"parameters": {"lr": [1]}},
            "parameters/lr",
            "expected a text or true or false or a whole number or a number, found a list",
        ),
        ({"points": [POINT, POINT | {"step": 1.5}]}, "points/1/step", "expected a whole number, found 1.5"),
        ({"points": [POINT, POINT | {"time": "soon"}]}, "points/1/time", "expected a time, found 'soon'"),
        (
            {"points": [POINT | {"step": 2**63}]},
            "points/0/step",
            "expected a number below 9,223,372,036,854,775,808, found 9223372036854775808",
        ),
        ({"id": ""}, "id", 'expected a text that is not empty, found ""'),
        ({"start": "soon"}, "start", "expected a time, found 'soon'"),
    ],
)
def test_a_field_that_is_not_as_it_should_be_is_told_with_its_place(fields, where, message):
    assert refused({"events": [RUN | fields]}) == (f"/events/0/{where}", message)


def test_a_long_value_is_not_repeated_whole():
    _, message = refused({"events": [RUN | {"id": "x" * 2_000}]})
    assert message.startswith('expected a text of at most 1,000 characters, found "xxx')
    assert len(message) < 120


def test_a_bad_line_is_told_with_its_number_and_the_place_in_it():
    with pytest.raises(BadInput) as caught:
        reading.line(json.dumps(RUN | {"id": 5}).encode(), 3, ORIGIN)
    assert (caught.value.where, caught.value.message) == ("line 3 /id", "expected a text, found 5")
    with pytest.raises(BadInput) as caught:
        reading.line(json.dumps(RUN | {"time": "soon"}).encode(), 7, ORIGIN)
    assert caught.value.where == "line 7 /time"
