"""A lineage as a tree of text: each node is unfolded once, a repeat says `(see above)`.

Works piped and on any width: indentation is bounded, so that a chain of 100,000 steps stays 100,000 short lines.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Final, NamedTuple

from provstore.graph.contract import Edge
from provstore.model.terms import CONTENT
from provstore.questions.result import AnswerNode, Graph
from provstore.reports.shares import share
from provstore.reports.words import caption, clean, closing, phrase, rank, reads_backwards, remarks, without_digests

# Deeper than this a branch goes on at the left margin, under a number.
_MAX_LEVEL: Final = 24


class _Branch(NamedTuple):
    """A step to `iri`; `through`: the content node that it passed, if any."""

    rank: int
    words: str
    iri: str
    through: str = ""


class _Line(NamedTuple):
    lead: str
    below: str
    branch: _Branch
    level: int


def render(answer: Graph) -> str:
    """The tree of a graph answer, from its start towards causes (`downstream`: towards effects).

    Digests within names are cut; the table has them whole. Same bytes under two names read as `same bytes as`, without
    the content node in between (rule 21).
    """
    tree = _Tree(answer)
    lines: list[str] = []
    for start in tree.starts():
        lines.extend(tree.unfold(start))
    return "\n".join([*lines, "", *closing(answer)] if lines else closing(answer)) + "\n"


class _Tree:
    """One rendering in progress: the branches of every node, and which nodes were unfolded already."""

    def __init__(self, answer: Graph) -> None:
        self._prefixes = answer.prefixes
        self._nodes = {one.node.iri: one for one in answer.nodes}
        self._backwards = reads_backwards(answer)
        self._share = partial(share, answer)
        self._steps: dict[str, list[_Branch]] = defaultdict(list)
        for edge in answer.edges:
            near, far = (edge.target, edge.source) if self._backwards else (edge.source, edge.target)
            self._steps[near].append(_Branch(rank(edge.relation), self._words(edge), far))
            if edge.relation == "sameBytes" and answer.question not in ("upstream", "downstream"):
                # No walk: a leak may end at anything that holds the same bytes, a copy too (rule 27).
                self._steps[far].append(_Branch(rank(edge.relation), self._words(edge), near))
        self._truncated = answer.truncated is not None
        self._seen: set[str] = set()
        self._blocks = 0

    def starts(self) -> Iterable[AnswerNode]:
        """The nodes at depth 0, then whatever these did not reach; content nodes last, for they stand between."""
        ranked = sorted(self._nodes.values(), key=lambda one: (one.depth, one.node.iri.startswith(CONTENT)))
        return (one for one in ranked if one.node.iri not in self._seen)

    def unfold(self, start: AnswerNode) -> list[str]:
        """The lines of everything that `start` reaches and that was not unfolded before."""
        lines: list[str] = []
        blocks = deque([("", start.node.iri)])
        while blocks:
            heading, root = blocks.popleft()
            stack = [_Line(heading, "", _Branch(0, "", root), 0)]
            while stack:
                line = stack.pop()
                text = line.lead + self._say(line.branch)
                if line.branch.iri in self._seen and line.level:
                    lines.append(f"{text}  (see above)")
                    continue
                self._seen.add(line.branch.iri)
                branches = self._branches(line.branch)
                if line.level == _MAX_LEVEL and branches:
                    self._blocks += 1
                    blocks.append((f"[{self._blocks}] ", line.branch.iri))
                    lines.append(f"{text}  (goes on at [{self._blocks}])")
                    continue
                lines.append(text)
                stack.extend(_indented(line, branches))
        return lines

    def _words(self, edge: Edge) -> str:
        roles = " and ".join(clean(self._prefixes.shorten(role)) for role in edge.roles)
        words = phrase(edge.relation, backwards=self._backwards) + (f" as {roles}" if roles else "")
        return words + self._share(edge)

    def _branches(self, branch: _Branch) -> list[_Branch]:
        """What follows a branch, but for the way back into the content node that it came through: that was listed."""
        steps = (step for step in self._steps.get(branch.iri, ()) if step.iri != branch.through)
        found = Counter(onwards for step in steps for onwards in self._onwards(branch.iri, step))
        ranked = sorted(found, key=lambda step: (step.rank, step.words, self._title(step.iri), step.iri))
        return [
            step._replace(words=f"{step.words} ({found[step]} statements)") if found[step] > 1 else step
            for step in ranked
        ]

    def _onwards(self, iri: str, step: _Branch) -> list[_Branch]:
        """The step itself; where it leads to a content node, the steps to the other holders of its bytes."""
        if not step.iri.startswith(CONTENT) or iri.startswith(CONTENT):
            return [step]
        self._seen.add(step.iri)
        holders = self._steps.get(step.iri, ())
        if not holders and self._truncated:
            return [step]
        return [step._replace(iri=holder.iri, through=step.iri) for holder in holders if holder.iri != iri]

    def _title(self, iri: str) -> str:
        known = self._nodes.get(iri)
        return caption(known.node, self._prefixes).title if known else iri

    def _say(self, branch: _Branch) -> str:
        known = self._nodes.get(branch.iri)
        before = f"{branch.words}  " if branch.words else ""
        if known is None:
            return before + clean(self._prefixes.shorten(branch.iri))
        title, badge, name = caption(known.node, self._prefixes)
        notes = "".join(f", {one}" for one in remarks(known.node, hidden=known.hidden))
        return f"{before}{title}  [{badge}{notes}]" + ("" if name in title else f"  {without_digests(name)}")


def _indented(line: _Line, branches: Sequence[_Branch]) -> list[_Line]:
    """The lines of the branches under `line`, last one first: a stack gives them back in order."""
    under = [_Line(f"{line.below}├─ ", f"{line.below}│  ", branch, line.level + 1) for branch in branches]
    if under:
        under[-1] = _Line(f"{line.below}└─ ", f"{line.below}   ", branches[-1], line.level + 1)
    return under[::-1]
