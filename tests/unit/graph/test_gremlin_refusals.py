"""What a Gremlin server says of its storage becomes an error that tells whether to try again later."""

from __future__ import annotations

import pytest
from gremlin_python.driver.protocol import GremlinServerError

from provstore.errors import BackendUnavailable
from provstore.graph import gremlin_errors
from provstore.graph.gremlin_errors import Refused

CASSANDRA = "com.datastax.oss.driver.api.core"


def refusal(*causes):
    """Of the error of status 500 that the server makes of an exception and its causes."""
    said = {"code": 500, "message": "Exception in JanusGraph", "attributes": {"exceptions": list(causes)}}
    return gremlin_errors.refusal("127.0.0.1:9/g", GremlinServerError(said))


@pytest.mark.parametrize(
    "cause",
    [
        f"{CASSANDRA}.servererrors.ReadTimeoutException",
        f"{CASSANDRA}.servererrors.WriteTimeoutException",
        f"{CASSANDRA}.servererrors.UnavailableException",
        f"{CASSANDRA}.DriverTimeoutException",
        f"{CASSANDRA}.AllNodesFailedException",
        "org.janusgraph.diskstorage.TemporaryBackendException",
    ],
)
def test_a_storage_that_lacks_a_node_is_away(cause):
    assert isinstance(refusal("org.janusgraph.core.JanusGraphException", cause), BackendUnavailable)


def test_what_the_server_cannot_do_at_all_is_refused():
    assert isinstance(refusal("java.lang.UnsupportedOperationException"), Refused)
