"""What the box lets through is exactly what the account service serves to it."""

from __future__ import annotations

import json
import ssl
import urllib.request

from device.api.account_paths import ACCOUNT_PATHS
from tests.contract.device.world import Headend
from tools.provisioning import KeyRing

BOX_ONLY = ("/v1/device/", "/v1/events", "/v1/lookup", "/v1/webhooks/")
UNPAIRED_ONLY = ("/v1/pairing-codes", "/v1/pairing-codes/{pairing_id}")
"""What the service on the box speaks to itself, as a box of no account too, and what only payment providers call."""


def test_account_paths_equal_the_services_openapi(headend: Headend, ring: KeyRing) -> None:
    context = ssl.create_default_context(cafile=str(ring.ca_certificate))
    with urllib.request.urlopen(f"{headend.url}/openapi.json", context=context, timeout=10) as answer:  # noqa: S310
        document = json.load(answer)
    served = {
        (method.upper(), path)
        for path, methods in document["paths"].items()
        for method in methods
        if path.startswith("/v1/") and not path.startswith(BOX_ONLY) and path not in UNPAIRED_ONLY
    }
    assert {(each.method, each.template) for each in ACCOUNT_PATHS} == served
