"""The segments of a summary, as their names say: kept under a name, or between two entities.

A segment that is kept is for those who see all that it was made of: its criteria name elements, and its size tells of
them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from provstore.errors import Ambiguous, NotFound, UsageError
from provstore.questions.segment import Segment
from provstore.questions.segmenting.remaking import members_digest, remade
from provstore.server.access import Call
from provstore.server.seeing import Seen
from provstore.store.asking import Asking
from provstore.store.segments import Saved, made_again, saved

_BETWEEN: Final = ".."


def named(call: Call, asking: Asking, kept_in: str, name: str, as_of: str | None) -> Segment:
    """The segment `SRC..DST`, or the one that is kept under that name in a space.

    Args: asking: the caller's view. as_of: of one that is kept: None: as it was saved, else as of that entry or time.
    Raises: NotFound: none is kept under this name that the caller sees whole. UsageError: this is no name. Otherwise
    as `segment`.
    """
    src, between, dst = name.partition(_BETWEEN)
    if between and not (src and dst):
        raise UsageError(f"expected SRC..DST, found {name[:100]!r}", where="segment")
    if between:
        return asking.segment([src], [dst], as_of=as_of)
    kept = saved(asking.ledger, kept_in, name)
    if isinstance(asking, Seen) and call.caller.spaces is not None:
        whole = _seen_whole(asking, kept, name)
        if as_of is None:
            return whole
    return made_again(asking, kept, as_of=as_of)


def are_kept(names: Sequence[str] | None) -> bool:
    """True when one of them is kept under its name."""
    return any(_BETWEEN not in name for name in names or ())


def space_of_kept(call: Call, named: str | None) -> str:
    """The space in which segments are looked up: the named one, else the caller's only one, else the default.

    Raises: NotFound: the caller has no such space. UsageError: it has several, and none is named.
    """
    try:
        return call.caller.space_to_write(named, call.service.settings.space)
    except UsageError:
        raise UsageError(
            "name the space in which the segment is kept", where="kept_in", next_step="Add &kept_in=NAME."
        ) from None


def words(given: Sequence[str] | None) -> list[str]:
    """The attributes of `keys`, which may also stand in one, with commas between them; none: `type`."""
    return [word for one in given or () for word in one.split(",")] or ["type"]


def _seen_whole(asking: Seen, kept: Saved, name: str) -> Segment:
    """The segment as it was saved. Raises: NotFound: something of it is hidden, or was erased since; nothing is told of
    what."""
    nowhere = NotFound(
        "no segment that you see whole is saved under this name",
        where=name,
        next_step="See all of your spaces: ask without ?space, and name the one where it is kept with ?kept_in.",
    )
    try:
        found = remade(asking.reader(kept.as_of), asking.prefixes, kept.criteria, kept.as_of)
    except (NotFound, Ambiguous):
        raise nowhere from None
    if members_digest(found) != kept.members_sha256:
        raise nowhere
    return found
