"""Settings: a flag beats an environment variable, that beats the file, that beats the default.

The file is `provstore.toml` in the working directory, else `~/.config/provstore/config.toml`; environment names are
`PROVSTORE_` and the setting's name in capitals. A password may stand in a file that `PROVSTORE_..._FILE` names. The
settings of the service stand in the file's section `[server]`, and in the environment as `PROVSTORE_SERVER_` and the
name.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final, Literal, get_args

from provstore.errors import BadInput, UsageError

# Whether what is taken in is validated: not at all; findings are kept; what is not valid is left out.
Strictness = Literal["off", "warn", "refuse"]
STRICTNESS: Final[tuple[Strictness, ...]] = get_args(Strictness)

# Never shown.
SECRETS = frozenset({"graph_password", "store_password"})
# Parts of the file that others read.
SECTIONS = frozenset({"server"})
CONFIG_FILES = (Path("provstore.toml"), Path("~/.config/provstore/config.toml"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting with its default.

    `store`: location of the ledger. `graph`: location of the graph engine, "" = in the store itself. `space`: where
    documents lie (rule 6). `actor`: who acts, "" = user@host. `busy_timeout_s`: how long a writer waits for others.
    `graph_user`, `graph_password`: for a graph server, `store_password`: for that of a ledger; never in a location,
    which is shown.
    `validate`: whether what is taken in is validated (Strictness), "" = off for `ingest`, warn for `import`.
    """

    store: str = "provstore.db"
    graph: str = ""
    space: str = "default"
    actor: str = ""
    busy_timeout_s: float = 60.0
    graph_user: str = ""
    graph_password: str = field(default="", repr=False)
    store_password: str = field(default="", repr=False)
    validate: str = ""

    def who(self) -> str:
        """The actor: the setting, else `user@host` (rule 11)."""
        if self.actor:
            return self.actor
        import getpass  # only who writes acts
        import socket

        try:
            user = getpass.getuser()
        except (KeyError, OSError):  # a container's user that no file knows
            user = str(os.getuid())
        return f"{user}@{socket.gethostname()}"


@dataclass(frozen=True, slots=True)
class Origin:
    """A setting's value and where it comes from: `flag`, `environment NAME`, `file PATH` or `default`."""

    name: str
    value: object
    origin: str

    @property
    def shown(self) -> object:
        """The value as it may be shown: of a secret only whether there is one."""
        return "***" if self.name in SECRETS and self.value else self.value


def strictness(given: str) -> Strictness:
    """The strictness of that name. Raises: UsageError: there is none."""
    for known in STRICTNESS:
        if known == given:
            return known
    raise UsageError(f"validate is one of {', '.join(STRICTNESS)}, found {given!r}", where="validate")


def resolve(
    flags: Mapping[str, object],
    environment: Mapping[str, str] = os.environ,
    *,
    of: type[Any] = Settings,
    section: str = "",
) -> list[Origin]:
    """Every setting with its value and origin.

    Args: flags: settings given on the command line; None means not given. of: a dataclass whose fields are settings,
    each with its default. section: of the file, "" for its top.
    Raises: UsageError: a flag is no setting. BadInput: the file is no TOML, names an unknown setting, or a value has
    the wrong type; a file with a password cannot be read.
    """
    known = {setting.name for setting in fields(of)}
    for unknown in flags.keys() - known:
        raise UsageError(f"unknown setting {unknown!r}", next_step="Known: " + ", ".join(sorted(known)))
    path, from_file = _read_file(of, section)
    found = []
    for setting in fields(of):
        name, default = setting.name, setting.default
        shown = f"{section}.{name}" if section else name
        variable = "_".join(filter(None, ("PROVSTORE", section, name))).upper()
        if flags.get(name) is not None:
            found.append(Origin(shown, flags[name], "flag"))
        elif variable in environment:
            value = _convert(environment[variable], default, variable)
            found.append(Origin(shown, value, f"environment {variable}"))
        elif name in SECRETS and (in_file := f"{variable}_FILE") in environment:
            found.append(Origin(shown, _secret(environment[in_file], in_file), f"environment {in_file}"))
        elif name in from_file:
            found.append(Origin(shown, _convert(from_file[name], default, f"{path}: {shown}"), f"file {path}"))
        else:
            found.append(Origin(shown, default, "default"))
    return found


def load(flags: Mapping[str, object] | None = None, environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings in force. Raises: as `resolve`."""
    return Settings(**{one.name: one.value for one in resolve(flags or {}, environment)})  # type: ignore[arg-type]


def _read_file(of: type[Any], section: str) -> tuple[Path | None, dict[str, object]]:
    for candidate in CONFIG_FILES:
        # Not Path.expanduser, which fails where nobody knows a home.
        path = Path(os.path.expanduser(candidate))
        if path.is_file():
            return path, _parse(path, of, section)
    return None, {}


def _parse(path: Path, of: type[Any], section: str) -> dict[str, object]:
    import tomllib  # most commands find no file of settings

    known = {setting.name for setting in fields(of)}
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"this is no TOML: {error}", where=str(path)) from error
    if section:
        content = content.get(section, {})
    for name in content.keys() - (frozenset() if section else SECTIONS):
        if name not in known:
            raise BadInput(f"unknown setting {name!r}", where=str(path), next_step="Known: " + ", ".join(sorted(known)))
    return content


def _secret(path: str, where: str) -> str:
    """The text of a file that holds a password, without the end of its line. Raises: BadInput."""
    try:
        return Path(path).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(
            f"the file with the password cannot be read: {getattr(error, 'strerror', None) or 'it is no UTF-8 text'}",
            where=f"{where}={path}",
            next_step="Name a file that holds the password alone, and that this user may read.",
        ) from error


def _convert(given: object, default: object, where: str) -> object:
    """The value of what was written, of the type that the default has. Raises: BadInput."""
    match default:
        case bool():
            return _yes_or_no(given, where)
        case int() | float():
            return _number(given, type(default), where)
        case tuple():
            return _words(given, where)
    if not isinstance(given, str):
        raise BadInput(f"expected text, found {given!r}", where=where)
    return given


def _yes_or_no(given: object, where: str) -> bool:
    words = {"true": True, "1": True, "false": False, "0": False}
    if str(given).lower() not in words:
        raise BadInput(f"expected true or false, found {given!r}", where=where)
    return words[str(given).lower()]


def _number(given: object, kind: type[int] | type[float], where: str) -> int | float:
    try:
        return kind(str(given))
    except ValueError:
        whole = "a whole number" if kind is int else "a number"
        raise BadInput(f"expected {whole}, found {given!r}", where=where) from None


def _words(given: object, where: str) -> tuple[str, ...]:
    """A list, or words separated by commas."""
    words = given.split(",") if isinstance(given, str) else given
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise BadInput(f"expected a list of words, found {given!r}", where=where)
    return tuple(word.strip() for word in words if word.strip())
