"""The answers of the command line on a story worked by hand: raw -> clean -> model -> report."""

from __future__ import annotations

import json

import pytest

EX = "http://example.org/"


def names(answer):
    return [node["iri"].removeprefix(EX) for node in answer["nodes"]]


def test_upstream_is_what_it_was_made_from_nearest_first(stored):
    answer = stored("upstream", "ex:model", "--json").json
    assert [(node["iri"].removeprefix(EX), node["depth"]) for node in answer["nodes"]] == [
        ("model", 0),
        ("training", 1),
        ("clean", 2),
        ("cleaning", 3),
        ("raw", 4),
    ]
    assert answer["counts"] == {"nodes": 5, "edges": 4}
    assert (answer["truncated"], answer["incomplete"], answer["as_of"]) == (None, False, None)


def test_an_edge_points_from_effect_to_cause_and_has_its_role(stored):
    answer = stored("upstream", "ex:model", "--json").json
    (edge,) = [edge for edge in answer["edges"] if edge["target"] == EX + "clean"]
    assert (edge["relation"], edge["source"], edge["role"]) == ("used", EX + "training", "training")
    assert edge["inferred"] is False


def test_downstream_is_the_inverse(stored):
    assert set(names(stored("downstream", "ex:raw", "--json").json)) == {
        "raw", "cleaning", "clean", "training", "model", "report",
    }  # fmt: skip


@pytest.mark.parametrize(("depth", "count"), [(0, 1), (1, 2), (2, 3), (4, 5), (9, 5)])
def test_depth_n_means_n_and_a_cut_says_so(stored, depth, count):
    answer = stored("upstream", "ex:model", "--depth", depth, "--json").json
    assert answer["counts"]["nodes"] == count
    assert (answer["truncated"] is not None) == (depth < 4)


def test_agents_come_when_asked_for(stored):
    assert "ada" not in names(stored("upstream", "ex:model", "--json").json)
    assert "ada" in names(stored("upstream", "ex:model", "--agents", "--json").json)


def test_a_label_names_an_element_when_it_is_unique(stored):
    assert stored("show", "report", "--json").json["iri"] == EX + "report"


def test_show_tells_the_statements_in_prov_n_and_who_said_them(stored):
    element = stored("show", "ex:training", "--json").json
    texts = [statement["text"] for statement in element["statements"]]
    assert any(text.startswith("used(ex:training, ex:clean") for text in texts)
    assert element["attributes"]["ps:metric.accuracy"] == 0.93
    assert all(statement["documents"] for statement in element["statements"])


def test_find_answers_an_expression(stored):
    found = stored("find", "kind = activity and ps:metric.accuracy > 0.9", "--json").json
    assert names(found) == ["training"]
    assert (found["next"], found["total"]) == (None, 1)


def test_find_pages_by_cursor_without_gap_or_repeat(stored):
    seen, cursor = [], None
    while True:
        page = stored("find", "--limit", 4, "--json", *(["--cursor", cursor] if cursor else [])).json
        seen += names(page)
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == sorted(seen)
    assert len(seen) == len(set(seen)) == 9


def test_as_of_an_earlier_entry_answers_what_was_known_then(stored, tmp_path):
    import json

    later = tmp_path / "later.json"
    later.write_text(
        json.dumps(
            {
                "prefix": {"ex": EX},
                "used": {"_:x": {"prov:activity": "ex:training", "prov:entity": "ex:weights"}},
            }
        )
    )
    assert stored("ingest", later).code == 0
    assert "weights" in names(stored("upstream", "ex:model", "--json").json)
    then = stored("upstream", "ex:model", "--as-of", 1, "--json").json
    assert "weights" not in names(then)
    assert then["as_of"] == 1


@pytest.mark.parametrize("as_of", ["2", "99", "9" * 30, "2999-01-01"])
def test_as_of_what_is_not_yet_stored_is_as_of_the_last_entry(stored, as_of):
    assert stored("find", "--as-of", as_of, "--json").json["as_of"] == 1
    assert stored("upstream", "ex:model", "--as-of", as_of, "--json").json["as_of"] == 1


def test_blame_names_the_source(stored, story):
    answer = stored("blame", "ex:training", "ps:metric.accuracy", "--json").json
    (row,) = answer["rows"]
    assert str(story) in row


def test_history_lists_the_entry(stored):
    assert len(stored("history", "ex:model", "--json").json["rows"]) == 1


def test_leakage_is_exit_code_1_with_the_path(stored):
    assert stored("leakage", "ex:model", "ex:raw", "--json").code == 1
    assert stored("leakage", "ex:clean", "ex:report", "--json").code == 0


@pytest.mark.parametrize("rendering", ["tree", "table", "csv", "dot", "mermaid", "svg", "html"])
def test_an_answer_is_written_in_every_rendering(stored, rendering):
    done = stored("upstream", "ex:model", "--format", rendering)
    assert done.code == 0
    assert "clean" in done.out


@pytest.mark.parametrize(
    "words", [["upstream", "ex:model"], ["find"], ["segment", "--src", "ex:raw", "--dst", "ex:model"]]
)
def test_an_answer_that_cannot_be_written_is_no_bug(stored, tmp_path, words):
    for place in (tmp_path / "nowhere" / "answer.json", tmp_path):
        done = stored(*words, "-o", place, "--json")
        assert (done.code, done.error["where"]) == (4, str(place))
        assert "cannot be written" in done.error["message"]


def test_an_answer_that_cannot_be_drawn_leaves_the_file_as_it_was(stored, tmp_path):
    (tmp_path / "answer.svg").write_text("older")
    assert stored("find", "-o", tmp_path / "answer.svg").code == 2
    assert (tmp_path / "answer.svg").read_text() == "older"


def test_an_export_replaces_files_and_nothing_else(stored, tmp_path):
    (tmp_path / "link").symlink_to("/dev/null")
    for place in (tmp_path / "nowhere" / "all.provn", tmp_path, tmp_path / "link"):
        done = stored("export", "prov-n", "-o", place, "--json")
        assert (done.code, done.error["where"]) == (4, str(place))
    assert (tmp_path / "link").is_symlink()


def test_a_file_of_an_unknown_ending_is_told_what_is_in_it(stored, tmp_path):
    said = stored("upstream", "ex:model", "-o", tmp_path / "answer.png").err
    assert said.endswith("answer.png as a tree: no rendering has this ending\n")
    said = stored("upstream", "ex:model", "--format", "svg", "-o", tmp_path / "answer.picture").err
    assert said.endswith("answer.picture\n")


def test_an_exported_document_comes_back_equal(stored, tmp_path):
    target = tmp_path / "out.json"
    assert stored("export", "prov-json", "-o", target).code == 0
    again = stored("ingest", target, "--store", "other.db", "--json").json
    assert again["statements"] == 15
    assert stored("export", "prov-json", "--store", "other.db").code == 0


def test_a_copy_has_the_same_root(stored, tmp_path):
    root = stored("verify", "--json").json["root"]
    assert stored("copy", "provstore.db", tmp_path / "copy.db").code == 0
    assert stored("verify", "--json", "--store", tmp_path / "copy.db").json["root"] == root


def test_a_template_is_asked_with_prefixed_names(stored):
    answer = stored("ask", "shared", "a=ex:model", "b=ex:clean", "--json").json
    assert [row[0].removeprefix(EX) for row in answer["rows"]] == ["cleaning", "raw"]
    assert (answer["columns"], answer["truncated"]) == (["iri", "kinds"], None)


@pytest.mark.parametrize(
    "words", [["start=ex:model", "start=ex:raw"], ["start=ex:model", "agents=0", "start=ex:model"]]
)
def test_a_parameter_that_is_given_twice_is_refused(stored, words):
    done = stored("ask", "upstream", *words, "--json")
    assert (done.code, done.out, done.error["code"], done.error["where"]) == (2, "", "usage", words[-1])
    assert "start is given twice" in done.error["message"]


def test_several_names_are_given_with_blanks_between(stored):
    answer = stored("ask", "siblings", "members=ex:training ex:cleaning", "--json").json
    assert [row[0].removeprefix(EX) for row in answer["rows"]] == ["clean", "model"]


def test_a_query_of_ones_own_reads_the_graph_up_to_a_number_of_rows(stored, tmp_path):
    (tmp_path / "own.sql").write_text("SELECT iri FROM node ORDER BY iri", "utf-8")
    answer = stored("ask", "--sql", "own.sql", "--max-rows", 2, "--json").json
    assert answer["rows"] == [[EX + "ada"], [EX + "clean"]]
    assert answer["truncated"] == {"reason": "limit", "limit": 2, "remaining": None}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--sql", "writes.sql"), 2),
        (("--cypher", "writes.sql"), 2),
        (("--sql", "missing.sql"), 2),
        (("--sql", "latin.sql"), 4),
        (("upstream", "--sql", "writes.sql"), 2),
        (("--gremlin", "writes.sql", "--sql", "writes.sql"), 2),
    ],
)
def test_a_query_of_ones_own_that_cannot_be_run_is_refused(stored, tmp_path, words, code):
    (tmp_path / "writes.sql").write_text("DELETE FROM node", "utf-8")
    (tmp_path / "latin.sql").write_bytes("SELECT 'é'".encode("latin-1"))
    assert stored("ask", *words).code == code
    assert stored("find", "--json").json["total"] > 5


def test_an_attribute_that_nothing_has_is_told_beside_the_answer(stored, tmp_path):
    note = "no element has attribute 'metric.acuracy'; did you mean 'metric.accuracy'?"
    done = stored("find", "metric.acuracy > 0.9")
    assert (done.code, done.err) == (0, note + "\n")
    assert note not in done.out
    assert stored("find", "metric.acuracy > 0.9", "--json").json["notes"] == [note]
    assert "notes" not in stored("find", "metric.accuracy > 0.9", "--json").json
    assert stored("find", "metric.acuracy > 0.9", "--quiet").err == ""
    assert stored("find", "metric.acuracy > 0.9", "-o", tmp_path / "found.csv").err.count(note) == 1
    assert note in stored("segment", "--src", "raw", "--dst", "model", "--exclude", "metric.acuracy > 0.9").out


def test_a_persons_own_query_gives_json_that_every_reader_takes(stored, tmp_path):
    query = tmp_path / "own.sql"
    query.write_text("SELECT 9e999, -9e999, 0.5, x'ff00', NULL")

    def refuse(constant):
        raise AssertionError(constant)

    done = stored("ask", "--sql", query, "--json")
    assert json.loads(done.out, parse_constant=refuse)["rows"] == [["INF", "-INF", 0.5, "ff00", None]]


def test_a_template_that_its_limit_cut_says_so(stored):
    answer = stored("ask", "find", "kind=entity", "limit=2", "--json").json
    assert (len(answer["rows"]), answer["truncated"]) == (2, {"reason": "limit", "limit": 2, "remaining": None})
    assert stored("ask", "find", "kind=entity", "--json").json["truncated"] is None
    said = "Cut by limit at 2: how much is missing is not known."
    assert said in stored("ask", "find", "kind=entity", "limit=2").out
    assert said in stored("ask", "find", "kind=entity", "limit=2", "--format", "csv").err
    assert "Cut" not in stored("ask", "find", "kind=entity", "--format", "csv").err


def test_a_lineage_that_is_cut_says_so_beside_its_rows(stored):
    assert "Cut by depth at 1" in stored("upstream", "ex:model", "--depth", 1, "--format", "csv").err


def test_a_template_is_asked_with_a_label(stored):
    by_label = stored("ask", "upstream", "start=report", "--json").json
    assert by_label == stored("ask", "upstream", "start=ex:report", "--json").json
    assert [EX + "raw", 1] in by_label["rows"]
    done = stored("ask", "upstream", "start=twin", "--json")
    assert (done.code, done.error["code"]) == (3, "ambiguous")


@pytest.mark.parametrize("quiet", [False, True])
def test_a_graph_server_that_is_away_is_told_and_the_ledger_answers(stored, caplog, quiet):
    here = stored("upstream", "ex:model", "--json").json
    words = ["--graph", "gremlin://127.0.0.1:9", "upstream", "ex:model", "--json"]
    away = stored(*words, *(["--quiet"] if quiet else []))
    assert (away.code, away.json) == (0, here)
    assert [record.message.partition(";")[2] for record in caplog.records] == (
        [] if quiet else [" the ledger answers instead, which takes longer"]
    )


@pytest.mark.parametrize("question", [("impact", "start=ex:model"), ("--gremlin", "own.gremlin")])
def test_what_only_the_graph_answers_fails_when_its_server_is_away(stored, tmp_path, caplog, question):
    (tmp_path / "own.gremlin").write_text("g.V().project('n').by(id)")
    away = stored("--graph", "gremlin://127.0.0.1:9", "ask", *question, "--json")
    assert (away.code, away.error["code"]) == (5, "unavailable")
    assert not caplog.records
