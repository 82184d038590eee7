"""Rules 30 and 31: prefixes of a store, keys of the view, segments of identifiers."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provstore.errors import BadInput
from provstore.formats.prov_n.terminals import PN_LOCAL
from provstore.model.names import Prefixes, from_path_segment, local_name, path_segment, segment, view_key
from provstore.model.terms import PROV, PS, XSD

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("ps:metric.train/loss", "ps_metric_train_x2F_loss"),
        ("prov:label", "prov_label"),
        ("ex:a_b", "ex_a_x5F_b"),
        ("ex:xyz", "ex__x78_yz"),
        ("ex:a:b", "ex_a_x3A_b"),
        ("ex:é", "ex__xE9_"),
        ("ex:..", "ex___"),
        ("a.b:c", "a_x2E_b_c"),
    ],
)
def test_a_view_key_is_worked_by_hand(name, key):
    assert view_key(name) == key


NAMES = st.builds("{}:{}".format, st.text("abx_1.", max_size=3), st.text("abx_:./2F é", max_size=6))


@given(NAMES, NAMES)
def test_view_keys_of_different_names_differ(one, other):
    assert (view_key(one) == view_key(other)) == (one == other)


@given(NAMES)
def test_a_view_key_has_word_characters_only(name):
    assert all(character.isascii() and (character.isalnum() or character == "_") for character in view_key(name))


def test_a_prefix_that_is_taken_gets_the_next_number():
    prefixes = Prefixes({"ex": "http://a/"})
    assert prefixes.register("ex", "http://b/") == "ex2"
    assert prefixes.register("ex", "http://c/") == "ex3"
    assert prefixes.register("y", "http://b/") == "ex2"
    assert prefixes.register("", "http://d/") == "ns"
    assert prefixes.register("", "http://e/") == "ns2"
    assert dict(prefixes.items()) == {
        "prov": PROV, "xsd": XSD, "ps": PS, "ex": "http://a/", "ex2": "http://b/", "ex3": "http://c/",
        "ns": "http://d/", "ns2": "http://e/",
    }  # fmt: skip


@given(
    st.dictionaries(st.text("ab", min_size=1, max_size=3), st.text("ax/#:", max_size=4), max_size=6),
    st.lists(st.text("ax/#:", max_size=7), min_size=1, max_size=4),
)
def test_a_name_is_shortened_by_the_longest_namespace_that_it_starts_with(namespaces, iris):
    prefixes = Prefixes(namespaces)
    preferred = {}
    for prefix, namespace in prefixes.items():
        preferred.setdefault(namespace, prefix)
    for iri in (*iris, *iris):
        found = max((one for one in preferred if one and iri.startswith(one)), key=len, default=None)
        assert prefixes.shorten(iri) == (iri if found is None else f"{preferred[found]}:{iri[len(found) :]}")


def test_the_longest_namespace_shortens_a_name():
    prefixes = Prefixes({"a": "http://a/", "b": "http://a/b/"})
    assert prefixes.shorten("http://a/b/c") == "b:c"
    assert prefixes.shorten("http://a/c") == "a:c"
    assert prefixes.shorten("http://z/c") == "http://z/c"
    prefixes.register("c", "http://z/")
    assert prefixes.shorten("http://z/c") == "c:c"


@given(TEXTS)
def test_what_is_shortened_expands_to_the_same_iri(local):
    prefixes = Prefixes({"a": "http://a/", "empty": ""})
    short = prefixes.shorten("http://a/" + local)
    assert short == f"a:{local}"
    if not any(character.isspace() for character in local):
        assert prefixes.expand(short) == "http://a/" + local


@pytest.mark.parametrize("name", ["nothing", "z:x", "http://a/x", "a b:c", "a:b c", ""])
def test_a_name_of_an_unknown_prefix_does_not_expand(name):
    assert Prefixes({"a": "http://a/"}).expand(name) is None


@given(TEXTS, TEXTS)
def test_segments_are_injective_and_have_no_slash(one, other):
    assert (segment(one) == segment(other)) == (one == other)
    assert "/" not in segment(one)


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("train/loss@1", "train/loss@1"), ("a b", "a%20b"), ("a(b),c", "a%28b%29%2Cc"), ("é", "é"),
        # SPARQL's PN_CHARS: neither every letter and digit of Unicode, nor these alone.
        ("R²", "R%C2%B2"), ("µs", "%C2%B5s"), ("½", "%C2%BD"), ("हिन्दी", "हिन्दी"), ("😀", "😀"), ("e\u0301", "e\u0301"),
    ],
)  # fmt: skip
def test_what_prov_n_forbids_in_a_local_name_is_percent_encoded(text, local):
    assert local_name(text) == local


@given(TEXTS)
def test_a_local_name_is_one_in_prov_n_and_gives_the_text_back(text):
    assert re.fullmatch(PN_LOCAL, f"metric.{local_name(text)}_")
    assert unquote(local_name(text)) == text


@given(TEXTS.filter(bool))
def test_a_path_segment_is_made_of_unreserved_characters_and_gives_the_iri_back(iri):
    made = path_segment(iri)
    assert re.fullmatch(r"[A-Za-z0-9._~-]+", made)
    assert made not in {".", ".."}
    assert from_path_segment(made) == iri


@pytest.mark.parametrize(
    ("iri", "expected"),
    [
        ("urn:provstore:mlflow:model/churn/3", "urn~3Aprovstore~3Amlflow~3Amodel~2Fchurn~2F3"),
        ("http://example.org/~ada/été", "http~3A~2F~2Fexample.org~2F~7Eada~2F~C3~A9t~C3~A9"),
        ("..", "~2E."),
        ("a%2Fb", "a~252Fb"),
    ],
)
def test_path_segments_are_the_same_for_good(iri, expected):
    assert path_segment(iri) == expected


@pytest.mark.parametrize("wrong", ["", "a/b", "a%2Fb", "~", "~3", "~3a", "~zz", "~FF", "a~41", ".", "a b", "é", "~C3"])
def test_what_is_no_path_segment_is_refused(wrong):
    with pytest.raises(BadInput):
        from_path_segment(wrong)


def test_a_documents_own_prefixes_are_declared_before_those_of_its_bundles():
    prefixes = Prefixes()
    prefixes.declare({None: {"ex": "http://a/"}, "http://b": {"ex": "http://b/", "y": "http://y/"}})
    names = [prefixes.shorten(iri) for iri in ("http://a/1", "http://b/1", "http://y/1")]
    assert names == ["ex:1", "ex2:1", "y:1"]
