"""The pages of the stand-in: the payer's on the phone, and the developer's with all payments. No card is typed."""

from __future__ import annotations

from html import escape

from tools.payment_provider.book import Payment

_HEAD = """<!doctype html><html lang="ru"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<style>body{{font:18px sans-serif;margin:2rem auto;max-width:40rem;padding:0 1rem}}button{{font:inherit;
padding:.6rem 1rem;margin:.3rem .3rem .3rem 0}}td{{padding:.2rem .8rem .2rem 0}}</style></head><body><h1>{title}</h1>"""


def payer_page(payment: Payment) -> str:
    """What the phone shows behind the QR or link."""
    order = payment.order
    sum_ = f"{escape(order.value)} {escape(order.currency)}"
    head = (
        _HEAD.format(title="Оплата (учебный стенд)") + f"<p>{escape(order.description or '')}</p><p><b>{sum_}</b></p>"
    )
    if payment.state != "pending":
        back = f'<p><a href="{escape(order.return_url)}">Вернуться</a></p>' if order.return_url else ""
        return f"{head}<p>{_STATES[payment.state]}</p>{back}"
    return (
        f'{head}<form method="post" action="/pay/{payment.id}"><button name="what" value="approve">Оплатить</button>'
        '<button name="what" value="decline">Отказаться</button></form>'
    )


def developer_page(payments: list[Payment]) -> str:
    """All payments, and what can be done to them."""
    rows = "".join(
        f"<tr><td>{each.created_at:%H:%M:%S}</td><td>{escape(each.order.value)} {escape(each.order.currency)}</td>"
        f"<td>{escape(each.method['type'])}</td><td>{each.state}</td>"
        f'<td><a href="/pay/{each.id}">{each.id}</a></td></tr>'
        for each in payments
    )
    buttons = "".join(
        f'<form method="post" action="/control/{path}" style="display:inline"><button>{text}</button></form>'
        for path, text in (
            ("approve", "approve the newest"),
            ("decline", "decline the newest"),
            ("lose_answer", "lose the next answer"),
        )
    )
    return f"{_HEAD.format(title='Payment stand-in')}{buttons}<table>{rows}</table>"


_STATES = {
    "waiting_for_capture": "Деньги удержаны.",
    "succeeded": "Оплачено.",
    "canceled": "Платёж отменён.",
    "pending": "",
}
