"""The generated sets of segments are what the benchmark says, and its plot shows every line."""

from __future__ import annotations

from xml.etree import ElementTree

from benchmarks.summarize import Setting, pipeline_runs
from benchmarks.sweeps import Sweep, plot
from provstore.questions.summarizing.dominating import tangled

SETTING = Setting(activities=12, segments=4)


def test_a_seed_makes_the_same_segments_each_time():
    assert pipeline_runs(SETTING, seed=3) == pipeline_runs(SETTING, seed=3)
    assert pipeline_runs(SETTING, seed=3) != pipeline_runs(SETTING, seed=4)


def test_segments_are_pipelines_from_one_raw_input_each_without_a_circle():
    graph = pipeline_runs(SETTING, seed=1)
    raw = [vertex for vertex, own in enumerate(graph.classes) if own == 0]
    activities = [vertex for vertex, own in enumerate(graph.classes) if own % 2]
    assert (len(raw), len(activities)) == (4, 48)
    assert all(graph.causes[activity] and graph.effects[activity] for activity in activities)
    assert not any(tangled(graph))
    # An entity has the class of the activity that made it.
    made = {(graph.classes[v], graph.classes[a]) for v, arcs in enumerate(graph.causes) for x, a in arcs if x == 1}
    assert all(entity == activity + 1 for entity, activity in made)


def test_the_plot_has_a_line_for_each_method_in_each_panel():
    sweeps = [Sweep(name, (1, 2, 3), {"one": (0, 0.5, 1), "a < b": (1, 1, 1)}) for name in ("n", "k")]
    picture = ElementTree.fromstring(plot(sweeps, "Ratio"))
    assert len(picture.findall("{*}polyline")) == 4
    assert "a < b" in {text.text for text in picture.findall("{*}text")}
