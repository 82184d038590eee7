"""The facets whose fields become attributes, as one table; what the table does not hold is kept whole.

In: a facet as JSON. Out: attributes, and whether they say all of it. docs/reference/openlineage.md shows the table.
Source: OpenLineage 2-0-2, facet schemas.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, NamedTuple

from provstore.importers.statements import number, ps, text, time
from provstore.importers.strict_json import canonical
from provstore.model.statement import Attribute

Holder = Literal["run", "job", "dataset", "input", "output"]
Maker = Callable[[str, Any], Attribute | None]

# Members that each facet has, and that tell nothing about the thing.
ENVELOPE: Final = frozenset({"_producer", "_schemaURL"})


class Field(NamedTuple):
    """Where one field of a facet goes: the `ps:` attribute, and how its value is written."""

    attribute: str
    make: Maker


def _text(name: str, value: Any) -> Attribute | None:
    return text(name, value) if isinstance(value, str) else None


def _time(name: str, value: Any) -> Attribute | None:
    return time(name, value) if isinstance(value, str) else None


def _number(name: str, value: Any) -> Attribute | None:
    return number(name, value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _json(name: str, value: Any) -> Attribute:
    return text(name, canonical(value))


_DOCUMENTATION: Final = {
    "description": Field("description", _text),
    "contentType": Field("description_content_type", _text),
}
_STATISTICS: Final = {
    "rowCount": Field("row_count", _number),
    "size": Field("size", _number),
    "fileCount": Field("file_count", _number),
}
_QUALITY: Final = {
    "rowCount": Field("row_count", _number),
    "bytes": Field("size", _number),
    "fileCount": Field("file_count", _number),
    "lastUpdated": Field("last_updated", _time),
    "columnMetrics": Field("column_metrics", _json),
}
_ASSERTIONS: Final = {"assertions": Field("assertions", _json)}

FIELDS: Final[Mapping[Holder, Mapping[str, Mapping[str, Field]]]] = {
    "run": {
        "nominalTime": {
            "nominalStartTime": Field("nominal_start", _time),
            "nominalEndTime": Field("nominal_end", _time),
        },
        "errorMessage": {
            "message": Field("error", _text),
            "programmingLanguage": Field("error_language", _text),
            "stackTrace": Field("stack_trace", _text),
        },
        "externalQuery": {
            "externalQueryId": Field("external_query_id", _text),
            "source": Field("external_query_source", _text),
        },
    },
    "job": {
        "documentation": _DOCUMENTATION,
        "jobType": {
            "processingType": Field("processing_type", _text),
            "integration": Field("integration", _text),
            "jobType": Field("job_type", _text),
        },
    },
    "dataset": {
        "catalog": {
            "name": Field("catalog", _text),
            "type": Field("catalog_type", _text),
            "framework": Field("catalog_framework", _text),
            "metadataUri": Field("catalog_metadata_uri", _text),
            "warehouseUri": Field("catalog_warehouse_uri", _text),
            "source": Field("catalog_source", _text),
        },
        "dataQualityAssertions": _ASSERTIONS,
        "dataQualityMetrics": _QUALITY,
        "dataSource": {"name": Field("datasource", _text), "uri": Field("datasource_uri", _text)},
        "datasetType": {"datasetType": Field("dataset_type", _text), "subType": Field("dataset_subtype", _text)},
        "documentation": _DOCUMENTATION,
        "hierarchy": {"hierarchy": Field("hierarchy", _json)},
        "schema": {"fields": Field("schema", _json)},
        "storage": {"storageLayer": Field("storage_layer", _text), "fileFormat": Field("file_format", _text)},
        "version": {"datasetVersion": Field("version", _text)},
    },
    "input": {
        "dataQualityAssertions": _ASSERTIONS,
        "dataQualityMetrics": _QUALITY,
        "inputStatistics": _STATISTICS,
        "subset": {"inputCondition": Field("subset", _json)},
    },
    "output": {
        "outputStatistics": _STATISTICS,
        "subset": {"outputCondition": Field("subset", _json)},
    },
}

# Standard facets that stay whole: lists of records of their own, which no attribute can hold better.
KEPT_WHOLE: Final[frozenset[tuple[Holder, str]]] = frozenset({("run", "extractionError"), ("run", "test")})


class Mapped(NamedTuple):
    """Attributes of a facet, and whether they say all that it says."""

    attributes: list[Attribute]
    complete: bool


def attributes(facet: Mapping[str, Any], fields: Mapping[str, Field]) -> Mapped:
    """The attributes of one facet by the table of its fields; a field of an unexpected type is left over."""
    made: list[Attribute] = []
    complete = True
    for name in sorted(facet.keys() - ENVELOPE):
        known = fields.get(name)
        attribute = known.make(ps(known.attribute), facet[name]) if known else None
        if attribute is None:
            complete = False
        else:
            made.append(attribute)
    return Mapped(made, complete)


def whole(name: str, facet: Any) -> Attribute:
    """A facet kept as it is: `ps:facet.<name>` with canonical JSON."""
    return text(ps(f"facet.{name}"), canonical(facet))
