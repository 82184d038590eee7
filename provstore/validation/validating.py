"""The verdict on a document: assertions come in, findings in plain words go out.

Source: PROV-CONSTRAINTS section 7.2 (a document is valid when its own statements and each bundle are, each for itself).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from provstore.formats.prov_n.text import Shortener
from provstore.model.document import Assertion
from provstore.model.names import Prefixes
from provstore.model.statement import Statement
from provstore.validation.constraints import RULES
from provstore.validation.examining import examine
from provstore.validation.lints import lint
from provstore.validation.problems import Problem
from provstore.validation.progress import Progress, Steps, silent
from provstore.validation.removal import Removals
from provstore.validation.verdict import Finding, Lint, Step, Verdict
from provstore.validation.words import Words


def validate(assertions: Iterable[Assertion], *, lints: bool = True, prefixes: Shortener | None = None) -> Verdict:
    """Whether a document is valid PROV (PROV-CONSTRAINTS), and all that makes it invalid.

    Args: assertions: of one document, or of several that are to be valid together. lints: also look for what is valid
    but odd. prefixes: how names are shortened in messages; IRIs are written whole otherwise.
    """
    return validate_bundles(by_bundle(assertions), lints=lints, prefixes=prefixes)


def validate_bundles(
    bundles: Mapping[str | None, Collection[Statement]],
    *,
    lints: bool = True,
    prefixes: Shortener | None = None,
    progress: Progress = silent,
) -> Verdict:
    """As `validate`, for statements that are sorted by bundle already, None for those outside of all.

    Args: progress: told how far it is.
    """
    words = Words(prefixes or Prefixes())
    steps = Steps(progress, sum(map(len, bundles.values())))
    found: list[Finding] = []
    odd: list[Lint] = []
    for bundle, said in bundles.items():
        statements = list(said)
        found += _findings_of(bundle, statements, words, steps)
        odd += lint(bundle, statements, words, steps) if lints else ()
        steps.passed(len(statements))
    return Verdict(not found, tuple(found), tuple(odd))


def by_bundle(assertions: Iterable[Assertion]) -> dict[str | None, list[Statement]]:
    """The statements of each bundle, None for the document's own; a document is validated bundle by bundle."""
    bundles: dict[str | None, list[Statement]] = {}
    for bundle, stated in assertions:
        bundles.setdefault(bundle, []).append(stated)
    return bundles


def _findings_of(bundle: str | None, statements: list[Statement], words: Words, steps: Steps) -> list[Finding]:
    """The findings of one bundle's statements, each with what would have to go."""
    return explained(bundle, statements, examine(statements, words, steps), words)


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
