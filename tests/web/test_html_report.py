from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from provstore.questions.result import Element, Found, Said, Table, Truncated
from provstore.reports.html import web_address
from provstore.reports.registry import render
from tests.support.answers import HOSTILE, PREFIXES, churn, entity, graph, hostile

VOID = {"meta", "link", "br"}
EXPECTED = {
    "html", "head", "meta", "link", "title", "style", "body", "header", "main", "section", "h1", "h2", "p", "ul", "li",
    "span", "bdi", "a", "div", "button", "details", "summary", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "th",
    "td", "abbr", "br", "script", "svg", "desc", "g", "rect", "path", "polygon", "circle", "text",
}  # fmt: skip


class Page(HTMLParser):
    """A page taken apart: elements in order, text by element, and whether every element is closed."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        self.texts.append((self._open[-1] if self._open else "", data))

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def text(self, tag: str | None = None) -> str:
        skipped = ("script", "style")
        return " ".join(" ".join(t for name, t in self.texts if name not in skipped and tag in (None, name)).split())


def hash_of(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def found() -> Found:
    nodes = tuple(one.node for one in hostile().nodes)
    return Found(parameters={"expression": HOSTILE[0]}, nodes=nodes, next=None, total=9, as_of=3, prefixes=PREFIXES)


def rows() -> Table:
    return Table(
        question="history", parameters={"id": HOSTILE[1]}, columns=("what", HOSTILE[0]),
        rows=tuple((label, ["javascript:alert(1)", label]) for label in HOSTILE), truncated=Truncated("limit", 14, 3),
    )  # fmt: skip


def element() -> Element:
    said = Said(sid="5" * 64, text=HOSTILE[0], documents=({"document": "urn:d", "source": HOSTILE[1]},))
    return Element(node=hostile().nodes[0].node, statements=(said,), as_of=4, prefixes=PREFIXES)


ANSWERS = {"graph": hostile, "found": found, "table": rows, "element": element}


@pytest.mark.parametrize("kind", ANSWERS)
def test_hostile_text_makes_no_element_and_no_handler(kind):
    page = Page(render(ANSWERS[kind](), "html"))
    assert {tag for tag, _ in page.elements} <= EXPECTED
    names = {name for _, attributes in page.elements for name in attributes}
    assert not {name for name in names if name.startswith("on") or name in ("style", "src", "srcset", "action")}
    assert "<script>alert(1)</script>" in page.text()


@pytest.mark.parametrize("kind", ANSWERS)
def test_the_page_allows_itself_its_own_style_and_script_and_nothing_else(kind):
    text = render(ANSWERS[kind](), "html")
    page = Page(text)
    [policy] = [one["content"] for one in page.all("meta") if one.get("http-equiv") == "Content-Security-Policy"]
    allowed = dict(part.split(" ", 1) for part in policy.split("; "))
    [style] = re.findall(r"<style>(.*?)</style>", text, re.S)
    scripts = re.findall(r"<script( [^>]*)?>(.*?)</script>", text, re.S)
    assert allowed == {
        "default-src": "'none'",
        "style-src": hash_of(style),
        "script-src": hash_of(scripts[1][1]),
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert [attributes for attributes, _ in scripts] == [' type="application/json" id="answer"', ""]


@pytest.mark.parametrize("kind", ANSWERS)
def test_nothing_is_fetched_and_no_link_runs_script(kind):
    page = Page(render(ANSWERS[kind](), "html"))
    assert [one["href"] for one in page.all("link")] == ["data:,"]
    links = [one["href"] for one in page.all("a")]
    assert not [link for link in links if not re.match(r"#n\d+$|https?://", link)]


@pytest.mark.parametrize("kind", ANSWERS)
def test_the_answer_itself_is_in_the_page_as_json(kind):
    answer = ANSWERS[kind]()
    [block] = re.findall(r'<script type="application/json" id="answer">(.*?)</script>', render(answer, "html"), re.S)
    assert json.loads(block) == json.loads(json.dumps(answer.as_json()))


def test_question_parameters_counts_time_and_cut_are_said():
    answer = churn(
        parameters={"id": "ex:model", "depth": 2, "agents": False}, as_of=17, truncated=Truncated("depth", 2, 3),
        incomplete=True, notes=("a note",),
    )  # fmt: skip
    text = Page(render(answer, "html")).text()
    assert "Upstream of churn v3" in text
    assert "id ex:model depth 2" in text
    assert "6 nodes (1 of them for equal bytes), 6 edges, as of entry 17." in text
    assert "Cut by depth at 2: 3 nodes not followed further." in text
    assert "Incomplete: something here is hidden from you." in text
    assert "a note" in text


def test_the_first_view_answers_in_words():
    assert (
        "churn v3 was generated by train train used eval set train used train set as training"
        in Page(render(churn(), "html")).text()
    )


def test_the_tables_hold_every_node_and_every_edge():
    answer = churn()
    text = render(answer, "html")
    page = Page(text)
    assert [one["id"] for one in page.all("li") if "id" in one] == [f"n{n}" for n in range(len(answer.nodes))]
    assert len(page.all("tr")) == 1 + len(answer.edges)
    assert all(one.node.iri in page.text() for one in answer.nodes)


def test_the_picture_leads_to_the_table():
    page = Page(render(churn(), "html"))
    targets = {one["id"] for _, one in page.elements if "id" in one}
    assert {one["href"][1:] for one in page.all("a")} <= targets


def test_a_large_picture_says_what_it_leaves_out_and_the_tables_do_not():
    answer = graph([(entity(f"e{n}"), n) for n in range(9)], [])
    page = Page(render(answer, "html", max_drawn=4))
    assert "The picture leaves out 5 nodes that lie farther away." in page.text()
    assert len([one for one in page.all("li") if "id" in one]) == 9
    assert len(page.all("rect")) == 4


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("http://example.org", "http://example.org"),
        ("javascript:alert(1)", None),
        ("JaVaScRiPt:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("data:text/html,<script>alert(1)</script>", None),
        ("//example.org", None),
        ("https:", None),
        ("https://exa mple.org", None),
        ("https://[bad", None),
        ("s3://bucket/key", None),
        ("\x01https://example.org", None),
    ],
)
def test_only_web_addresses_become_links(text, link):
    assert web_address(text) == link


def test_web_addresses_in_attributes_are_links():
    answer = graph([(entity("e", source="https://example.org/repo"), 0)], [])
    [link] = [one for one in Page(render(answer, "html")).all("a") if one["href"].startswith("https")]
    assert link == {"href": "https://example.org/repo", "rel": "noopener noreferrer"}


def test_the_page_prints_and_has_a_dark_side():
    text = render(churn(), "html")
    assert "@media print" in text
    assert "prefers-color-scheme:dark" in text
