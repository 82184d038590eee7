"""PROV-CONSTRAINTS: assertions come in; a verdict that explains itself, a normal form or an equivalence goes out.

`validate` answers with a `Verdict`: findings, each with the constraint's number and name, the statements that together
make the violation, the cycle of events where there is one, and what would have to go; and lints, which make nothing
invalid. `normal_form` writes out what follows, `equivalent` compares by it; a document that is not valid has none
(`InvalidDocument`), and what ends in `_valid` takes only documents that were found valid. `validate_added` looks at new
statements beside what is `Stored`, without reading all of that. Each bundle is looked at for itself.
Source: PROV-CONSTRAINTS (W3C Recommendation, 30 April 2013).
"""

from provstore.validation.incremental import Added, validate_added
from provstore.validation.neighbourhood import Stored
from provstore.validation.normal_form import equivalent, equivalent_valid, normal_form, normal_form_of_valid
from provstore.validation.progress import Progress, silent
from provstore.validation.validating import validate, validate_bundles
from provstore.validation.verdict import Finding, InvalidDocument, Lint, Step, Verdict

__all__ = [
    "Added",
    "Finding",
    "InvalidDocument",
    "Lint",
    "Progress",
    "Step",
    "Stored",
    "Verdict",
    "equivalent",
    "equivalent_valid",
    "normal_form",
    "normal_form_of_valid",
    "silent",
    "validate",
    "validate_added",
    "validate_bundles",
]
