"""Normal form and equivalence: assertions come in, the assertions of the normal form or a yes or no goes out.

Source: PROV-CONSTRAINTS sections 7.1 and 7.2; rule 3 for blank identifiers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256

from provstore.model.document import Assertion, equal
from provstore.model.statement import Attribute, Statement, canonical, reference, statement
from provstore.model.terms import BLANK, BY_IRI, BY_NAME, DATE_TIME
from provstore.validation.expansion import in_scope
from provstore.validation.form import Record, Reference, form_of
from provstore.validation.isomorphism import components, isomorphic
from provstore.validation.validating import by_bundle, validate
from provstore.validation.verdict import InvalidDocument


def normal_form(assertions: Iterable[Assertion]) -> list[Assertion]:
    """All that follows from a document, with existential variables as blank identifiers, in one order.

    Blank identifiers of the document are existential variables, too. Equal documents, in any order and with any blank
    names, have equal normal forms; where variables are told apart by nothing but their place in a symmetric pattern of
    blank identifiers, only isomorphic ones. Its size can be quadratic: each user of an entity is informed by each
    activity that generated it (inference 6), and alternates are alternates of each other (17).
    Mentions and dictionary records stay as they are. Raises: InvalidDocument: it is not valid.
    """
    said = list(assertions)
    verdict = validate(said, lints=False)
    if not verdict.valid:
        raise InvalidDocument(verdict)
    return normal_form_of_valid(said)


def normal_form_of_valid(assertions: Iterable[Assertion]) -> list[Assertion]:
    """As `normal_form`, of a document that is known to be valid."""
    bundles = by_bundle(assertions)
    formed: list[Assertion] = []
    for bundle in sorted(bundles, key=lambda name: (name is not None, name or "")):
        made = [*_statements(form_of(bundles[bundle])), *_out_of_scope(bundles[bundle])]
        formed.extend(Assertion(bundle, stated) for stated in sorted(made, key=_order))
    return formed


def equivalent(left: Iterable[Assertion], right: Iterable[Assertion]) -> bool:
    """Whether two documents say the same: bundle by bundle, their normal forms are isomorphic.

    A document that is not valid has no normal form (section 7.1): it is equivalent to what is equal to it, and to
    nothing else.
    """
    left, right = list(left), list(right)
    if equal(left, right):
        return True
    valid = all(validate(said, lints=False).valid for said in (left, right))
    return valid and equivalent_valid(left, right)


def equivalent_valid(left: Iterable[Assertion], right: Iterable[Assertion]) -> bool:
    """As `equivalent`, of documents that are known to be valid."""
    ours, theirs = by_bundle(left), by_bundle(right)
    # A document's own statements may be none; a bundle that is not there is not an empty one.
    return ours.keys() - {None} == theirs.keys() - {None} and all(
        _out_of_scope(ours.get(bundle, [])) == _out_of_scope(theirs.get(bundle, []))
        and isomorphic(form_of(ours.get(bundle, [])), form_of(theirs.get(bundle, [])))
        for bundle in ours.keys() | theirs.keys()
    )


def _out_of_scope(statements: Iterable[Statement]) -> set[Statement]:
    """Mentions and dictionary records, of which PROV-CONSTRAINTS says nothing: they stay as they are."""
    return {stated for stated in statements if not in_scope(stated)}


def _statements(records: list[Record]) -> list[Statement]:
    """The records as statements, with blank identifiers that depend on the content alone."""
    constant, tied = components(records)
    numbered = [(one, one.numbered()) for one in tied]
    texts = sorted((one.text(names), place) for place, (one, names) in enumerate(numbered))
    digest = sha256("\n\n".join(text for text, _ in texts).encode("utf-8", "surrogatepass")).hexdigest()
    blanks: dict[int, str] = {}
    for _, place in texts:
        names = numbered[place][1]
        for variable in sorted(names, key=names.__getitem__):
            blanks[variable] = f"{BLANK}{digest}:v{len(blanks)}"
    return [_statement(record, blanks) for record in (*constant, *(one for each in tied for one in each.records))]


def _order(stated: Statement) -> tuple[int, str]:
    return BY_IRI[stated.kind].code, canonical(stated)


def _statement(record: Record, blanks: dict[int, str]) -> Statement:
    kind = BY_NAME[record.kind]
    identifier = _named(record.identifier, blanks)
    return statement(kind.iri, identifier, [*record.attributes, *_arguments(record, blanks)])


def _arguments(record: Record, blanks: dict[int, str]) -> Iterator[Attribute]:
    """The formal arguments; the placeholder is left out, as in the statement that had it (definition 3)."""
    for argument, given in zip(BY_NAME[record.kind].arguments, record.arguments, strict=True):
        name = _named(given, blanks)
        if name is not None:
            is_time = argument.holds == "time" and isinstance(given, str)
            yield Attribute(argument.iri, DATE_TIME, name) if is_time else reference(argument.iri, name)


def _named(given: Reference, blanks: dict[int, str]) -> str | None:
    return blanks[given] if isinstance(given, int) else given
