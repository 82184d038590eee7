"""The query templates of `queries/`: one route each under its own name, made from the template's header."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from provstore.errors import Denied
from provstore.questions.ask import Parameter, Template, all_templates
from provstore.server.access import Calling, Rows
from provstore.server.asking import answer
from provstore.server.roles import Action
from provstore.store.asking import Asking

router = APIRouter(tags=["templates"])
_LIST: Final = "/api/v1/ask"
# The embedded engine has every template; the other engines have those that they can answer.
TEMPLATES: Final = all_templates("sql")
_READ: Final[Action] = "read"
ACCESS: Final[Rows] = {f"GET {path}": _READ for path in (_LIST, *(f"{_LIST}/{one.question}" for one in TEMPLATES))}
_TYPES: Final = {"number": "number", "integer": "integer"}


@router.get(_LIST, summary="The query templates")
def templates(call: Calling) -> Response:
    """Their parameters, columns, and what they answer."""
    return answer(call, None, lambda asking: asking.templates().as_json())


def _route(template: Template) -> Callable[..., Response]:
    def ask(call: Calling) -> Response:
        given = {name: " ".join(call.request.query_params.getlist(name)) for name in call.request.query_params}
        return answer(call, None, lambda asking: _rows(asking, call, template.question, given), heavy=True)

    ask.__name__ = f"ask_{template.question}"
    return ask


def _rows(asking: Asking, call: Calling, question: str, given: dict[str, str]) -> dict[str, Any]:
    if call.caller.spaces is not None:
        raise Denied(
            "a template reads the whole graph, and you see some spaces only",
            where=question,
            next_step="Ask the question of that name, such as GET /api/v1/upstream/ID.",
        )
    return asking.ask(question, given).as_json()


def _parameter(one: Parameter) -> dict[str, Any]:
    bounds = {} if one.low is None else {"minimum": one.low, "maximum": one.high}
    default = {} if one.default is None else {"default": one.default}
    return {
        "name": one.name,
        "in": "query",
        "required": one.default is None,
        "description": str(one),
        "schema": {"type": _TYPES.get(one.type, "string"), **bounds, **default},
    }


for _template in TEMPLATES:
    router.add_api_route(
        f"{_LIST}/{_template.question}",
        _route(_template),
        methods=["GET"],
        summary=_template.answers,
        responses={200: {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Table"}}}}},
        openapi_extra={"parameters": [_parameter(one) for one in _template.parameters]},
    )
