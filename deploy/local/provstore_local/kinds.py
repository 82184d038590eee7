"""The servers, as data: what to fetch, how to start it, what it says when it is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from provstore_local import cql, probes

Settings = Mapping[str, str]
_OPENS_NEO4J: Final = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent", "java.lang")
_EXPORTS_CASSANDRA: Final = {
    "java.base": ("jdk.internal.misc", "jdk.internal.ref", "sun.nio.ch"),
    "java.management.rmi": ("com.sun.jmx.remote.internal.rmi",),
    "java.rmi": ("sun.rmi.registry", "sun.rmi.server", "sun.rmi.transport", "sun.rmi.transport.tcp"),
    "java.sql": ("java.sql",),
    "jdk.unsupported": ("sun.misc",),
}
_OPENS_CASSANDRA: Final = {
    "java.base": (
        "java.lang.module", "java.lang", "java.util", "java.util.concurrent", "java.util.concurrent.atomic", "java.nio",
        "java.io", "java.net", "sun.nio.ch", "jdk.internal.loader", "jdk.internal.ref", "jdk.internal.reflect",
        "jdk.internal.math", "jdk.internal.module", "jdk.internal.util.jar",
    ),
    "java.management.rmi": ("com.sun.jmx.remote.internal.rmi",),
    "java.rmi": ("sun.rmi.transport",),
    "jdk.management": ("com.sun.management.internal",),
    "jdk.management.jfr": ("jdk.management.jfr",),
}  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """One kind of server.

    Args: pom: of `poms/`. conf: folder of `conf/` whose files are templates. main: Java class, or program when it is
    `native`, with `arguments`.
    min_java: the oldest Java that runs it. ports: settings that get a free port each; `port` is the one that
    clients use. probe: raises until a query succeeds. url: how clients name it. first: a command that runs before the
    first start. settings: further values of the templates. needs: another kind that must run before; its settings are
    among this one's as `needed_...`. prepare: what is to be done there before this one starts. native: no Java.
    """

    name: str
    title: str
    pom: str
    conf: str
    main: str
    arguments: tuple[str, ...]
    probe: Callable[[Settings], None]
    url: str
    options: tuple[str, ...] = ()
    min_java: int = 17
    max_heap: str = "512m"
    ports: tuple[str, ...] = ("port",)
    first: tuple[str, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()
    needs: str | None = None
    prepare: Callable[[Settings], None] | None = None
    native: bool = False


def _all_unnamed(flag: str, packages: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(
        part for module, names in packages.items() for name in names for part in (flag, f"{module}/{name}=ALL-UNNAMED")
    )


def _neo4j(name: str, title: str, main: str, min_java: int) -> Kind:
    home = ("--home-dir=${folder}", "--config-dir=${folder}/conf")
    return Kind(
        name=name,
        title=title,
        pom=name,
        conf="neo4j",
        main=main,
        arguments=home,
        probe=probes.neo4j,
        url="bolt://127.0.0.1:${port}",
        options=("-Xms512m", "-XX:+UseG1GC", *_all_unnamed("--add-opens", {"java.base": _OPENS_NEO4J})),
        min_java=min_java,
        ports=("port", "http_port"),
        first=("org.neo4j.cli.AdminTool", "dbms", "set-initial-password", "${password}"),
    )


def _janusgraph(
    name: str,
    title: str,
    storage: str,
    needs: str | None = None,
    prepare: Callable[[Settings], None] | None = None,
    **settings: str,
) -> Kind:
    return Kind(
        name=name,
        title=title,
        pom="janusgraph",
        conf="janusgraph",
        main="org.janusgraph.graphdb.server.JanusGraphServer",
        arguments=("conf/server.yaml",),
        probe=probes.gremlin,
        url="janusgraph://127.0.0.1:${port}",
        options=("-Xms64m", "-XX:+UseSerialGC"),
        max_heap="1g",
        settings=(("storage", storage), *settings.items()),
        needs=needs,
        prepare=prepare,
    )


def _cassandra(name: str, title: str, address: str, options: tuple[str, ...], **given: Any) -> Kind:
    settings = {"address": address, "seeds": "127.0.0.1", **given.pop("settings")}
    return Kind(
        name=name,
        title=title,
        pom="cassandra",
        conf="cassandra",
        main="org.apache.cassandra.service.CassandraDaemon",
        arguments=(),
        probe=probes.cassandra,
        url="${address}:${port}",
        options=(
            "-javaagent:${jars}/jamm-0.4.0.jar", "-Xms256m", "-XX:+UseSerialGC", "-Xss512k",
            "-Dcassandra-foreground=yes", "-Dcassandra.superuser_setup_delay_ms=0", *options,
            "-Dcassandra.jmx.local.port=${jmx_port}",
            "-Djava.net.preferIPv4Stack=true", "-Djdk.attach.allowAttachSelf=true",
            *_all_unnamed("--add-exports", _EXPORTS_CASSANDRA), *_all_unnamed("--add-opens", _OPENS_CASSANDRA),
            "-Dcassandra.config=file:${folder}/conf/cassandra.yaml",
            "-Dlogback.configurationFile=${folder}/conf/logback.xml", "-Dcassandra.storagedir=${folder}/data",
        ),
        settings=tuple(settings.items()),
        **given,
    )  # fmt: skip


def _ring_node(name: str, title: str, number: int, needs: str | None = None) -> Kind:
    """The nodes have an address each; what listens there has the same ports on all."""
    shared = {key: f"${{needed_{key}}}" for key in _SHARED_PORTS} if needs else {}
    token = -(2**63) + (number - 1) * (2**64 // len(_RING))
    return _cassandra(
        name,
        title,
        _RING[number - 1],
        (),
        max_heap="384m",
        ports=("jmx_port",) if needs else (*_SHARED_PORTS, "jmx_port"),
        settings=shared | {"tokens": f'num_tokens: 1\ninitial_token: "{token}"\nhints_flush_period: 1000ms'},
        needs=needs,
    )


def _postgres(name: str, title: str) -> Kind:
    return Kind(
        name=name,
        title=title,
        pom=name,
        conf="postgres",
        main="postgres",
        arguments=("-D", "${folder}/data", "-c", "config_file=${folder}/conf/postgresql.conf"),
        probe=probes.postgres,
        url="postgresql://provstore@127.0.0.1:${port}/postgres",
        min_java=8,  # of Maven, which fetches it
        first=(
            "initdb", "-D", "${folder}/data", "-U", "provstore", "-A", "scram-sha-256", "--pwfile=${folder}/password",
            "-E", "UTF8", "--locale=C", "--no-instructions",
        ),
        native=True,
    )  # fmt: skip


_ON_BERKELEYDB: Final = """\
storage.backend=berkeleyje
storage.directory=${folder}/data
storage.berkeleyje.isolation-level=SERIALIZABLE"""
_ON_CASSANDRA: Final = """\
storage.backend=cql
storage.hostname=${hosts}
storage.port=${needed_port}
storage.cql.keyspace=provstore
storage.cql.local-datacenter=datacenter1
storage.cql.replication-factor=${replicas}
storage.cql.read-consistency-level=QUORUM
storage.cql.write-consistency-level=QUORUM
storage.cql.request-timeout=20000
storage.cql.max-requests-per-connection=16384"""
# One node has nobody to tell what was deleted.
_ON_ONE_NODE: Final = f"{_ON_CASSANDRA}\nstorage.cql.gc-grace-seconds=0"
_RING: Final = ("127.0.0.1", "127.0.0.2", "127.0.0.3")
_SHARED_PORTS: Final = ("port", "storage_port", "ssl_storage_port")

_ALL: Final = (
    _neo4j("neo4j", "Neo4j 5.26 LTS Community", "org.neo4j.server.CommunityEntryPoint", 17),
    _neo4j("neo4j-2026", "Neo4j 2026.08 Community", "org.neo4j.server.Neo4jCommunity", 21),
    Kind(
        name="gremlin",
        title="Gremlin Server 3.8 with a TinkerGraph (`g`) and a TinkerTransactionGraph (`gtx`)",
        pom="gremlin",
        conf="gremlin",
        main="org.apache.tinkerpop.gremlin.server.GremlinServer",
        arguments=("conf/server.yaml",),
        probe=probes.gremlin,
        url="gremlin://127.0.0.1:${port}",
        options=("-Xms64m", "-XX:+UseSerialGC"),
    ),
    _janusgraph("janusgraph", "JanusGraph 1.1 on BerkeleyDB", _ON_BERKELEYDB),
    _janusgraph(
        "janusgraph-cassandra", "JanusGraph 1.1 on Cassandra 5.0", _ON_ONE_NODE, needs="cassandra",
        hosts="127.0.0.1", replicas="1",
    ),
    _janusgraph(
        "janusgraph-cassandra-ring", "JanusGraph 1.1 on three nodes of Cassandra 5.0", _ON_CASSANDRA,
        needs="cassandra-ring", prepare=cql.make_tables, hosts=",".join(_RING), replicas="3",
    ),
    _cassandra(
        "cassandra", "Cassandra 5.0, one node", "127.0.0.1",
        ("-Dcassandra.ring_delay_ms=3000", "-Dcassandra.skip_wait_for_gossip_to_settle=0"),
        ports=(*_SHARED_PORTS, "jmx_port"), settings={"tokens": "num_tokens: 4"},
    ),
    _ring_node("cassandra-ring-1", "Cassandra 5.0, the first of three nodes", 1),
    _ring_node("cassandra-ring-2", "Cassandra 5.0, two of three nodes", 2, needs="cassandra-ring-1"),
    _ring_node("cassandra-ring", "Cassandra 5.0, three nodes", 3, needs="cassandra-ring-2"),
    _postgres("postgres", "PostgreSQL 18"),
    _postgres("postgres-15", "PostgreSQL 15"),
)  # fmt: skip
KINDS: Final[dict[str, Kind]] = {kind.name: kind for kind in _ALL}
