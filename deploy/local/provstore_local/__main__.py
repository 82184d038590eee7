"""`python -m provstore_local SERVER`: fetches, starts and stops a server that provstore can project into."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn

from provstore_local import KINDS, LocalServerError, Running, start

_LOOK_S = 1.0

_EXAMPLES = """\
examples:
  python -m provstore_local neo4j
  python -m provstore_local janusgraph-cassandra --folder ~/provstore-graph --port 8182
  python -m provstore_local neo4j gremlin janusgraph

servers:
"""


def main() -> int:
    """Runs the servers that are named until ctrl-C; tells of one that ends by itself."""
    listed = "\n".join(f"  {kind.name:22}{kind.title}" for kind in KINDS.values())
    parser = argparse.ArgumentParser(
        prog="python -m provstore_local",
        description=__doc__,
        epilog=_EXAMPLES + listed,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("servers", nargs="+", metavar="SERVER", choices=list(KINDS), help="one or more, see below")
    parser.add_argument("--folder", type=Path, help="keep the data here [default: a temporary folder]")
    parser.add_argument("--port", help="the port that clients use, for one server [default: a free one]")
    given = parser.parse_args()
    if given.port and len(given.servers) > 1:
        parser.error("--port is for one server")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        with ExitStack() as stack:
            settings = {"port": given.port} if given.port else {}
            servers = [_run(stack, name, given.folder, settings) for name in given.servers]
            print("ctrl-C stops everything", flush=True)
            _watch([one for server in servers for one in (*server.below, server)])
    except KeyboardInterrupt:
        return 0
    except LocalServerError as error:
        print(f"provstore_local: {error}", file=sys.stderr)
        return 1
    return 0


def _run(stack: ExitStack, name: str, folder: Path | None, settings: dict[str, str]) -> Running:
    print(f"starting {KINDS[name].title} ...", flush=True)
    server = stack.enter_context(start(name, folder / name if folder else None, **settings))
    if KINDS[name].conf == "neo4j":
        print(f"  export PROVSTORE_GRAPH_USER=neo4j PROVSTORE_GRAPH_PASSWORD={server.password}")
    if KINDS[name].conf == "postgres":
        print(f"  export PROVSTORE_STORE_PASSWORD={server.password}")
        print(f"  provstore --store {server.url} demo", flush=True)
    else:
        print(f"  provstore --graph {server.url} graph status", flush=True)
    return server


def _watch(servers: list[Running]) -> NoReturn:
    while True:
        time.sleep(_LOOK_S)
        for server in servers:
            if failure := server.ended():
                print(f"provstore_local: {failure}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
