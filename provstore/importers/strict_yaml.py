"""YAML of other programs, read strictly: plain values only, and none that grows far beyond the text it is written in.

In: the bytes of one YAML document. Out: plain Python values. Refused: tags of objects, duplicate keys, integers of more
than 1,000 digits, nesting deeper than 64, aliases that repeat each other until the value is huge, aliases of what they
stand in. Source: YAML 1.1.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final, NamedTuple

from provstore.errors import BadInput, printable
from provstore.importers.strict_json import MAX_DEPTH, MAX_DIGITS

# Characters and items that the value of one document may have once its aliases are written out.
MAX_SIZE: Final = 16 * 1024 * 1024
_INTEGER: Final = "tag:yaml.org,2002:int"
_MERGE: Final = "tag:yaml.org,2002:merge"
_TOO_LARGE: Final = 10**MAX_DIGITS
# No collection begins without one of them, in whatever encoding: a text with few of them needs no second reading.
_OPENERS: Final = (b"[", b"{", b"-", b"?", b":")
# Of a key, in a message.
_SHOWN: Final = 80
_TOO_DEEP: Final = f"nested deeper than {MAX_DEPTH} levels"
# What a constructor raises at a text that is not of the form that its tag says.
_MISFIT: Final = (ValueError, TypeError, AttributeError, LookupError, OverflowError)


def loads(content: bytes, *, where: str) -> Any:
    """The value of one YAML text; only plain values are made.

    Args: where: the file, for messages.
    Raises: BadInput: with `where` as `file:line:column` where YAML tells.
    """
    import yaml

    loader = None
    try:
        _check_depth(content, where)
        loader = _strict()(content)
        node = loader.get_single_node()
        if node is None:
            return None
        _Check(loader, where).measured(node)
        return loader.construct_document(node)
    except (yaml.YAMLError, RecursionError, *_MISFIT) as error:
        place = getattr(error, "problem_mark", None)
        raise BadInput(
            f"no YAML: {printable(getattr(error, 'problem', None) or error)}",
            where=f"{where}:{place.line + 1}:{place.column + 1}" if place else where,
        ) from error
    finally:
        if loader is not None:
            loader.dispose()


@cache
def _strict() -> Any:
    """The loader: written in C where it is built; either makes plain values only."""
    import yaml

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Strict(base):  # type: ignore[misc]
        """Refuses large integers, and tells the place of a text that is not of the form that its tag says."""

        def construct_object(self, node: Any, deep: bool = False) -> Any:
            """The value of a node."""
            is_integer = node.tag == _INTEGER
            # Before the conversion, whose time is the square of the length.
            if is_integer and len(node.value) > MAX_DIGITS:
                raise _refused(node)
            try:
                value = super().construct_object(node, deep=deep)
            except _MISFIT as error:
                said = f"this is no {node.tag.rpartition(':')[2]}"
                raise yaml.constructor.ConstructorError(None, None, said, node.start_mark) from error
            if is_integer and abs(value) >= _TOO_LARGE:
                raise _refused(node)
            return value

    def _refused(node: Any) -> Exception:
        said = f"a number of more than {MAX_DIGITS} digits"
        return yaml.constructor.ConstructorError(None, None, said, node.start_mark)

    return Strict


def _check_depth(content: bytes, where: str) -> None:
    """Raises: BadInput: too deep. Nodes are composed by recursion in C, which no exception ends; events are not."""
    from yaml.events import CollectionEndEvent, CollectionStartEvent

    if sum(map(content.count, _OPENERS)) <= MAX_DEPTH:
        return
    parser, depth = _strict()(content), 0
    try:
        while parser.check_event():
            event = parser.get_event()
            if isinstance(event, CollectionStartEvent):
                depth += 1
                if depth > MAX_DEPTH:
                    raise BadInput(_TOO_DEEP, where=f"{where}:{_line(event)}")
            elif isinstance(event, CollectionEndEvent):
                depth -= 1
    finally:
        parser.dispose()


class _Measure(NamedTuple):
    """A node with its aliases written out: characters and items, and levels of nesting."""

    size: int
    depth: int


class _Check:
    """Checks the nodes of one document. Args: loader: makes the keys, so that equal ones are told."""

    def __init__(self, loader: Any, where: str) -> None:
        self._loader, self._where = loader, where
        # By id; None: not known yet.
        self._seen: dict[int, _Measure | None] = {}

    def measured(self, node: Any) -> _Measure:
        """The measure of a node. Raises: BadInput: too large, too deep, without end, or a key is given twice."""
        if id(node) in self._seen:
            return self._seen[id(node)] or self._refuse("a YAML alias refers to a node that contains it", node)
        self._seen[id(node)] = None
        found = _Measure(1 + len(node.value), 0) if isinstance(node.value, str) else self._collection(node)
        if found.size > MAX_SIZE:
            raise BadInput(f"aliases make a value of more than {MAX_SIZE:,} characters of it", where=self._where)
        if found.depth > MAX_DEPTH:
            self._refuse(f"aliases make a value of it that is {_TOO_DEEP}", node)
        self._seen[id(node)] = found
        return found

    def _collection(self, node: Any) -> _Measure:
        parts = [part for item in node.value for part in (item if isinstance(item, tuple) else (item,))]
        measures = [self.measured(part) for part in parts]
        self._check_keys([item[0] for item in node.value if isinstance(item, tuple)])
        return _Measure(1 + sum(one.size for one in measures), 1 + max((one.depth for one in measures), default=0))

    def _check_keys(self, keys: list[Any]) -> None:
        """Raises: BadInput: two keys are equal. What a key that is no text or number is refused by is the loader."""
        seen = set()
        for key in keys:
            if isinstance(key.value, str):
                name = key.value if key.tag == _MERGE else self._loader.construct_object(key)
                if name in seen:
                    self._refuse(f"the key {repr(name)[:_SHOWN]} is given twice in one mapping", key)
                seen.add(name)

    def _refuse(self, message: str, node: Any) -> Any:
        raise BadInput(message, where=f"{self._where}:{_line(node)}")


def _line(found: Any) -> int:
    """The line, from 1, on which a node or event begins."""
    return int(found.start_mark.line) + 1
