"""A plugin of pytest: the tests of the `prov` library run with our readers and writers as its serializers.

Each is registered under the name that `prov` gives the format, and goes from ProvDocument to assertions, through our
format, and back. The outcome of each test that uses them is written to the file that
`PROV_SUITE_OUTCOMES` names, as JSON.
"""

from __future__ import annotations

import io
import json
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import prov
from prov.model import ProvDocument
from prov.serializers import Registry, Serializer, _is_text_stream
from prov.serializers.provjson import ProvJSONException
from prov.serializers.provjsonld import ProvJSONLDException
from prov.serializers.provn_lexer import ProvNSyntaxError
from prov.serializers.provrdf import ProvRDFException
from prov.serializers.provxml import ProvXMLException

from provstore.errors import BadInput
from provstore.formats import registry
from provstore.formats.prov_documents import assertions_of, namespaces_of, prov_document

# Our name of each format of `prov`; what `rdf` means is said by an option.
NAMES: Final = {
    "json": "prov-json",
    "provn": "prov-n",
    "xml": "prov-xml",
    "jsonld": "json-ld",
    "rdf": "trig",
    "rdf:turtle": "turtle",
}
# What each serializer of `prov` raises.
ERRORS: Final[dict[str, Callable[[str], prov.Error]]] = {
    "json": ProvJSONException,
    "provn": lambda text: ProvNSyntaxError(text, 0, 0),
    "xml": ProvXMLException,
    "jsonld": ProvJSONLDException,
    "rdf": ProvRDFException,
}
outcomes: dict[str, str] = {}
calls: Counter[str] = Counter()
_before = {"calls": 0}


def serializer(name: str, theirs: type[Serializer]) -> type[Serializer]:
    """A serializer class of `prov` that uses our format; what we refuse is raised as it raises."""

    class Ours(Serializer):
        deserialize_options = theirs.deserialize_options

        def serialize(self, stream: Any, **args: Any) -> None:
            ours = _format(name, args)
            if ours is None or self.document is None:
                theirs(self.document).serialize(stream, **args)
                return
            calls[f"{name} written"] += 1
            written = io.BytesIO()
            try:
                losses = ours.write(list(assertions_of(self.document)), namespaces_of(self.document), written)
            except BadInput as error:
                raise ERRORS[name](str(error)) from error
            if losses:
                raise ERRORS[name](f"{ours.name} cannot hold {losses}")
            stream.write(written.getvalue().decode() if _is_text_stream(stream) else written.getvalue())

        def deserialize(self, stream: Any, **args: Any) -> ProvDocument:
            ours = _format(name, args)
            if ours is None:
                return theirs(self.document).deserialize(stream, **args)
            calls[f"{name} read"] += 1
            data = stream.read()
            try:
                reading = ours.read(io.BytesIO(data.encode() if isinstance(data, str) else data), source="stream")
                return prov_document(list(reading.assertions), reading.namespaces)
            except BadInput as error:
                raise ERRORS[name](str(error)) from error

    return Ours


def _format(name: str, args: dict[str, Any]) -> registry.Format | None:
    """Our format; None when we have none of that kind."""
    kind = args.get("rdf_format", "trig") if name == "rdf" else "trig"
    key = name if kind == "trig" else f"{name}:{kind}"
    return registry.by_name(NAMES[key]) if key in NAMES else None


def pytest_configure() -> None:
    load = Registry.load_serializers

    def load_with_ours() -> None:
        load()
        for name in ERRORS:
            Registry.serializers[name] = serializer(name, Registry.serializers[name])

    Registry.load_serializers = staticmethod(load_with_ours)
    load_with_ours()


def pytest_collection_modifyitems(config: Any, items: list[Any]) -> None:
    """Leaves out what a test does without a format."""
    left = [item for item in items if _target(item) == "model"]
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if item not in left]


def _target(item: Any) -> str | None:
    """The format that a test of the shared matrix goes through; `model` is none."""
    return getattr(item, "callspec", None) and item.callspec.params.get("fmt")


def pytest_runtest_setup() -> None:
    _before["calls"] = calls.total()


def pytest_runtest_logreport(report: Any) -> None:
    if report.when == "call" and calls.total() > _before["calls"]:
        outcomes[report.nodeid.rpartition("/")[2]] = report.outcome


def pytest_sessionfinish() -> None:
    Path(os.environ["PROV_SUITE_OUTCOMES"]).write_text(json.dumps({"outcomes": outcomes, "calls": calls}))
