"""The reference of the balance read: the least that a service with the same libraries could do for it.

``python -m tools.bench.bare_service DATABASE_URL PUBLIC_KEY_FILE PROCESSOR``: ``GET /balance`` verifies one ES256 JWT
(the bearer token, with joserfc) and makes the SELECT of the account's row. No session, no proof, no settling, no log,
no view. Prints ``{"listening": [URL]}`` as the account service does.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from joserfc import jwt
from joserfc.jwk import ECKey
from sqlalchemy import Engine, create_engine, select

from tools.headend.server import listen, print_listening, url_of
from tools.headend.storage.tables import accounts


def build_app(engine: Engine, key: ECKey) -> FastAPI:
    """One endpoint, written as one writes it."""
    app = FastAPI()

    @app.get("/balance")
    def balance(request: Request) -> dict[str, Any]:
        token = request.headers["authorization"].removeprefix("Bearer ")
        claims = jwt.decode(token, key, algorithms=["ES256"]).claims
        with engine.begin() as connection:
            account = connection.execute(select(accounts).where(accounts.c.account_id == int(claims["sub"]))).one()
        return {"amount": account.balance, "currency": "RUB"}

    return app


def main(arguments: list[str]) -> None:
    url, key_file, processor = arguments
    os.sched_setaffinity(0, {int(processor)})
    app = build_app(create_engine(url), ECKey.import_key(Path(key_file).read_text("utf-8")))
    with listen("127.0.0.1", 0) as sock:
        print_listening(url_of(sock, None))
        config = uvicorn.Config(app, lifespan="off", log_config=None, access_log=False)
        uvicorn.Server(config).run(sockets=[sock])


if __name__ == "__main__":
    main(sys.argv[1:])
