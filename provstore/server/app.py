"""The application: routes behind one door, surrounded by what holds for all of them.

In: a service. Out: an ASGI application.
"""

from __future__ import annotations

from typing import Any, Final

from fastapi import Depends, FastAPI
from starlette.middleware.cors import CORSMiddleware

from provstore import __version__
from provstore.server import middleware, problems
from provstore.server.access import enter
from provstore.server.openapi import describe
from provstore.server.packing import Packing
from provstore.server.routes import registry
from provstore.server.service import Service

# Paths that take any number of lines.
STREAMED: Final = ("/api/v1/events",)
# Where files are sent to.
FILES: Final = ("/mlflow/api/2.0/mlflow-artifacts/artifacts/",)


def create_app(service: Service) -> FastAPI:
    """The application of a service that is open; whoever opened it closes it.

    No route is added besides those of `routes.registry`, so that all of them depend on `access.enter`.
    """
    app = FastAPI(
        title="provstore",
        version=__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        dependencies=[Depends(enter)],
    )
    rows: dict[str, Any] = {}
    for module in registry.modules():
        app.include_router(module.router)
        rows.update(module.ACCESS)
    app.state.service = service
    app.state.access = rows
    problems.install(app)
    app.openapi = lambda: describe(app, rows)  # type: ignore[method-assign]
    _surround(app, service)
    return app


def _surround(app: FastAPI, service: Service) -> None:
    """Adds what surrounds the routes, the innermost first."""
    server = service.server
    app.add_middleware(middleware.Head)
    app.add_middleware(Packing)
    app.add_middleware(
        middleware.BodyLimit,
        max_bytes=server.max_body_bytes,
        streamed=STREAMED,
        max_stream_bytes=server.max_stream_bytes,
        files=FILES,
        max_file_bytes=server.max_artifact_bytes,
    )
    if server.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(server.cors_origins),
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key"],
        )
    app.add_middleware(middleware.KnownHosts, hosts=server.hosts())
    app.add_middleware(middleware.Watched, service=service)
