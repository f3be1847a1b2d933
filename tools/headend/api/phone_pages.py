"""``/pay/``: pages for the phone where nobody is signed in (product.md P1): pay into an account whose number is typed,
and see what became of a payment. Nothing of a card is typed here, and nothing of the account is told."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import HTMLResponse, RedirectResponse, Response

from tools.headend.api.device_routes import Body
from tools.headend.api.phone_text import TEXTS, language_of
from tools.headend.api.services import Services
from tools.headend.domain.declined import Declined
from tools.headend.domain.payments import PaymentState, Purpose
from tools.headend.identity.limits import FailureLimit
from tools.headend.identity.refusals import Refusal
from tools.headend.storage import provider_payments
from tools.headend.storage.provider_payments import AskedPayment
from tools.headend.use_cases.paying import Wanted, begin_payment
from tools.headend.use_cases.work import begin, finish

_ACCOUNT = re.compile(r"[0-9]{12}")
_SUM = re.compile(r"([0-9]{1,7})(?:[.,]([0-9]{2}))?")
_ID = re.compile(r"[A-Za-z0-9-]{1,40}")
_LOOK_AGAIN_S = 2
_SECURE = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_STYLE = (
    "body{font:20px sans-serif;margin:2rem auto;max-width:30rem;padding:0 1rem}input,button{font:inherit;width:100%;"
)
_STYLE += "box-sizing:border-box;padding:.7rem;margin:.3rem 0 1rem}"


def phone_pages(services: Services) -> APIRouter:
    router = APIRouter(prefix="/pay", include_in_schema=False)
    limit = FailureLimit(services.operator.address_limit, services.clock)

    @router.get("/")
    def form(request: Request) -> Response:
        return _form(services, request)

    @router.post("/")
    def pay(request: Request, body: Body) -> Response:
        """Every attempt counts: an account that is not there looks like a sum that cannot be."""
        address = request.client.host if request.client else "-"
        try:
            limit.check(address)
        except Refusal:
            return _form(services, request, "many", 429)
        limit.failed(address)
        if services.cashier.provider is None:
            return _form(services, request, "closed", 409)
        asked = _begun(services, body)
        if asked is None:
            return _form(services, request, "wrong", 400)
        services.cashier.ask_soon(asked.account_id, asked.payment_id)
        return RedirectResponse(f"/pay/{asked.payment_id}", 303, _SECURE)

    @router.get("/{payment_id}")
    def state(request: Request, payment_id: str) -> Response:
        """What became of a payment; one that was begun here leads on to the provider."""
        asked = None
        if _ID.fullmatch(payment_id):
            with services.database.read() as connection:
                asked = provider_payments.linked(connection, payment_id)
        if asked is None:
            return _page(services, request, "<p>{missing}</p>", 404)
        body = f"<p><b>{_shown(asked.amount)} {services.operator.currency}</b></p><p>{{{asked.state}}}</p>"
        payload = asked.payload or ""
        if asked.state == PaymentState.AWAITING_USER.value and urlsplit(payload).scheme in ("http", "https"):
            body += f'<p><a href="{_braces(escape(payload))}">{{go}}</a></p>'
        again = not PaymentState(asked.state).ended
        return _page(services, request, body, headers={"Refresh": str(_LOOK_AGAIN_S)} if again else {})

    return router


def _begun(services: Services, body: bytes) -> AskedPayment | None:
    """The payment of a form; None where it cannot be, whatever the reason."""
    fields = parse_qs(body.decode("ascii", "replace"), max_num_fields=10) if len(body) < 1000 else {}
    account, amount, method = (fields.get(name, [""])[0].strip() for name in ("account", "sum", "method"))
    found = _SUM.fullmatch(amount)
    if not _ACCOUNT.fullmatch(account) or found is None:
        return None
    wanted = Wanted(int(found[1]) * 100 + int(found[2] or 0), method, purpose=Purpose.PAGE)
    if wanted.method not in ("sbp", "card"):
        return None

    def write(connection: Connection) -> AskedPayment:
        work = begin(connection, services.operator, services.clock.now(), int(account))
        asked = begin_payment(work, wanted)
        finish(work)
        return asked

    try:
        return services.database.write(write)
    except (KeyError, Declined):
        return None


def _form(services: Services, request: Request, problem: str = "", status: int = 200) -> Response:
    said = f'<p role="alert">{{{problem}}}</p>' if problem else ""
    ways = [name for name in ("sbp", "card") if name in services.operator.payments.ways]
    buttons = "".join(f'<button name="method" value="{name}">{{{name}}}</button>' for name in ways)
    body = (
        f'{said}<form method="post" action="/pay/"><label>{{account}}<input name="account" inputmode="numeric" '
        'pattern="[0-9]{{12}}" required autocomplete="off"></label>'
        f'<label>{{sum}}, {services.operator.currency}<input name="sum" inputmode="decimal" required></label>'
        f"{buttons}</form>"
    )
    return _page(services, request, body, status)


def _page(
    services: Services, request: Request, body: str, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """A page in the browser's language; ``{name}`` in ``body`` is a text of it."""
    language = language_of(request.headers.get("accept-language", ""), services.operator.notices.language)
    texts = {name: escape(text) for name, text in TEXTS[language].items()}
    operator = escape(services.operator.title[language])
    html = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{texts["title"]}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><p>{operator}</p><h1>{texts['title']}</h1>{body.format(**texts)}</body></html>"
    )
    return HTMLResponse(html, status, {**_SECURE, **(headers or {})})


def _braces(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _shown(amount: int) -> str:
    return f"{amount // 100}.{amount % 100:02d}"
