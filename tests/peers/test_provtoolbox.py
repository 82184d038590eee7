"""ProvToolbox, an independent validator, judges as we do: the labelled cases, and random documents.

Run by `make test-peers`; without Java and Maven these are skipped, and say so.
"""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from provstore.formats import registry
from provstore.model.document import Assertion
from provstore.model.statement import statement
from provstore.validation import validate
from tests.oracle_validation import oracle
from tests.oracle_validation.facts import PROV, bundles
from tests.oracle_validation.notation import EX, document
from tests.oracle_validation.strategies import documents
from tests.peers import provtoolbox
from tests.peers.provtoolbox_errors import ENDLESS_PATH, ERRORS, excused, keyword, misplaced_types, uninformed

pytestmark = pytest.mark.peers
DATA = Path(__file__).parents[1] / "data" / "prov-constraints"
CASES = json.loads((DATA / "expect.json").read_text(encoding="utf-8"))["cases"]
RANDOM_DOCUMENTS = 2_000
# Agent and plan may be left out together (PROV-N section 3.3.3); its reader then breaks off.
SHORT_ASSOCIATION = re.compile(rb"(wasAssociatedWith\((?:[^;,()\[]+; )?[^;,()\[]+)(?=\)|, \[)")
PROV_N = registry.by_name("prov-n")


@pytest.fixture(scope="module", autouse=True)
def _java():
    lacking = provtoolbox.missing()
    if lacking:
        pytest.skip(f"ProvToolbox was NOT asked: this machine lacks {lacking}")


def prov_n(assertions):
    stream = io.BytesIO()
    assert PROV_N.write(assertions, {None: {"ex": EX}}, stream) == []
    return SHORT_ASSOCIATION.sub(rb"\1, -, -", stream.getvalue())


def labelled(scope):
    """The cases of a scope as PROV-N; its readers of other formats are not what is asked here."""
    for name, case in CASES.items():
        if case["scope"] == scope:
            yield name, case["expect"], _text(sorted(case["files"], key=lambda file: not file.endswith(".provn"))[0])


def _text(file):
    data = (DATA / file).read_bytes()
    if file.endswith(".provn"):
        return data
    reading = registry.find_out(file, data[:2000]).read(io.BytesIO(data), source=file)
    stream = io.BytesIO()
    PROV_N.write(list(reading.assertions), reading.namespaces, stream)
    return stream.getvalue()


def test_it_judges_all_187_labelled_cases_as_the_index_says():
    names, expected, texts = zip(*labelled("prov-constraints"), strict=True)
    judgements = [judgement.verdict for judgement in provtoolbox.judge(texts)]
    assert dict(zip(names, judgements, strict=True)) == dict(zip(names, expected, strict=True))
    assert len(names) == 187


def test_it_does_not_read_what_is_no_prov_n():
    _, _, texts = zip(*labelled("prov-n-grammar"), strict=True)
    assert {judgement.verdict for judgement in provtoolbox.judge(texts)} == {"unread"}


@pytest.fixture(scope="module")
def judged_examples():
    texts = [prov_n(document(error.example)) for error in ERRORS.values()]
    return dict(zip(ERRORS, provtoolbox.judge(texts), strict=True))


@pytest.mark.parametrize("name", ERRORS)
def test_a_listed_error_is_made_and_the_oracle_says_what_is_right(name, judged_examples):
    error = ERRORS[name]
    said = document(error.example)
    assert judged_examples[name].verdict == error.says
    assert oracle.verdict(said) == error.violated
    assert validate(said).valid == (not error.violated)
    assert error.applies([one.statement for one in said])


def test_random_documents_are_valid_for_both_or_it_errs_as_listed():
    given_to_both = random_documents(RANDOM_DOCUMENTS)
    judgements = provtoolbox.judge(map(prov_n, given_to_both))
    counted = Counter()
    for said, judgement in zip(given_to_both, judgements, strict=True):
        ours = "valid" if validate(said).valid else "invalid"
        counted[ours, judgement.verdict] += 1
        if ours != judgement.verdict:
            violated = oracle.verdicts(said)
            assert ours == ("invalid" if any(violated.values()) else "valid")
            assert is_listed(said, judgement, violated), prov_n(said).decode()
    print(f"\n{len(given_to_both)} random documents, (our verdict, that of ProvToolbox): {dict(counted)}")
    assert sum(count for (_, theirs), count in counted.items() if theirs == "failed") < RANDOM_DOCUMENTS / 100
    # Most must be judged alike, and both ways, or the comparison says little.
    assert counted["valid", "valid"] > RANDOM_DOCUMENTS / 4
    assert counted["invalid", "invalid"] > RANDOM_DOCUMENTS / 4


def is_listed(said, judgement, violated):
    instances = bundles(said)
    if judgement.verdict == "failed":
        return judgement.reason == ENDLESS_PATH
    if judgement.verdict == "invalid":
        error = ERRORS["a relation's identifier at an element's place is an overlap"]
        return judgement.wrong == {"type-overlap"} and any(map(error.applies, instances.values()))
    return judgement.verdict == "valid" and all(excused(instances[name], found) for name, found in violated.items())


def random_documents(count):
    """Documents of the strategies, the same in each run, as ProvToolbox can take them."""
    found = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(documents())
    def collect(said):
        found.append(as_it_can_be_taken(said))

    collect()
    return found


def as_it_can_be_taken(said):
    """Without mentions, which it does not read; without the types and with the activities that make it err always."""
    kept = [one for one in said if keyword(one.statement) != "mentionOf"]
    added = [
        Assertion(bundle, statement(PROV + "Activity", name, []))
        for bundle, instance in bundles(kept).items()
        for name in sorted(uninformed(instance))
    ]
    return [one._replace(statement=_without_misplaced_types(one.statement)) for one in kept] + added


def _without_misplaced_types(stated):
    wrong = misplaced_types(stated)
    kept = [a for a in stated.attributes if a.name != PROV + "type" or a.lexical not in wrong]
    return statement(stated.kind, stated.identifier, kept)
