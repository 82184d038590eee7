"""The labels that nodes carry in engines with labels: a closed table, so that no text of a user's becomes one.

Source: rule 19; docs/reference/neo4j.md, "Labels".
"""

from __future__ import annotations

from typing import Final

from provstore.graph.contract import Node
from provstore.model.terms import PROV, PS, ElementKind

ELEMENT: Final = "Element"
KIND_LABELS: Final[dict[ElementKind, str]] = {"entity": "Entity", "activity": "Activity", "agent": "Agent"}
_PS: Final = (
    *(
        "Alias",
        "Artifact",
        "Boilerplate",
        "Code",
        "Dataset",
        "Environment",
        "Experiment",
        "FeatureSet",
        "Job",
        "Metric",
    ),
    *("MetricSeries", "Model", "ModelVersion", "Record", "Report", "Run"),
)
_PROV: Final = ("Bundle", "Collection", "Dictionary", "Organization", "Person", "Plan")
# Types by IRI, and the label of each.
TYPE_LABELS: Final = {
    **{PS + name: name for name in _PS},
    **{PROV + name: name for name in _PROV},
    PROV + "SoftwareAgent": "Software",
}
ALL_LABELS: Final = (*KIND_LABELS.values(), *sorted(TYPE_LABELS.values()))


def labels_of(node: Node) -> tuple[str, ...]:
    """The labels of a node: `Element`, its kinds, and those that are registered for its types."""
    types = {TYPE_LABELS[one] for one in node.types if one in TYPE_LABELS}
    return (ELEMENT, *(KIND_LABELS[kind] for kind in node.kinds), *sorted(types))
