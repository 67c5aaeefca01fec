"""A Starlette page that only renders mureg's templates: the floor of `mureg web`.

    python benchmarks/page_floor.py REGISTER SETTINGS PATH…

Each page is asked of mureg once, and its values are kept; from then on a request renders the template with them. It
prints its address as `mureg web` does.
"""

import sys
from datetime import date
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from mureg.errors import MuregError
from mureg.settings import reading
from mureg.web import page as pages
from mureg.web import rendering
from mureg.web.office import Office
from mureg.web.pages import errors, routes
from mureg.web.routes import starlette_route
from mureg.web.server import listening
from mureg.web.sessions import Session


def main() -> None:
    """Keep the values of each page, and serve them."""
    register, settings, *paths = sys.argv[1:]
    office = Office(register, lambda: reading.read_settings(Path(settings)), "bench", unexpected, today=date.today)
    kept: dict[str, tuple[Any, ...]] = {}

    def rendered(*arguments: Any) -> str:
        kept["newest"] = arguments
        return rendering.rendered(*arguments)

    vars(pages)["rendered"] = rendered
    of_paths = {route.path: starlette_route(route, office, errors.show) for route in routes() if route.again is None}

    async def answer(request: Request) -> Response:
        address = str(request.url)
        if address not in kept:
            request.scope["mureg.session"] = Session()
            await of_paths[request.url.path].endpoint(request)
            kept[address] = kept["newest"]
        return HTMLResponse(rendering.rendered(*kept[address]))

    asked = dict.fromkeys(path.partition("?")[0] for path in paths)
    app = Starlette(routes=[Route(path, answer) for path in asked])
    listener = listening("127.0.0.1", 0)
    listener.listen()
    print(f"http://127.0.0.1:{listener.getsockname()[1]}/", flush=True)
    uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off")).run(sockets=[listener])


def unexpected(error: Exception) -> MuregError:
    """Nothing may go wrong here."""
    raise error


if __name__ == "__main__":
    main()
