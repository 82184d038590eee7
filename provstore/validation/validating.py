"""The verdict on a document: assertions come in, findings in plain words go out.

Source: PROV-CONSTRAINTS section 7.2 (a document is valid when its own statements and each bundle are, each for itself).
"""

from __future__ import annotations

from collections.abc import Iterable

from provstore.formats.prov_n.text import Shortener
from provstore.model.document import Assertion
from provstore.model.names import Prefixes
from provstore.model.statement import Statement
from provstore.validation.constraints import RULES
from provstore.validation.examining import examine
from provstore.validation.lints import lint
from provstore.validation.problems import Problem
from provstore.validation.removal import Removals
from provstore.validation.verdict import Finding, Step, Verdict
from provstore.validation.words import Words


def validate(assertions: Iterable[Assertion], *, lints: bool = True, prefixes: Shortener | None = None) -> Verdict:
    """Whether a document is valid PROV (PROV-CONSTRAINTS), and all that makes it invalid.

    Args: assertions: of one document, or of several that are to be valid together. lints: also look for what is valid
    but odd. prefixes: how names are shortened in messages; IRIs are written whole otherwise.
    """
    words = Words(prefixes or Prefixes())
    bundles = by_bundle(assertions)
    found = [finding for bundle, said in bundles.items() for finding in findings_of(bundle, said, words)]
    odd = [one for bundle, said in bundles.items() for one in lint(bundle, said, words)] if lints else []
    return Verdict(not found, tuple(found), tuple(odd))


def by_bundle(assertions: Iterable[Assertion]) -> dict[str | None, list[Statement]]:
    """The statements of each bundle, None for the document's own; a document is validated bundle by bundle."""
    bundles: dict[str | None, list[Statement]] = {}
    for bundle, stated in assertions:
        bundles.setdefault(bundle, []).append(stated)
    return bundles


def findings_of(bundle: str | None, statements: list[Statement], words: Words) -> list[Finding]:
    """The findings of one bundle's statements, each with what would have to go."""
    return explained(bundle, statements, examine(statements, words), words)


def explained(bundle: str | None, statements: list[Statement], problems: list[Problem], words: Words) -> list[Finding]:
    """The findings for the problems that these statements have."""
    if not problems:
        return []
    removals = Removals(statements, words)
    return [_finding(bundle, problem, removals) for problem in problems]


def _finding(bundle: str | None, problem: Problem, removals: Removals) -> Finding:
    shown, support = removals.minimal(problem)
    removal, smallest = removals.smallest(problem, support)
    rule = RULES[problem.constraint]
    return Finding(
        problem.constraint,
        rule.name,
        bundle,
        shown.subject,
        f"{shown.text} {rule.sentence}",
        tuple(support),
        tuple(
            Step(link.before, link.after, link.strict, link.constraint, tuple(link.support.statements))
            for link in shown.links
        ),
        tuple(removal),
        smallest,
    )
