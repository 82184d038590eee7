"""The contract of importers, one suite over all of them (rules 5, 7 and 31)."""

import pickle
import shutil
import socket

import pytest

from provstore.errors import BadInput
from provstore.importers import registry
from provstore.importers.contract import Findings, Request
from provstore.importers.retracing import retrace
from provstore.model.document import content_digest
from provstore.model.statement import record
from provstore.model.terms import BY_IRI, PROV, PS, QUALIFIED_NAME, XSD
from provstore.model.times import instant
from tests.support.importer_samples import LIVE_SAMPLES, OUTSIDE, SAMPLES, SECRET

READ_AT = "2026-11-21T10:00:00.000000Z"


KINDS = [*sorted(SAMPLES), *(pytest.param(kind, marks=pytest.mark.servers) for kind in sorted(LIVE_SAMPLES))]
of_files = pytest.mark.parametrize("kind", sorted(SAMPLES), indirect=True)


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture
def path(kind, tmp_path, monkeypatch):
    if kind in LIVE_SAMPLES:
        with LIVE_SAMPLES[kind].build() as (location, environment):
            for name, value in environment.items():
                monkeypatch.setenv(name, value)
            yield location
        return
    folder = tmp_path / "records"
    folder.mkdir()
    (folder / "outside.txt").write_text(OUTSIDE)
    yield SAMPLES[kind].build(folder)


def read(kind, path, *, scope="", findings=None):
    """All documents, with their assertions listed."""
    request = Request(path=str(path), scope=scope, read_at=READ_AT, space="lab", actor="ada@host")
    documents = registry.load(kind).documents(request, findings or Findings())
    return [(document.header, tuple(document.assertions), document.blobs) for document in documents]


def everything(folder):
    return sorted(
        (str(file.relative_to(folder)), file.lstat().st_mtime_ns, file.is_file() and file.read_bytes())
        for file in folder.rglob("*")
    )


def identifiers(documents):
    return {
        stated.identifier
        for _, assertions, _ in documents
        for _, stated in assertions
        if BY_IRI[stated.kind].is_element and stated.identifier
    }


def test_every_importer_has_a_sample():
    assert {*SAMPLES, *LIVE_SAMPLES} == set(registry.kinds())


def test_an_importer_says_what_it_is(kind):
    importer = registry.load(kind)
    assert importer.kind == kind
    assert importer.version
    assert importer.recovers


def test_its_records_are_recognized_by_it_alone(kind, path):
    assert registry.find_out(str(path)).kind == kind


@pytest.mark.parametrize("other", ["no/such/path", "ftp://127.0.0.1/", "", "\0"])
def test_what_it_does_not_know_is_not_recognized(kind, other):
    assert not registry.load(kind).recognizes(other)


def test_reading_twice_gives_the_same_documents_in_the_same_order(kind, path):
    first = read(kind, path)
    assert first
    assert read(kind, path) == first


@of_files
def test_the_same_records_elsewhere_are_the_same_content_of_the_same_units(kind, path, tmp_path):
    elsewhere = tmp_path / "another place" / path.name
    shutil.copytree(path, elsewhere, symlinks=True)
    here, there = read(kind, path), read(kind, elsewhere)
    assert [(h.unit, h.mode, content_digest(a), b) for h, a, b in here] == [
        (h.unit, h.mode, content_digest(a), b) for h, a, b in there
    ]


def test_identifiers_are_below_the_namespace_of_the_kind_and_frozen(kind, path):
    found = identifiers(read(kind, path))
    assert found >= set((SAMPLES | LIVE_SAMPLES)[kind].identifiers)
    assert {iri for iri in found if not iri.startswith(f"urn:provstore:{kind}:")} == set()


def test_a_scope_is_part_of_every_unit(kind, path):
    plain, scoped = read(kind, path), read(kind, path, scope="east lab")
    assert {h.unit for h, _, _ in plain}.isdisjoint(h.unit for h, _, _ in scoped)


def test_headers_say_where_documents_come_from(kind, path):
    importer = registry.load(kind)
    for header, _, _ in read(kind, path):
        assert header.unit.startswith(f"{kind}:")
        assert header.mode in ("snapshot", "event")
        assert instant(header.event_time).utc == header.event_time
        assert header.mode == "event" or header.event_time == READ_AT
        assert (header.space, header.actor) == ("lab", "ada@host")
        assert (header.importer, header.importer_version) == (kind, importer.version)


def test_a_snapshot_speaks_once_for_its_unit(kind, path):
    units = [header.unit for header, _, _ in read(kind, path) if header.mode == "snapshot"]
    assert len(units) == len(set(units))


def test_statements_are_prov_with_full_iris(kind, path):
    namespaces = (PROV, XSD, PS, f"urn:provstore:{kind}:")
    for _, assertions, _ in read(kind, path):
        for _, stated in assertions:
            assert stated.kind in BY_IRI
            record(stated)
            for attribute in stated.attributes:
                assert attribute.name.startswith(namespaces)
                assert " " not in attribute.name
                if attribute.datatype == QUALIFIED_NAME:
                    assert attribute.lexical.startswith(namespaces)


def test_both_ends_of_every_relation_are_elements_of_some_document(kind, path):
    documents = read(kind, path)
    known = identifiers(documents)
    for _, assertions, _ in documents:
        for _, stated in assertions:
            for argument in BY_IRI[stated.kind].arguments:
                if argument.holds in ("entity", "activity", "agent", "element"):
                    assert stated.argument(argument.iri) in {None, *known}


def test_unmapped_fields_are_counted(kind, path):
    findings = Findings()
    read(kind, path, findings=findings)
    assert "beyond_the_standard" in " ".join(findings.unmapped)
    assert all(seen.count > 0 for seen in findings.unmapped.values())


def test_secrets_are_redacted_wherever_they_stand(kind, path):
    findings = Findings()
    documents = read(kind, path, findings=findings)
    everything_kept = f"{documents} {findings}"
    assert findings.redacted > 0
    assert "[redacted]" in everything_kept
    assert SECRET not in everything_kept
    assert not any(SECRET.encode() in blob for _, _, blobs in documents for blob in blobs)


@of_files
def test_links_are_not_followed(kind, path):
    findings = Findings()
    documents = read(kind, path, findings=findings)
    assert OUTSIDE not in f"{documents} {findings}"
    assert "link" in " ".join([*findings.unmapped, *findings.warnings])


@of_files
def test_nothing_is_written_beside_the_records(kind, path):
    before = everything(path.parent)
    read(kind, path)
    assert everything(path.parent) == before


@of_files
def test_nothing_is_unpickled_and_no_connection_is_made(kind, path, monkeypatch):
    def refuse(*arguments, **options):
        raise AssertionError("an importer must not do this")

    for module, name in ((pickle, "load"), (pickle, "loads"), (pickle, "Unpickler"), (socket.socket, "connect")):
        monkeypatch.setattr(module, name, refuse)
    assert read(kind, path)


@pytest.mark.parametrize(("kind", "broken"), [(kind, name) for kind in SAMPLES for name in SAMPLES[kind].bad])
def test_bad_records_are_refused_with_their_place(kind, broken, path):
    SAMPLES[kind].bad[broken](path)
    findings = Findings()
    documents, refused = [], findings.refused
    try:
        documents = read(kind, path, findings=findings)
    except BadInput as error:
        refused = [str(error)]
    assert documents == []
    assert any(str(path) in message for message in refused)


@of_files
def test_whatever_changes_the_documents_changes_the_footprint(kind, path):
    """An importer that calls its footprint complete has noted every file that it read."""
    findings = Findings()
    before = read(kind, path, findings=findings)
    assert findings.footprint.is_complete
    places, digest = findings.footprint.places, findings.footprint.digest()
    assert retrace(places).digest() == digest
    changed = 0
    files = [one for one in sorted(path.rglob("*")) if one.is_file() and not one.is_symlink()]
    for number, file in enumerate(files):
        content = file.read_bytes()
        other = (None, content[: len(content) // 2], content + b"\n1 2 3")[number % 3]
        file.unlink() if other is None else file.write_bytes(other)
        try:
            same = read(kind, path) == before
        except BadInput:
            same = False
        assert same or retrace(places).digest() != digest, file
        changed += not same
        file.write_bytes(content)
    assert changed


@of_files
def test_a_missing_path_is_bad_input(kind, tmp_path):
    with pytest.raises(BadInput) as refused:
        read(kind, tmp_path / "none")
    assert str(tmp_path / "none") in str(refused.value.where)
