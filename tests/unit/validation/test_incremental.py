"""Validating what is new against what is stored decides as validating everything does."""

from __future__ import annotations

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from provstore.model.terms import BY_IRI
from provstore.validation import validate
from provstore.validation.incremental import validate_added
from provstore.validation.removal import names_in
from tests.unit.validation.documents import document, documents, say


class Indexed:
    """Statements in memory, looked up as a store would; `read` counts what was handed out."""

    def __init__(self, statements):
        self.by_identifier, self.by_argument, self.read = {}, {}, 0
        for one in statements:
            self.by_identifier.setdefault(one.identifier, []).append(one)
            for attribute in one.attributes:
                self.by_argument.setdefault((BY_IRI[one.kind].name, attribute.name, attribute.lexical), []).append(one)

        self.names = {name for one in statements for name in names_in(one)}

    def known(self, names):
        return self.names.intersection(names)

    def identified(self, iri):
        return self._handed(self.by_identifier.get(iri, []))

    def naming(self, kind, argument, iri, limit):
        return self._handed(self.by_argument.get((kind, argument, iri), [])[:limit])

    def _handed(self, found):
        self.read += len(found)
        return found


@settings(max_examples=200, deadline=None)
@given(documents, st.data())
@example(document(say("wasDerivedFrom", "e1", "e2"), say("wasDerivedFrom", "e2", "e1"), say("entity", "e1")), None)
def test_new_statements_are_invalid_with_stored_ones_exactly_when_all_together_are(said, data):
    statements = [one.statement for one in said]
    place = data.draw(st.integers(0, len(statements))) if data else 2
    stored, new = statements[:place], statements[place:]
    assume(validate(document(*stored), lints=False).valid)
    added = validate_added(new, Indexed(stored))
    assert added.decided
    whole = validate(said, lints=False)
    assert (added.findings == ()) == whole.valid
    assert {one.constraint for one in added.findings} == {one.constraint for one in whole.findings}


def runs(count):
    for n in range(count):
        yield from [
            say("activity", f"a{n}"), say("agent", "ada"), say("entity", "data"), say("entity", f"m{n}"),
            say("used", f"a{n}", "data"), say("wasGeneratedBy", f"m{n}", f"a{n}"),
            say("wasAssociatedWith", f"a{n}", "ada"), say("wasAttributedTo", f"m{n}", "ada"),
            say("wasDerivedFrom", f"m{n}", "data", f"a{n}"),
        ]  # fmt: skip


def test_a_new_run_reads_little_however_much_is_stored():
    read = {}
    for size in (20, 2000):
        stored = Indexed(dict.fromkeys(runs(size)))
        assert validate_added(list(runs(size + 1))[-9:], stored).decided
        read[size] = stored.read
    assert read[2000] == read[20]


def test_a_circle_through_stored_statements_is_found_and_explained():
    chain = [say("wasGeneratedBy", f"e{n}", f"a{n}") for n in range(50)]
    chain += [say("wasDerivedFrom", f"e{n + 1}", f"e{n}", f"a{n + 1}") for n in range(49)]
    [finding] = validate_added([say("wasDerivedFrom", "e20", "e25")], Indexed(chain)).findings
    assert finding.removal == (say("wasDerivedFrom", "e20", "e25"),)
    assert len(finding.steps) == 6


def test_what_is_too_much_to_look_at_is_not_decided():
    stored = Indexed([say("wasDerivedFrom", f"e{n}", "e") for n in range(60)])
    assert not validate_added([say("entity", "e")], stored, max_statements=50).decided
    assert validate_added([say("entity", "e")], stored, max_statements=500).decided


def test_violations_among_stored_statements_are_not_told_again():
    stored = Indexed([say("entity", "x"), say("activity", "x")])
    assert validate_added([say("used", "x", "e")], stored).findings == ()
