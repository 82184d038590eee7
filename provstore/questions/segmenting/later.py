"""Sequences and mappings that are made when they are first looked at, and then equal to those that they stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar, overload

Item = TypeVar("Item")
Key = TypeVar("Key")
Made = TypeVar("Made")


class _Later(Generic[Made]):
    """Args: make: makes what this stands for; called at the first look, once."""

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], Made]):
        self._make: Callable[[], Made] | None = make

    @property
    def made(self) -> Made:
        """What this stands for."""
        if self._make is not None:
            self._made = self._make()
            self._make = None  # and what it was made of may go
        return self._made

    def __repr__(self) -> str:
        return repr(self.made)


class LaterTuple(_Later[tuple[Item, ...]], Sequence[Item]):
    """A tuple that is made later."""

    __slots__ = ()

    @overload
    def __getitem__(self, place: int) -> Item: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Item, ...]: ...
    def __getitem__(self, place: int | slice) -> Item | tuple[Item, ...]:
        return self.made[place]

    def __len__(self) -> int:
        return len(self.made)

    def __iter__(self) -> Iterator[Item]:
        return iter(self.made)

    def __eq__(self, other: object) -> bool:
        return self.made == (other.made if isinstance(other, LaterTuple) else other)

    def __hash__(self) -> int:
        return hash(self.made)


class LaterMapping(_Later[Mapping[Key, Item]], Mapping[Key, Item]):
    """A mapping that is made later."""

    __slots__ = ()

    def __getitem__(self, key: Key) -> Item:
        return self.made[key]

    def __len__(self) -> int:
        return len(self.made)

    def __iter__(self) -> Iterator[Key]:
        return iter(self.made)

    def __contains__(self, key: Any) -> bool:
        return key in self.made
