"""What the PROV-N reader refuses, with the place; and that hostile input is refused without delay."""

from __future__ import annotations

import io

import pytest

from provstore.formats.prov_n import PROV_N
from tests.unit.formats.reading import EX, refusal_of
from tests.unit.formats.reading_prov_n import document, read, value_of


def refused(text):
    data = text if isinstance(text, bytes) else text.encode()
    return refusal_of(PROV_N, data, "a.provn")


@pytest.mark.parametrize(
    ("line", "column", "message"),
    [
        ("entity(ex:a", None, '"," or ")"'),
        ("entity(ex:a))", 13, "a statement, a bundle or"),
        ("entity()", 8, "a qualified name was expected"),
        ("entity(-)", 8, "a qualified name was expected"),
        ("entity(ex:a; ex:b)", 12, '"," or ")"'),
        ("entity(ex:a, ex:b)", 14, "0 arguments"),
        ("entity(ex:a, [ex:b])", 19, '"=" was expected'),
        ("entity(ex:a, [ex:b=])", 20, "a literal"),
        ("entity(ex:a, [ex:b=ex:c])", 20, "a literal"),
        ("entity(ex:a, [ex:b=1.5])", 20, "a literal"),
        ("entity(ex:a, [ex:b=true])", 20, "a literal"),
        ("entity(ex:a, [ex:b=1,])", 22, "a qualified name"),
        ("entity(ex:a, [ex:b=1 ex:c=2])", 22, '"," or "]"'),
        ("entity(ex:a [ex:b=1])", 13, '"," or ")"'),
        ("entity(ex:a, [ex:b=1], ex:c)", 22, '"," or ")"'),
        ('entity(ex:a, [ex:b="x" %% ])', 27, "a qualified name"),
        ('entity(ex:a, [ex:b="x" %% y:int])', 27, 'the prefix "y" of "y:int" is not declared'),
        ('entity(ex:a, [ex:b="x"@])', 23, "a language tag"),
        ('entity(ex:a, [ex:b="x"@e_n])', 25, None),
        ('entity(ex:a, [ex:b="y:x" %% xsd:QName])', 20, 'the prefix "y" of "y:x" is not declared'),
        ("entity(ex:a, [ex:b='y:x'])", 20, 'the prefix "y" of "y:x" is not declared'),
        ("entity(ex:a, [ex:b='a b'])", 20, "a qualified name"),
        ("entity(ex:a, [ex:b=''])", 20, "a qualified name"),
        ("entity(y:a)", 8, 'the prefix "y" of "y:a" is not declared'),
        ("entity(a)", 8, '"a" has no prefix and no default namespace is declared'),
        ("entity(_:a)", 8, None),
        ("entity(ex:a:b)", 12, None),
        ("entity(ex:a.)", 12, None),
        (r"entity(ex:a\b)", 12, None),
        ("entity(ex:a%zz)", 12, None),
        ("entity(ex:a b)", 13, None),
        ("entity(<http://x/>)", 8, "a qualified name"),
        ('entity(ex:a, [ex:b="\\x"])', 20, "unknown"),
        ('entity(ex:a, [ex:b="\\ud800"])', 20, "no Unicode character"),
        ('entity(ex:a, [ex:b="\\U00110000"])', 20, "no Unicode character"),
        ('entity(ex:a, [ex:b="\\u12"])', 20, "unknown"),
        ('entity(ex:a, [ex:b="x', 20, "does not end"),
        ("entity(ex:a, [ex:b='ex:x", 20, "does not end"),
        ("activity(ex:a, 2011-11-16, -)", 16, "a time"),
        ("activity(ex:a, 2011-13-16T00:00:00, -)", 16, "a time"),
        ("activity(ex:a, 2011-02-29T00:00:00, -)", 16, "a time"),
        ("activity(ex:a, 2011-01-01T25:00:00, -)", 16, "a time"),
        ("activity(ex:a, ex:b, -)", 16, "a time"),
        ("used(2011-01-01T00:00:00, ex:b, -)", 6, "a qualified name"),
        ("used()", 6, "a qualified name"),
        ("used(ex:a, ex:e, -, -)", 21, "3 arguments at most"),
        ("used(ex:a,)", 11, "a qualified name"),
        ("used(; ex:a)", 6, "a qualified name"),
        ("used(ex:a, ex:e, -, [prov:entity='ex:f'])", 22, "given by its position"),
        ('used(ex:a, -, -, [prov:entity="text"])', 19, "given by its position"),
        ("wasDerivedFrom(ex:a)", 20, "2 arguments at least"),
        ("hadMember(ex:c, {ex:a})", 17, "a qualified name"),
        ("hadMembers(ex:c)", 1, '"hadMembers" is no PROV-N statement'),
        ("y:r(ex:c)", 1, "not declared"),
        ("ex:r()", 6, "a qualified name"),
        ("ex:r(ex:a, {})", 13, None),
        ("ex:r((ex:a})", 11, None),
        ("ex:r(ex:a, [ex:b=1], ex:c)", 20, None),
        ("prov:derivedByInsertionFrom(ex:a, ex:b, {})", 42, '"(" was expected'),
        ('prov:derivedByInsertionFrom(ex:a, ex:b, {"k"})', 42, '"(" was expected'),
        ('prov:derivedByRemovalFrom(ex:a, ex:b, {("k", ex:e)})', 40, "a literal"),
        ("prov:hadDictionaryMember(ex:a, ex:e, ex:k)", 38, "a literal"),
        ("bundle ex:b entity(ex:a)", None, "endBundle"),
        ("bundle ex:b bundle ex:c endBundle endBundle", 13, "a bundle inside a bundle"),
        ("bundle y:b endBundle", 8, 'the prefix "y" of "y:b" is not declared'),
        ("bundle endBundle", 8, None),
        ("prefix y <http://y/> entity(y:a) prefix z <http://z/>", 34, "a statement, a bundle or"),
        ("prefix y http://y/", 10, "an IRI"),
        ("prefix y <>", 10, "an IRI that is not empty"),
        ("prefix y <http://y z/>", 10, "an IRI"),
        ("prefix y <\\u0020>", 10, "no IRI has"),
        ("prefix y:z <http://y/>", 8, "a prefix was expected"),
        ("prefix ex <http://y/>", 1, 'the prefix "ex" is declared twice'),
        ("prefix prov <http://y/>", 1, 'the prefix "prov" is reserved'),
        ("prefix xsd <http://y/>", 1, 'the prefix "xsd" is reserved'),
        ("default <http://y/> default <http://z/>", 21, "the default namespace is declared twice"),
        ("endDocument entity(ex:a)", 13, 'nothing after "endDocument"'),
        ("/* comment", 1, "does not end"),
        ("\x00", 1, "a statement, a bundle or"),
        ("entity(ex:a\x00)", 12, None),
    ],
)
def test_a_mistake_is_refused_at_its_place(line, column, message):
    error = refused(f"document\nprefix ex <{EX}>\n{line}\nendDocument")
    assert message is None or message in error.message
    if column is not None:
        assert error.where == f"a.provn:3:{column}"


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b"", "a.provn:1:1"),
        (b"   ", "a.provn:1:4"),
        (b"document", "a.provn:1:9"),
        (b"{}", "a.provn:1:1"),
        (b"endDocument", "a.provn:1:1"),
        (b"document\r\rendDocument\n\nx", "a.provn:5:1"),
        (b"document\n  \xff endDocument", "a.provn:2:3"),
        (b"document\n  \xe2\x82", "a.provn:2:3"),
        ("document endDocument".encode("utf-16"), "a.provn:1:1"),
    ],
)
def test_no_document_at_all_is_refused_at_its_place(data, where):
    assert refused(data).where == where


MANY = 1_000_000


@pytest.mark.parametrize(
    "line",
    [
        "ex:r(" * 100_000,
        "ex:r(" + "(" * 100_000,
        "ex:r(" + "{" * 65 + "ex:a" + "}" * 65 + ")",
        "(" * MANY,
        '"' + "x" * MANY,
        'entity(ex:a, [ex:b="' + "x" * MANY,
        'entity(ex:a, [ex:b="""' + '""x\\"' * (MANY // 5),
        "entity(ex:a, [ex:b='" + "x" * MANY,
        "entity(" + "a" * MANY + ")",
        "entity(" + "a." * (MANY // 2) + ")",
        "entity(ex:" + "." * MANY + ")",
        "entity(ex:a" + "\\" * MANY + ")",
        "entity(ex:a" + "%" * MANY + ")",
        "entity(ex:a, [ex:b=" + "9" * MANY + "])",
        "entity(ex:a, [ex:b=" + "-" * MANY + "])",
        "activity(ex:a, " + "1" * MANY + "-01-01T00:00:00, -)x",
        "activity(ex:a, 2011-01-01T00:00:00." + "1" * MANY + "x, -)",
        "/*" + "*" * MANY,
        "/" * MANY + "\n(",
        "<" * MANY,
        "prefix y <" + "x" * MANY,
        "\u00a0" * MANY,
    ],
    ids=lambda line: line[:24].encode("ascii", "replace").decode(),
)
def test_hostile_input_is_refused(line):
    error = refused(document(line))
    assert error.where.startswith("a.provn:")
    assert len(error.message) < 500


def test_long_tokens_are_read_when_they_are_right():
    assert len(value_of('"' + "x" * MANY + '"')[1]) == MANY
    assert len(value_of('"""' + '"x' * MANY + '"""')[1]) == 2 * MANY
    (long,) = read(document("entity(ex:" + "a." * 500_000 + "a)"))
    assert long.statement.identifier == EX + "a." * 500_000 + "a"
    assert len(read(document("/* " + "x\n" * MANY + "*/ entity(ex:a)"))) == 1


def test_nesting_is_allowed_to_64_levels():
    def nested(levels):
        return document("ex:r(" + "{" * (levels - 2) + "ex:a" + "}" * (levels - 2) + ")")

    assert refused(nested(64)) is None
    assert "64 levels" in refused(nested(65)).message


def test_a_number_of_4300_digits_is_read_and_a_longer_one_refused():
    assert value_of("9" * 4300)[1] == "9" * 4300
    assert "4300 digits" in refused(document(f"entity(ex:a, [ex:b={'9' * 4301}])")).message


def test_a_mistake_far_from_the_end_is_refused_without_reading_on():
    class Counting(io.BytesIO):
        read_bytes = 0

        def read(self, size=-1):
            data = super().read(size)
            self.read_bytes += len(data)
            return data

    stream = Counting((document("entity(ex:a, nonsense)") + "entity(ex:a) " * 1_000_000).encode())
    assert refusal_of(PROV_N, b"") is not None
    found = PROV_N.read(stream, source="a.provn")
    looked_over = stream.read_bytes
    with pytest.raises(Exception, match="0 arguments"):
        next(found.assertions)
    assert stream.read_bytes - looked_over < 2_000_000
