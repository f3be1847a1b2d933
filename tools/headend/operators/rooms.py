"""Loads ``operators/NAME/rooms.yaml``: pairing, and what extra boxes may not do."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from device.api.yaml_file import load_yaml
from tools.headend.domain.rooms import FEATURES, RoomRules
from tools.headend.operators.nodes import limit


def load_room_rules(path: Path) -> RoomRules:
    """The rules in ``path``; ConfigError with file and line where they cannot be used."""
    document = load_yaml(path).only("pairing", "extra_box_refused")
    pairing = document["pairing"].only("code_life_s", "poll_s", "wrong")
    return RoomRules(
        code_life=timedelta(seconds=pairing["code_life_s"].integer(60, 3600)),
        poll=timedelta(seconds=pairing["poll_s"].integer(1, 60)),
        wrong=limit(pairing["wrong"]),
        extra_box_refused=frozenset(each.choice(*sorted(FEATURES)) for each in document["extra_box_refused"].items()),
    )
