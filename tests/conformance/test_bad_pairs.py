"""A value that calls itself a key-entity pair and is none is refused by every format, with its place (rule 1)."""

from __future__ import annotations

import io
import json

import pytest

from provstore.errors import BadInput
from provstore.formats.registry import by_name

# No JSON; too short; a key with a language is a prov:InternationalizedString and nothing else.
WRONG = ["no json", '["a","b"]', '["http://www.w3.org/2001/XMLSchema#string","k","en","http://example.org/e"]', "[[[["]
PROV = "http://www.w3.org/ns/prov#"


def written(name: str, lexical: str) -> str:
    quoted = json.dumps(lexical)
    return {
        "prov-json": '{"prefix": {"ex": "http://example.org/"}, "entity": {"ex:e": {"ex:n": '
        f'{{"$": {quoted}, "type": "prov:KeyEntityPair"}}}}}}}}',
        "prov-n": "document\n  prefix ex <http://example.org/>\n  prov:hadDictionaryMember(ex:d, {(\"k\", ex:e)}, "
        f"[ex:n={quoted} %% prov:KeyEntityPair])\nendDocument",
        "prov-xml": f'<prov:document xmlns:prov="{PROV}" xmlns:ex="http://example.org/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><prov:entity prov:id="ex:e">'
        f'<ex:n xsi:type="prov:KeyEntityPair">{lexical}</ex:n></prov:entity></prov:document>',
        "turtle": f"@prefix ex: <http://example.org/> .\n@prefix prov: <{PROV}> .\n"
        f"ex:e a prov:Entity ; ex:n {quoted}^^prov:KeyEntityPair .",
        "json-ld": '{"@context": [{"ex": "http://example.org/"}, "https://openprovenance.org/prov-jsonld/context.jsonld"],'
        ' "@graph": [{"@type": "Entity", "@id": "ex:e",'
        f' "ex:n": [{{"@value": {quoted}, "@type": "prov:KeyEntityPair"}}]}}]}}',
    }[name]  # fmt: skip


@pytest.mark.parametrize("lexical", WRONG)
@pytest.mark.parametrize("name", ["prov-json", "prov-n", "prov-xml", "turtle", "json-ld"])
def test_a_wrong_pair_is_refused_with_its_place(name, lexical):
    with pytest.raises(BadInput, match=r"[Pp]air") as refused:
        list(by_name(name).read(io.BytesIO(written(name, lexical).encode()), source="file").assertions)
    assert refused.value.where is not None
    assert refused.value.where.startswith("file")
