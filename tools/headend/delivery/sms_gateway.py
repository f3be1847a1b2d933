"""SMS over an operator's HTTP gateway: ``POST URL`` with ``{"to", "text"}`` and an ``id`` that the same message keeps
when it is sent again; any 2xx is taken."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpx

from device.api.errors import ConfigError
from tools.headend.delivery import Delivery, DeliveryFailed, Message

TIMEOUT_S = 10.0


class SmsGatewayDelivery(Delivery):
    """``token``: sent as ``Authorization: Bearer``, where there is one."""

    def __init__(self, url: str, token: str = "") -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigError("the SMS gateway's URL cannot be used", remedy="expected http(s)://HOST[:PORT]/PATH")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._url = url
        # neither a proxy nor a netrc of the environment has any business with codes, and nobody redirects them
        self._client = httpx.Client(timeout=TIMEOUT_S, headers=headers, trust_env=False, follow_redirects=False)

    def send(self, message: Message) -> None:
        try:
            named = {"id": message.id} if message.id else {}
            answer = self._client.post(self._url, json={"to": message.target, "text": message.text, **named})
        except httpx.HTTPError as error:
            raise DeliveryFailed(f"the SMS gateway cannot be reached: {type(error).__name__}") from None
        if not answer.is_success:
            # 408, 425, 429 and 5xx may pass
            final = 400 <= answer.status_code < 500 and answer.status_code not in (408, 425, 429)
            raise DeliveryFailed(f"the SMS gateway answered {answer.status_code}", final=final)
