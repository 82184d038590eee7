from __future__ import annotations

import re

from provstore.reports.dot import quoted
from provstore.reports.mermaid import escaped
from provstore.reports.registry import render
from tests.support.answers import HOSTILE, activity, agent, edge, entity, graph, hostile

# One statement of ours: an id or an edge, then attributes whose values are words or quoted strings.
_QUOTED = r'"(?:[^"\\\n]|\\.)*"'
_DOT_LINE = re.compile(
    rf"  (?:n\d+(?: -> n\d+)?) \[\w+={_QUOTED}(?:, \w+=(?:{_QUOTED}|\w+))*\];"
    r'|  (?:node|edge) \[fontname="Helvetica", fontsize=\d+\];|  rankdir=RL;'
)
_MERMAID_LINE = re.compile(
    r'  n\d+(?:\(\[|\(|\[|\{\{)"[\w .,:/@+…#;<>-]*"(?:\]\)|\)|\]|\}\}):::\w+'
    r'|  n\d+ (?:-->|-\.->)\|"[\w .,:/@+…#;-]*"\| n\d+|  classDef \w+ [\w:#,-]+|  %% [^{}%]*'
)


def small():
    return graph(
        [(entity("m", "churn v3", "Model"), 0), (activity("r"), 1), (agent("ann", 'Ann "A"'), 2)],
        [edge("wasGeneratedBy", "m", "r", roles=("model",)), edge("wasAssociatedWith", "r", "ann")],
    )


def test_a_small_graph_in_dot():
    assert render(small(), "dot") == (
        "// 3 nodes, 2 edges.\n"
        "digraph provenance {\n"
        "  rankdir=RL;\n"
        '  node [fontname="Helvetica", fontsize=11];\n'
        '  edge [fontname="Helvetica", fontsize=9];\n'
        '  n0 [label="churn v3\\n[Model]\\nex:m", tooltip="http://example.org/m", shape=box, style="rounded,filled",'
        ' fillcolor="#fdf3c4"];\n'
        '  n1 [label="ex:r\\n[Activity]", tooltip="http://example.org/r", shape=box, style="filled",'
        ' fillcolor="#d5e8f7"];\n'
        '  n2 [label="Ann \\"A\\"\\n[Agent]\\nex:ann", tooltip="http://example.org/ann", shape=house, style="filled",'
        ' fillcolor="#f7dccb"];\n'
        '  n0 -> n1 [label="wasGeneratedBy (model)"];\n'
        '  n1 -> n2 [label="wasAssociatedWith"];\n'
        "}\n"
    )


def test_a_small_graph_in_mermaid():
    assert render(small(), "mermaid").splitlines()[:7] == [
        "flowchart RL",
        "  %% 3 nodes, 2 edges.",
        '  n0("churn v3<br/>Model<br/>ex:m"):::entity',
        '  n1["ex:r<br/>Activity"]:::activity',
        '  n2{{"Ann #34;A#34;<br/>Agent<br/>ex:ann"}}:::agent',
        '  n0 -->|"wasGeneratedBy #40;model#41;"| n1',
        '  n1 -->|"wasAssociatedWith"| n2',
    ]


def test_hostile_labels_stay_inside_their_dot_strings():
    lines = [line for line in render(hostile(), "dot").splitlines() if not line.startswith("//")]
    assert (lines[0], lines[-1]) == ("digraph provenance {", "}")
    assert [line for line in lines[1:-1] if not _DOT_LINE.fullmatch(line)] == []
    assert len(lines) == 2 + 3 + len(HOSTILE) + len(HOSTILE) - 1


def test_hostile_labels_stay_inside_their_mermaid_strings():
    lines = render(hostile(), "mermaid").splitlines()
    assert [line for line in lines[1:] if not _MERMAID_LINE.fullmatch(line)] == []
    assert not any("javascript" in line and "click" in line and '"' in line.split("click")[1][:6] for line in lines)


def test_dot_escapes_what_graphviz_would_read_as_more_than_text():
    assert quoted('a"b', "c\\", "&lt;\n") == '"a\\"b\\nc\\\\\\n&amp;lt; "'


def test_mermaid_escapes_all_but_letters_digits_and_harmless_marks():
    assert escaped('a"<b>`#;{}|()[]%é日_') == "a#34;#60;b#62;#96;#35;#59;#123;#125;#124;#40;#41;#91;#93;#37;é日_"
