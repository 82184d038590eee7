"""A template is named by words and slashes, so that no name leads out of its folder."""

from __future__ import annotations

import pytest

from provstore.errors import UsageError
from provstore.graph.templates import template_path


def test_a_name_is_a_path_below_the_queries():
    assert template_path("lineage/nodes_by_iri") == "queries/lineage/nodes_by_iri"


@pytest.mark.parametrize("name", ["", "../schema/graph", "/etc/passwd", "a//b", "a/", "A", "a.sql", "a\n", "a b"])
def test_what_is_no_name_is_refused(name):
    with pytest.raises(UsageError):
        template_path(name)
