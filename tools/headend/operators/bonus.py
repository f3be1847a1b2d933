"""Loads the bonus programme and its rewards (``bonus.yaml``, product.md B1)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from device.api.yaml_file import YamlNode, load_yaml
from tools.headend.domain.bonus import BonusRules, Reward, RewardKind
from tools.headend.domain.catalogue import Item, ItemKind
from tools.headend.operators.nodes import SUM_MOST, local_text

_OF_KIND = {RewardKind.DISCOUNT: ("amount",), RewardKind.SERVICE: ("item", "months"), RewardKind.GIFT: ()}
"""What a reward says beside what all say."""


def load_bonus(path: Path, items: Mapping[str, Item]) -> BonusRules:
    """The rules of B1; a service must be a package or an option of ``items`` that needs nothing beside it."""
    node = load_yaml(path).only("name", "text", "percent", "point", "months", "rewards")
    rewards: dict[str, Reward] = {}
    for each in node["rewards"].items():
        reward = _reward(each, items)
        if reward.id in rewards:
            raise each["id"].error(f"'{reward.id}' stands here twice")
        rewards[reward.id] = reward
    return BonusRules(
        name=local_text(node["name"]),
        text=local_text(node["text"]),
        percent=node["percent"].integer(1, 100),
        point=node["point"].integer(1, SUM_MOST),
        months=node["months"].integer(1, 120),
        rewards=rewards,
    )


def _reward(node: YamlNode, items: Mapping[str, Item]) -> Reward:
    kind = RewardKind(node["kind"].choice(*RewardKind))
    node.only("id", "kind", "points", "name", "text", *_OF_KIND[kind])
    return Reward(
        id=node["id"].text(),
        kind=kind,
        name=local_text(node["name"]),
        text=local_text(node["text"]),
        points=node["points"].integer(1, SUM_MOST),
        amount=node["amount"].integer(1, SUM_MOST) if kind is RewardKind.DISCOUNT else 0,
        item_id=_service(node["item"], items) if kind is RewardKind.SERVICE else None,
        months=node["months"].integer(1, 12) if kind is RewardKind.SERVICE else 0,
    )


def _service(node: YamlNode, items: Mapping[str, Item]) -> str:
    item = items[node.choice(*items)]
    if item.kind not in (ItemKind.PACKAGE, ItemKind.OPTION) or item.requires or item.excludes:
        raise node.error(f"'{item.id}' is no package or option that anybody can have beside what he has")
    return item.id
