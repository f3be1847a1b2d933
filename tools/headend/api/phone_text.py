"""What the pages on the phone say, in the four languages of the product."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("ru", "en", "sk", "es")

TEXTS: Mapping[str, Mapping[str, str]] = {
    "ru": {
        "title": "Пополнение счёта",
        "account": "Лицевой счёт, 12 цифр",
        "sum": "Сумма",
        "sbp": "Оплатить по СБП",
        "card": "Оплатить картой",
        "wrong": "Проверьте номер счёта и сумму.",
        "many": "Слишком много попыток. Попробуйте позже.",
        "closed": "Здесь сейчас нельзя заплатить.",
        "created": "Готовим оплату…",
        "awaiting_user": "Ждём подтверждения.",
        "processing": "Платёж обрабатывается.",
        "unknown": "Платёж проверяется. Не платите второй раз.",
        "succeeded": "Оплачено. Деньги на счёте.",
        "canceled": "Платёж отменён, деньги не списаны.",
        "expired": "Время на оплату вышло.",
        "go": "Перейти к оплате",
        "missing": "Такого платежа нет.",
    },
    "en": {
        "title": "Top up the account",
        "account": "Account number, 12 digits",
        "sum": "Sum",
        "sbp": "Pay by SBP",
        "card": "Pay by card",
        "wrong": "Check the account number and the sum.",
        "many": "Too many attempts. Try again later.",
        "closed": "Nothing can be paid here now.",
        "created": "Preparing the payment…",
        "awaiting_user": "Waiting for your confirmation.",
        "processing": "The payment is being processed.",
        "unknown": "The payment is being checked. Do not pay a second time.",
        "succeeded": "Paid. The money is on the account.",
        "canceled": "The payment was cancelled, no money was taken.",
        "expired": "The time to pay is over.",
        "go": "Go to the payment",
        "missing": "There is no such payment.",
    },
    "sk": {
        "title": "Dobitie účtu",
        "account": "Číslo účtu, 12 číslic",
        "sum": "Suma",
        "sbp": "Zaplatiť cez SBP",
        "card": "Zaplatiť kartou",
        "wrong": "Skontrolujte číslo účtu a sumu.",
        "many": "Priveľa pokusov. Skúste neskôr.",
        "closed": "Tu sa teraz nedá zaplatiť.",
        "created": "Pripravujeme platbu…",
        "awaiting_user": "Čakáme na potvrdenie.",
        "processing": "Platba sa spracúva.",
        "unknown": "Platba sa overuje. Neplaťte druhýkrát.",
        "succeeded": "Zaplatené. Peniaze sú na účte.",
        "canceled": "Platba bola zrušená, peniaze neboli strhnuté.",
        "expired": "Čas na platbu vypršal.",
        "go": "Prejsť na platbu",
        "missing": "Taká platba neexistuje.",
    },
    "es": {
        "title": "Recargar la cuenta",
        "account": "Número de cuenta, 12 cifras",
        "sum": "Importe",
        "sbp": "Pagar por SBP",
        "card": "Pagar con tarjeta",
        "wrong": "Revise el número de cuenta y el importe.",
        "many": "Demasiados intentos. Pruebe más tarde.",
        "closed": "Ahora no se puede pagar aquí.",
        "created": "Preparando el pago…",
        "awaiting_user": "Esperando su confirmación.",
        "processing": "El pago se está procesando.",
        "unknown": "El pago se está comprobando. No pague otra vez.",
        "succeeded": "Pagado. El dinero está en la cuenta.",
        "canceled": "El pago se ha anulado, no se ha cobrado nada.",
        "expired": "El tiempo para pagar ha terminado.",
        "go": "Ir al pago",
        "missing": "No existe ese pago.",
    },
}


def language_of(accept: str, otherwise: str) -> str:
    """The first of the browser's languages that there is (RFC 9110 section 12.5.4); its weights stand in order."""
    for each in accept[:200].split(","):
        name = each.strip().partition(";")[0].partition("-")[0].lower()
        if name in LANGUAGES:
            return name
    return otherwise
