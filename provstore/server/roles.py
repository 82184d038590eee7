"""Who may do what: four roles, and a caller who has one of them in some spaces.

The whole of the access rules is the table `ROLES` and the rows of the routes (`routes.registry`); what is in neither is
denied. Source: rule 6 (spaces), rule 25 (what a caller sees).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from provstore.errors import Denied, NotFound, UsageError

# `open`: needs no token. `operate`: figures and checks of the whole store, so only for callers who see every space.
Action = Literal["open", "read", "export", "write", "audit", "operate", "administer"]
Role = Literal["reader", "writer", "auditor", "admin"]
ACTIONS: Final[tuple[Action, ...]] = get_args(Action)

ROLES: Final[Mapping[Role, frozenset[Action]]] = {
    "reader": frozenset({"read", "export"}),
    "writer": frozenset({"read", "export", "write"}),
    "auditor": frozenset({"read", "export", "audit", "operate"}),
    "admin": frozenset({"read", "export", "write", "audit", "operate", "administer"}),
}
_NAMELESS: Final = "a space has a name"
# Actions whose answers are about the whole store.
WHOLE: Final[frozenset[Action]] = frozenset({"operate", "administer"})


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a name, a role, and the spaces that it is for (None: every space)."""

    name: str
    role: Role
    spaces: frozenset[str] | None

    def may(self, action: Action) -> bool:
        """True when the role allows the action and, where the answer is about the whole store, the spaces do."""
        return action in ROLES[self.role] and (self.spaces is None or action not in WHOLE)

    def require(self, action: Action) -> None:
        """Raises: Denied: the caller may not do that."""
        if not self.may(action):
            of = "" if self.spaces is None or action not in ROLES[self.role] else " of some spaces only"
            raise Denied(
                f"a token of the role {self.role}{of} may not {action}",
                next_step="Ask an administrator for a token that may: provstore token create.",
            )

    def view(self, space: str | None = None) -> frozenset[str] | None:
        """The spaces that a question of this caller sees; `space` limits it to one (None: all spaces).

        Raises: NotFound: the caller has no such space, whether there is one or not.
        """
        if space is None:
            return self.spaces
        self.require_space(space)
        return frozenset({space})

    def require_space(self, space: str) -> None:
        """Raises: NotFound: the caller has no such space, whether there is one or not. UsageError: it has no name."""
        if not space:
            raise UsageError(_NAMELESS, where="space")
        if self.spaces is not None and space not in self.spaces:
            raise NotFound("you have no space of this name", where=space)

    def space_to_write(self, space: str | None, default: str) -> str:
        """The space that a document goes to: the named one, else the caller's only one, else the default.

        Raises: NotFound: the caller has no such space. UsageError: it has several, and none is named.
        """
        if space is None and self.spaces is not None and default not in self.spaces:
            if len(self.spaces) > 1:
                raise UsageError("name the space to write to", where="space", next_step="Add ?space=NAME.")
            return next(iter(self.spaces))
        chosen = default if space is None else space
        self.require_space(chosen)
        return chosen


def role(word: str) -> Role:
    """The role of that name. Raises: UsageError: there is none."""
    for known in ROLES:
        if known == word:
            return known
    raise UsageError(f"expected one of {', '.join(ROLES)}, found {word!r}", where="role")


def limited(spaces: Collection[str]) -> frozenset[str] | None:
    """The spaces of a token, as given: none or `*` means every space. Raises: UsageError: an empty name."""
    if any(not space for space in spaces):
        raise UsageError(_NAMELESS, where="space")
    return None if not spaces or "*" in spaces else frozenset(spaces)
