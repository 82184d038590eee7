"""YAML of other programs, read strictly: plain values only, and none that grows far beyond the text it is written in.

In: the bytes of one YAML document. Out: plain Python values. Refused: tags of objects, aliases that repeat each other
until the value is huge, aliases of what they stand in. Source: YAML 1.1.
"""

from __future__ import annotations

from typing import Any, Final

from provstore.errors import BadInput

# Characters and items that the value of one document may have once its aliases are written out.
MAX_SIZE: Final = 16 * 1024 * 1024


def loads(content: bytes, *, where: str) -> Any:
    """The value of one YAML text; only plain values are made.

    Args: where: the file, for messages.
    Raises: BadInput: with `where` as `file:line:column` where YAML tells.
    """
    import yaml

    # Written in C where it is built; either makes plain values only.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(content)
    try:
        node = loader.get_single_node()
        if node is None:
            return None
        _check(node, {}, where)
        return loader.construct_document(node)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        place = getattr(error, "problem_mark", None)
        raise BadInput(
            f"no YAML: {getattr(error, 'problem', None) or error}",
            where=f"{where}:{place.line + 1}:{place.column + 1}" if place else where,
        ) from error
    finally:
        loader.dispose()


def _check(node: Any, sizes: dict[int, int | None], where: str) -> int:
    """The size of a node with its aliases written out. Raises: BadInput: it is too large, or without end.

    Args: sizes: of the nodes that were seen, by id; None: not known yet.
    """
    seen = sizes.get(id(node), 0)
    if seen is None:
        raise BadInput("a YAML alias refers to a node that contains it", where=f"{where}:{node.start_mark.line + 1}")
    if seen:
        return seen
    sizes[id(node)] = None
    if isinstance(node.value, str):
        size = 1 + len(node.value)
    else:
        inner = (part for item in node.value for part in (item if isinstance(item, tuple) else (item,)))
        size = 1 + sum(_check(part, sizes, where) for part in inner)
    if size > MAX_SIZE:
        raise BadInput(f"aliases make a value of more than {MAX_SIZE:,} characters of it", where=where)
    sizes[id(node)] = size
    return size
