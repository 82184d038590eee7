"""What calls change in records of several kinds alike: a call's arguments come in, the change of a record goes out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from provstore.importers.mlflow.records import Experiment, ModelVersion, RegisteredModel
from provstore.server.mlflow.requests import Arguments

Tagged = TypeVar("Tagged", Experiment, RegisteredModel, ModelVersion)
Registered = TypeVar("Registered", RegisteredModel, ModelVersion)


def with_tag(given: Arguments) -> Callable[[Tagged], Tagged]:
    """It has the tag that is given."""
    key, value = given.key(), given.value()

    def change(record: Tagged) -> Tagged:
        return replace(record, tags={**record.tags, key: value})

    return change


def without_tag(given: Arguments) -> Callable[[Registered], Registered]:
    """It has not the tag of the key that is given; that it was not there is no error."""
    key = given.key()

    def change(record: Registered) -> Registered:
        return replace(record, tags={name: value for name, value in record.tags.items() if name != key})

    return change


def with_description(given: Arguments) -> Callable[[Registered], Registered]:
    """It has the description that is given."""
    text = given.value("description")

    def change(record: Registered) -> Registered:
        return replace(record, description=text)

    return change
