"""Writes Turtle and TriG: prefixes and graphs come in, text goes out that keeps every lexical form.

Source: RDF 1.1 Turtle sections 2 and 6.5; RDF 1.1 TriG section 2.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from provstore.formats.prov_o.graph import Blank, Graph, Iri, Node, Term, Text
from provstore.formats.prov_o.terms import PROVEXT, RDF_TYPE, RDFS
from provstore.model.names import is_iri
from provstore.model.terms import PROV, PS, RDF, STRING, XSD

_OURS: Final = {"prov": PROV, "xsd": XSD, "rdf": RDF, "rdfs": RDFS, "provext": PROVEXT, "ps": PS}
# The part of PN_PREFIX and PN_LOCAL that needs no escape in any reader.
_prefix: Final = re.compile(r"(?:[A-Za-z](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)?").fullmatch
_local: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?").fullmatch
_unfit_in_text: Final = re.compile(r'["\\\n\r\t\x00-\x1f\x7f]')
_SHORT_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


class Names:
    """Shortens IRIs by prefixes, and knows which of our own prefixes were needed."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        fit = {p: n for p, n in prefixes.items() if _prefix(p) and n and is_iri(n)}
        self.declared = {p: n for p, n in fit.items() if _OURS.get(p, n) == n}
        self._prefix_of = {n: p for p, n in _OURS.items()}
        # Of one namespace the first prefix is used, and a prefix rather than the default.
        for prefix, namespace in sorted(self.declared.items(), reverse=True):
            self._prefix_of[namespace] = prefix
        self._order = sorted(self._prefix_of.items(), key=lambda pair: -len(pair[0]))

    def iri(self, iri: str) -> str:
        """An IRI, prefixed where that needs no escape."""
        for namespace, prefix in self._order:
            if iri.startswith(namespace):
                local = iri[len(namespace) :]
                if not _local(local):
                    break
                self.declared.setdefault(prefix, namespace)
                return f"{prefix}:{local}"
        return f"<{iri}>"

    def text(self, text: Text) -> str:
        """A literal; numbers too are quoted, so that `007` and `1.10` stay."""
        quoted = f'"{_unfit_in_text.sub(_escaped, text.lexical)}"'
        if text.language:
            return f"{quoted}@{text.language}"
        return quoted if text.datatype == STRING else f"{quoted}^^{self.iri(text.datatype)}"


def _escaped(match: re.Match[str]) -> str:
    return _SHORT_ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04X}"


def document(graphs: Mapping[str | None, Graph], prefixes: Mapping[str, str]) -> str:
    """The text of a document: the triples of None as they are, the others each in the graph of that IRI."""
    names = Names(prefixes)
    bodies: list[str] = []
    for name, graph in graphs.items():
        blocks = list(_blocks(graph, names))
        if name is None:
            bodies += blocks
        else:
            inside = "\n".join("    " + line for block in blocks for line in block.rstrip("\n").split("\n"))
            bodies.append(f"{names.iri(name)} {{\n{inside}\n}}\n")
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in names.declared.items())
    return head + "\n" + "\n".join(bodies)


def _blocks(graph: Graph, names: Names) -> Iterator[str]:
    """One block for each subject, in the order of their first triples; nodes that are named once stand in place."""
    uses = Counter(value for _, _, value in graph if isinstance(value, Blank))
    inline = {node for node, count in uses.items() if count == 1}
    done: set[Node] = set()
    for subject, _, _ in graph:
        if subject in done or subject in inline:
            continue
        done.add(subject)
        lines = list(_properties(subject, graph, names, inline))
        start = names.iri(subject.iri) if isinstance(subject, Iri) else f"_:{subject.label}"
        yield f"{start} " + " ;\n    ".join(lines) + " .\n"


def _properties(subject: Node, graph: Graph, names: Names, inline: set[Blank]) -> Iterator[str]:
    for name, values in graph.about(subject).items():
        prop = "a" if name == RDF_TYPE else names.iri(name)
        yield f"{prop} " + ", ".join(_object(value, graph, names, inline) for value in values)


def _object(value: Term, graph: Graph, names: Names, inline: set[Blank]) -> str:
    if isinstance(value, Text):
        return names.text(value)
    if isinstance(value, Iri):
        return names.iri(value.iri)
    if value in inline:
        return f"[ {' ; '.join(_properties(value, graph, names, inline))} ]"
    return f"_:{value.label}"
