"""Every example in the help of a verb that only asks gets an answer, on the records of the demo."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click

from provstore.cli.main import cli
from provstore.cli.verbs import VERBS

# In the order of the help: what `segment` keeps there, `summarize` and `export` name.
ASKING = (*VERBS["Ask"], *VERBS["Give out"], "backup", "check", "config", "copy", "documents", "graph", "verify")
DOCUMENT = "document\n prefix ex <http://example.org/>\n used(ex:training, ex:data, -)\nendDocument\n"
# Files of the reader's own.
OWN = {"own.sql": "SELECT 1", "run.provn": DOCUMENT, "run2.provn": DOCUMENT, "after.provn": DOCUMENT}
COPIES = ("run.json", "run1.json", "before.json")
# What is said to be found is found.
CODES = {"leakage": 1}


def examples(verb):
    """Its example lines as words; what stands for an identifier or a server of the reader's is no example to run."""
    text = cli.get_command(click.Context(cli), verb).help
    lines = re.findall(rf"^ *provstore ({verb}\b.*)$", text.partition("\b\n")[2], re.M)
    return [shlex.split(line) for line in lines if "..." not in line and "postgresql://" not in line]


def as_a_shell_has_it(word):
    return sorted(map(str, Path().glob(word))) if word.startswith("*") else [word]


def test_every_example_of_a_question_is_answered(provstore, tmp_path):
    assert provstore("demo").code == 0
    for name, text in OWN.items():
        (tmp_path / name).write_text(text)
    for name in COPIES:
        assert provstore("convert", "run.provn", name).code == 0
    wrong, run = [], set()
    for verb in ASKING:
        for words in examples(verb):
            run.add(verb)
            done = provstore(*(name for word in words for name in as_a_shell_has_it(word)))
            if done.code != CODES.get(verb, 0):
                wrong.append((words, done.code, done.err))
    assert wrong == []
    assert set(ASKING) - run == {"check"}


def test_an_example_is_what_the_help_shows():
    assert examples("path") == [["path", "mlflow:model/churn/3", "sha256:bc9ad99a"]]
