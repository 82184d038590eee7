"""What each production of PROV-N reads to, by the Recommendation."""

from __future__ import annotations

import json

import pytest

from provstore.model.terms import BY_NAME
from tests.unit.formats.reading import EX, NAME, PROV, XSD
from tests.unit.formats.reading_prov_n import document, read, reading, statement_of, value_of, warnings_of

TIME = "2011-11-16T16:05:00.000+01:00"
STRING = XSD + "string"


def said(line):
    """(record type, identifier, {attribute: lexical form}) of one line, the namespaces left out."""
    stated = statement_of(line)
    short = {a.name.removeprefix(PROV).removeprefix(EX): a.lexical.removeprefix(EX) for a in stated.attributes}
    return stated.kind.removeprefix(PROV), stated.identifier and stated.identifier.removeprefix(EX), short


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("entity(ex:e)", ("Entity", "e", {})),
        ("entity(ex:e, [])", ("Entity", "e", {})),
        ('entity(ex:e, [ex:a="x"])', ("Entity", "e", {"a": "x"})),
        ("activity(ex:a)", ("Activity", "a", {})),
        (f"activity(ex:a, {TIME}, -)", ("Activity", "a", {"startTime": TIME})),
        (f'activity(ex:a, -, {TIME}, [ex:h="x"])', ("Activity", "a", {"endTime": TIME, "h": "x"})),
        ("agent(ex:ag)", ("Agent", "ag", {})),
        ("wasGeneratedBy(ex:e)", ("Generation", None, {"entity": "e"})),
        ("wasGeneratedBy(ex:g; ex:e)", ("Generation", "g", {"entity": "e"})),
        ("wasGeneratedBy(-; ex:e, ex:a, -)", ("Generation", None, {"entity": "e", "activity": "a"})),
        (f"wasGeneratedBy(ex:e, -, {TIME})", ("Generation", None, {"entity": "e", "time": TIME})),
        (f"used(ex:u; ex:a, ex:e, {TIME})", ("Usage", "u", {"activity": "a", "entity": "e", "time": TIME})),
        ("wasInformedBy(ex:a, ex:b)", ("Communication", None, {"informed": "a", "informant": "b"})),
        (
            f"wasStartedBy(ex:s; ex:a, ex:e, ex:b, {TIME})",
            ("Start", "s", {"activity": "a", "trigger": "e", "starter": "b", "time": TIME}),
        ),
        ("wasStartedBy(ex:a, -, -, -)", ("Start", None, {"activity": "a"})),
        ("wasEndedBy(ex:a, ex:e, ex:b, -)", ("End", None, {"activity": "a", "trigger": "e", "ender": "b"})),
        ("wasInvalidatedBy(ex:e, ex:a, -)", ("Invalidation", None, {"entity": "e", "activity": "a"})),
        ("wasDerivedFrom(ex:e, ex:f)", ("Derivation", None, {"generatedEntity": "e", "usedEntity": "f"})),
        (
            "wasDerivedFrom(ex:d; ex:e, ex:f, ex:a, ex:g, ex:u)",
            (
                "Derivation",
                "d",
                {"generatedEntity": "e", "usedEntity": "f", "activity": "a", "generation": "g", "usage": "u"},
            ),
        ),
        ("wasAttributedTo(ex:e, ex:ag)", ("Attribution", None, {"entity": "e", "agent": "ag"})),
        ("wasAssociatedWith(ex:a, -, ex:p)", ("Association", None, {"activity": "a", "plan": "p"})),
        ("actedOnBehalfOf(ex:b, ex:c)", ("Delegation", None, {"delegate": "b", "responsible": "c"})),
        (
            "actedOnBehalfOf(ex:b, ex:c, ex:a)",
            ("Delegation", None, {"delegate": "b", "responsible": "c", "activity": "a"}),
        ),
        ("wasInfluencedBy(ex:i; ex:a, ex:b)", ("Influence", "i", {"influencee": "a", "influencer": "b"})),
        ("specializationOf(ex:a, ex:b)", ("Specialization", None, {"specificEntity": "a", "generalEntity": "b"})),
        ("alternateOf(ex:a, ex:b)", ("Alternate", None, {"alternate1": "a", "alternate2": "b"})),
        ("hadMember(ex:c, ex:e)", ("Membership", None, {"collection": "c", "entity": "e"})),
        (
            "prov:mentionOf(ex:a, ex:b, ex:c)",
            ("Mention", None, {"specificEntity": "a", "generalEntity": "b", "bundle": "c"}),
        ),
        (
            "mentionOf(ex:a, ex:b, ex:c)",
            ("Mention", None, {"specificEntity": "a", "generalEntity": "b", "bundle": "c"}),
        ),
    ],
)
def test_each_record_type_is_read_by_position(line, expected):
    assert said(line) == expected
    assert warnings_of(document(line)) == []


def test_every_record_type_has_a_keyword():
    for name, record in BY_NAME.items():
        last = '{"k"}' if name == "derivedByRemovalFrom" else '{("k", ex:e)}'
        arguments = [last if a.holds == "keys" else TIME if a.holds == "time" else "ex:x" for a in record.arguments]
        arguments = ["ex:id", *arguments] if record.is_element else arguments
        prefix = "prov:" if name in ("mentionOf", "hadDictionaryMember") or name.startswith("derivedBy") else ""
        assert statement_of(f"{prefix}{name}({', '.join(arguments)})").kind == record.iri


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"abc"', (STRING, "abc", "")),
        ('""', (STRING, "", "")),
        ('"abc" %% xsd:string', (STRING, "abc", "")),
        ('"a\\"b\\\\c\\n\\t\\r\\b\\f\\\'"', (STRING, "a\"b\\c\n\t\r\b\f'", "")),
        ('"\\u00e9\\U0001F600"', (STRING, "é😀", "")),
        ('"""long\n"text" of ""two"" lines"""', (STRING, 'long\n"text" of ""two"" lines', "")),
        ('"bonjour"@fr', (PROV + "InternationalizedString", "bonjour", "fr")),
        ('"colour" @en-GB', (PROV + "InternationalizedString", "colour", "en-GB")),
        ("1", (XSD + "int", "1", "")),
        ("-007", (XSD + "int", "-007", "")),
        ("2147483647", (XSD + "int", "2147483647", "")),
        ("2147483648", (XSD + "long", "2147483648", "")),
        ("-9223372036854775809", (XSD + "integer", "-9223372036854775809", "")),
        ('"1.10" %% xsd:double', (XSD + "double", "1.10", "")),
        ('"1" %%xsd:long', (XSD + "long", "1", "")),
        ('"x" %% ex:type', (EX + "type", "x", "")),
        ("'ex:value'", (NAME, EX + "value", "")),
        ("'prov:Person'", (NAME, PROV + "Person", "")),
        ('"ex:value" %% prov:QUALIFIED_NAME', (NAME, EX + "value", "")),
        ('"ex:value" %% xsd:QName', (NAME, EX + "value", "")),
        ('"http://x/" %% xsd:anyURI', (XSD + "anyURI", "http://x/", "")),
        (f'"{TIME}" %% xsd:dateTime', (XSD + "dateTime", TIME, "")),
    ],
)
def test_a_literal_reads_to_its_datatype_lexical_form_and_language(text, value):
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("name", "iri"),
    [
        # Example 50 of the Recommendation, and the productions.
        ("ex:a/", EX + "a/"),
        ("ex:a/b", EX + "a/b"),
        ("ex:1234", EX + "1234"),
        ("ex:/", EX + "/"),
        ("ex:", EX),
        ("b", "http://d/b"),
        ("4567", "http://d/4567"),
        ("c/", "http://d/c/"),
        ("ex:a.b..c", EX + "a.b..c"),
        ("ex:@~&+*?#$!", EX + "@~&+*?#$!"),
        ("ex:a%20b", EX + "a%20b"),
        (r"ex:\=\'\(\)\,\-\:\;\[\]\.", EX + "='(),-:;[]."),
        (r"a\:b", "http://d/a:b"),
        ("ex:a//b", EX + "a//b"),
        ("ex:é\u00b7😀", EX + "é\u00b7😀"),
        ("p.q-r:x", "http://pq/x"),
        ("document", "http://d/document"),
        ("entity", "http://d/entity"),
    ],
)
def test_a_name_reads_to_the_namespace_and_the_local_part_without_its_escapes(name, iri):
    head = f"document default <http://d/> prefix ex <{EX}> prefix p.q-r <http://pq/>"
    one, two = read(f"{head} entity({name}) used({name}, {name}, -, [{name}='{name}']) endDocument")
    assert one.statement.identifier == iri
    assert {a.lexical for a in two.statement.attributes} == {iri}
    assert iri in {a.name for a in two.statement.attributes}


def test_comments_and_white_space_stand_between_any_tokens():
    plain = 'document prefix ex <http://e/> used(ex:u;ex:a,ex:e,-,[ex:x="y"@en,ex:n=1])endDocument'
    spread = plain
    for sign in (";", ",", "[", "]", "=", "(", ")"):
        spread = spread.replace(sign, f" /* '* \" */ {sign} // ' \"\r\n\t")
    assert read(spread) == read(plain)
    assert len(read(plain)) == 1


def test_a_comment_may_touch_what_is_no_name():
    assert read(
        'document prefix ex <http://e/>//c\nentity(ex:e,[ex:a="x"//c\n,ex:b="y"@en//c\n])//c\nendDocument //c'
    ) == read('document prefix ex <http://e/> entity(ex:e, [ex:a="x", ex:b="y"@en]) endDocument')


def test_order_and_duplicates_are_kept():
    lines = ["entity(ex:b)", "entity(ex:a)", "entity(ex:b)"]
    assert [a.statement.identifier for a in read(document(*lines))] == [EX + "b", EX + "a", EX + "b"]


def test_exact_repeats_of_an_attribute_are_one_and_others_are_kept():
    stated = statement_of('entity(ex:e, [ex:a="x", ex:a="x", ex:a="y", ex:a=\'ex:x\'])')
    assert [a.lexical for a in stated.attributes] == ["x", "y", EX + "x"]


def test_bundles_have_their_own_namespaces_over_those_of_the_document():
    found = reading(
        "document default <http://d/> prefix ex <http://e/> entity(ex:a) entity(a)"
        " bundle y:b prefix y <http://y/> prefix ex <http://f/> entity(ex:a) entity(a) endBundle"
        " bundle ex:c default <http://g/> entity(ex:a) entity(a) endBundle"
        " endDocument"
    )
    assert found.namespaces == {
        None: {"": "http://d/", "ex": "http://e/"},
        "http://y/b": {"y": "http://y/", "ex": "http://f/"},
        "http://e/c": {"": "http://g/"},
    }
    assert [(a.bundle, a.statement.identifier) for a in found.assertions] == [
        (None, "http://e/a"),
        (None, "http://d/a"),
        ("http://y/b", "http://f/a"),
        ("http://y/b", "http://d/a"),
        ("http://e/c", "http://e/a"),
        ("http://e/c", "http://g/a"),
    ]
    assert found.warnings == []


def test_the_word_bundle_in_a_text_or_name_opens_none():
    found = reading(document('entity(ex:e, [ex:a="bundle ex:b entity(ex:f) endBundle"])', "entity(ex:bundle)"))
    assert set(found.namespaces) == {None}
    assert len(list(found.assertions)) == 2


def pair(key, iri):
    return json.dumps([*key, iri], separators=(",", ":"))


def test_dictionaries_are_read_as_the_note_writes_them():
    stated = statement_of('prov:derivedByInsertionFrom(ex:i; ex:d2, ex:d1, {("k1", ex:e1), (2, ex:e2)}, [ex:a="x"])')
    assert stated.identifier == EX + "i"
    assert stated.argument(PROV + "after") == EX + "d2"
    assert stated.argument(PROV + "before") == EX + "d1"
    assert {v.lexical for v in stated.values(PROV + "key-entity-set")} == {
        pair((STRING, "k1", ""), EX + "e1"),
        pair((XSD + "int", "2", ""), EX + "e2"),
    }
    removal = statement_of("derivedByRemovalFrom(ex:d2, ex:d1, {\"k1\", 'ex:k'})")
    assert [v.lexical for v in removal.values(PROV + "key-set")] == ["k1", EX + "k"]
    member = statement_of('prov:hadDictionaryMember(ex:d, ex:e1, "k1")')
    assert member == statement_of('hadDictionaryMember(ex:d, {("k1", ex:e1)})')
    assert member.argument(PROV + "key-entity-set") == pair((STRING, "k1", ""), EX + "e1")


@pytest.mark.parametrize(
    "line",
    [
        "ex:r(ex:a)",
        "ex:r(-)",
        f"ex:r(ex:id; ex:a, -, \"x\"@en, 5, 'ex:q', {TIME}, [ex:a=1])",
        'ex:hadMembers(ex:m; ex:d, ex:set(ex:pair("k1", ex:e1), ex:pair("k2", ex:e2)), [ex:uniqueKeys="true"])',
        'ex:r({ex:a, ("k", {1, 2})}, (-))',
        "prov:unheardOf(ex:a)",
    ],
)
def test_an_extension_that_is_none_of_prov_is_left_out_and_told(line):
    found = reading(document(line, "entity(ex:e)", line))
    assert [a.statement.identifier for a in found.assertions] == [EX + "e"]
    (warning,) = found.warnings
    assert warning.startswith("a.provn:3:1: a statement that is none of PROV was left out: ")
    assert warning.endswith("(and 1 more)")


REPAIRED = {
    "used(ex:a, ex:e)": "used(ex:a, ex:e, -)",
    "wasAssociatedWith(ex:a, ex:ag)": "wasAssociatedWith(ex:a, ex:ag, -)",
    "wasDerivedFrom(ex:e, ex:f, ex:a)": "wasDerivedFrom(ex:e, ex:f, ex:a, -, -)",
    "used(-, ex:e, -)": None,
    "specializationOf(ex:i; ex:a, ex:b)": None,
    'hadMember(ex:a, ex:b, [ex:x="y"])': None,
    "used(ex:a, -, -, [prov:entity='ex:e'])": "used(ex:a, ex:e, -)",
    "entity(ex:e, [prov:type='xsi:x'])": None,
}


@pytest.mark.parametrize("line", REPAIRED)
def test_what_others_write_besides_the_grammar_is_read_and_told(line):
    (warning,) = warnings_of(document(line))
    assert warning.startswith("a.provn:3:1: ")
    if REPAIRED[line]:
        assert read(document(line)) == read(document(REPAIRED[line]))
    else:
        assert len(read(document(line))) == 1


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("document prefix ex <http://e/> default <http://d/> entity(a) endDocument", "default namespace"),
        ("document default <http://d/> default <http://d/> entity(a) endDocument", "default namespace"),
        ("document prefix 1a <http://e/> endDocument", "prefix"),
        ("document prefix xsd <http://www.w3.org/2001/XMLSchema> endDocument", "xsd"),
        ("document prefix e <http://e/> bundle e:b endBundle entity(e:a) endDocument", "bundle"),
        ("document prefix e <http://e/> bundle e:b endBundle bundle e:b endBundle endDocument", "bundle"),
    ],
)
def test_outlines_besides_the_grammar_are_read_and_told(text, what):
    (warning,) = warnings_of(text)
    assert what in warning


def test_prov_and_xsd_may_be_declared_as_they_are():
    text = f"document prefix prov <{PROV}> prefix xsd <{XSD}> endDocument"
    assert reading(text).namespaces == {None: {"prov": PROV, "xsd": XSD}}
    assert warnings_of(text) == []


def test_an_empty_document_has_nothing():
    assert read("document endDocument") == []
    assert read("\ufeffdocument\r\nendDocument\r\n// end") == []
