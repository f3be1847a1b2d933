"""Documents of PIN, step-up, look-up, personal data and contacts, for ``/openapi.json``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from tools.headend.api.bodies import RequestBody, text
from tools.headend.api.schemas import Document, Id, LocalText, instant

Channel = Literal["sms", "email"]
Language = Literal["ru", "en", "sk", "es"]
Pin = Annotated[
    str, Field(pattern="^[0-9]{4,8}$", description="As many digits as the operator's rule says", examples=["4071"])
]
Code = Annotated[str, Field(pattern="^[0-9]{4,10}$", description="As it was sent", examples=["804152"])]
_SENT_IN = Field(default=None, description="The language of what is sent; without it the operator's")


class FirstPin(RequestBody):
    """Names as in the contract, without the patronymic."""

    first_name: str = text(80, examples=["Иван"])
    last_name: str = text(80, examples=["Петров"])
    pin: Pin


class NewPin(RequestBody):
    old_pin: Pin
    new_pin: Pin


class CodeRequest(RequestBody):
    channel: Channel
    language: Language | None = _SENT_IN


class PinReset(RequestBody):
    code: Code
    new_pin: Pin


class StepUp(RequestBody):
    pin: Pin


class PinSet(Document):
    set: Literal[True]


class HelpLine(Document):
    number: str = Field(examples=["0890"])
    where: LocalText


class Way(Document):
    """Where a code can be sent, masked."""

    channel: Channel
    target: str = Field(examples=["+7 ••• •••-••-34"])


class PinState(Document):
    """``names``: whether first and last name are asked for (S3: once an account, with the first PIN). ``reset``: empty
    where the contract has no usable contact; then ``salon`` and ``help_lines`` say what can be done."""

    set: bool
    digits: int = Field(examples=[4])
    attempts_remaining: int = Field(examples=[3])
    locked_until: str | None = instant()
    names: bool
    names_locked_until: str | None = instant()
    reset: list[Way]
    send_again_at: str | None = instant()
    help_lines: list[HelpLine]
    salon: LocalText


class CodeSent(Document):
    """A code is on its way; every one before it is void."""

    channel: Channel
    target: str = Field(examples=["+7 ••• •••-••-34"])
    digits: int = Field(examples=[6])
    expires_at: str = instant()
    send_again_at: str = instant()


class RaisedToken(Document):
    """Beside the session's own token, bound to the same device key."""

    access_token: str = Field(examples=["3Jq0xw4i2w6l0f3b…"])
    token_type: Literal["DPoP"]
    expires_in: int = Field(description="Seconds", examples=[300])
    acr: Literal["card-proven+pin"]


class LookupRequest(RequestBody):
    """Both numbers as they are printed on box and card. ``deliver``: send the whole account number there."""

    chip_id: str = Field(pattern=r"^[A-Za-z0-9._-]{1,32}$", examples=["884100270011"])
    card_number: str = Field(pattern=r"^[A-Za-z0-9._-]{1,32}$", examples=["410273345801"])
    deliver: Channel | None = None
    language: Language | None = _SENT_IN


class Found(Document):
    account_number_tail: str = Field(pattern=r"^\d{4}$", examples=["8021"])
    delivered: Way | None


class PersonalContact(Document):
    id: Id
    channel: Channel
    value: str = Field(examples=["9005550134"])
    state: Literal["pending", "confirmed"]


class Personal(Document):
    """In full: only with the PIN. ``phone`` without the country; ``contacts`` are those for notifications."""

    account_number: str = Field(pattern=r"^\d{12}$", examples=["102733458021"])
    contract_number: str = Field(examples=["3344-0217-85"])
    name: str = Field(examples=["Иван Петров"])
    address: str = Field(examples=["г. Химки, ул. Лесная, д. 12, кв. 45"])
    phone: str = Field(examples=["9005550134"])
    email: str = Field(examples=["ivan.petrov@example.org"])
    contacts: list[PersonalContact]


Use = Literal["contract", "notifications"]


class Contact(Document):
    """Masked. A pending one of the contract takes the place of the confirmed one once its code has come back."""

    id: str = Field(examples=["contract-sms"])
    use: Use
    channel: Channel
    target: str = Field(examples=["+7 ••• •••-••-34"])
    state: Literal["pending", "confirmed"]


class Contacts(Document):
    items: list[Contact]


class NewContact(RequestBody):
    """``use``: in the place of the contract's telephone or e-mail, or a further one for notifications. A telephone
    number may begin with its country."""

    use: Use
    channel: Channel
    value: str = text(254, examples=["+7 900 555-01-77"])
    language: Language | None = _SENT_IN


class ContactRequested(CodeSent):
    id: Id


class ContactCode(RequestBody):
    code: Code


class ContactConfirmed(Document):
    id: Id
    state: Literal["confirmed"]


class ContactRemoved(Document):
    id: Id
    removed: Literal[True]
