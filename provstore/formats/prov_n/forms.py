"""How PROV-N writes each record type: keyword, number of arguments, whether an identifier and attributes may come.

Source: PROV-N section 3, productions [3] to [26]; PROV-Dictionary section 3; PROV-Links section 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from provstore.model.terms import BY_NAME, RECORD_TYPES, RecordType

# How many arguments PROV-N wants; the rest is written whole or not at all, and `-` stands for an absent one.
_REQUIRED: Final = {
    "activity": 0, "wasGeneratedBy": 1, "used": 1, "wasStartedBy": 1, "wasEndedBy": 1, "wasInvalidatedBy": 1,
    "wasAssociatedWith": 1, "mentionOf": 3, "derivedByInsertionFrom": 3, "derivedByRemovalFrom": 3,
}  # fmt: skip
# Productions [24] to [26] give these neither an identifier nor attributes.
_BARE: Final = frozenset({"specializationOf", "alternateOf", "hadMember"})
# Records of the Notes are extensions: their keywords are qualified names (PROV-N section 3.9).
EXTENSIONS: Final = frozenset({"mentionOf", "derivedByInsertionFrom", "derivedByRemovalFrom", "hadDictionaryMember"})
# Where a key stands with its entity; in a key-set it stands alone.
DICTIONARY_MEMBER: Final = BY_NAME["hadDictionaryMember"].iri


@dataclass(frozen=True, slots=True)
class Form:
    """The notation of one record type.

    `keyword` as it is written, `arguments` as (attribute IRI, what it holds) and `holds` the same, `required` of them
    must be there.
    """

    record: RecordType
    keyword: str
    kind: str
    is_element: bool
    is_bare: bool
    arguments: tuple[tuple[str, str], ...]
    holds: Mapping[str, str]
    required: int
    most: int


def _form(record: RecordType) -> Form:
    arguments = tuple((argument.iri, argument.holds) for argument in record.arguments)
    return Form(
        record,
        f"prov:{record.name}" if record.name in EXTENSIONS else record.name,
        record.iri,
        record.is_element,
        record.name in _BARE,
        arguments,
        dict(arguments),
        _REQUIRED.get(record.name, min(2, len(arguments))),
        len(arguments),
    )


FORMS: Final = {record.iri: _form(record) for record in RECORD_TYPES}
# The Notes write their own keywords without a prefix, and so do ProvToolbox and `prov`.
BY_KEYWORD: Final = {name: form for form in FORMS.values() for name in (form.keyword, form.record.name)}
