"""What an operator sells, as its files say it: both operators, and broken files by file, line and reason."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from device.api.errors import ConfigError
from tools.headend.domain.catalogue import ItemKind
from tools.headend.operators import FOLDER, load_operator


def test_the_full_list_of_mts_has_190_channels_and_more_each_sold_singly() -> None:
    operator = load_operator("mts")
    assert len(operator.channels) >= 190
    for channel in operator.channels.values():
        assert channel.single is not None
        item = operator.items[channel.single]
        assert (item.kind, item.age) == (ItemKind.CHANNEL, channel.age)
        assert item.price > 0


@pytest.mark.parametrize("name", ["mts", "polaris"])
def test_everything_that_is_sold_fits_together(name: str) -> None:
    operator = load_operator(name)
    numbers = [channel.number for channel in operator.channels.values()]
    assert len(numbers) == len(set(numbers))
    for item in operator.items.values():
        assert item.requires | item.excludes <= operator.items.keys()
        assert item.regional.keys() <= operator.regions.keys()
        if item.kind in (ItemKind.TARIFF, ItemKind.PACKAGE):
            assert any(item.id in channel.items for channel in operator.channels.values()), item.id
    for package in ("night",):
        assert operator.items[package].adult
        assert all(each.adult for each in operator.channels.values() if package in each.items)
    for region in operator.regions:
        assert any(each.kind is ItemKind.TARIFF and each.price_in(region) for each in operator.items.values())


def test_the_two_operators_differ_in_prices_and_rules() -> None:
    mts, polaris = load_operator("mts"), load_operator("polaris")
    assert (mts.orders.quote_seconds, mts.orders.undo_seconds) == (600, 300)
    assert polaris.orders != mts.orders
    assert polaris.items["basic"].price != mts.items["basic"].price


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("catalogue.yaml", "kind: tariff", "kind: channel", "expected one of tariff, package, option, room"),
        ("catalogue.yaml", "requires: [hd]", "requires: [hdd]", "'hdd' is no other item of this file"),
        ("catalogue.yaml", "excludes: [archive]", "excludes: [archive-plus]", "is no other item"),
        ("catalogue.yaml", "{ural: 32000}", "{urals: 32000}", "'urals' is not known here"),
        ("catalogue.yaml", "{ural: 32000}", "{ural: free}", "expected a whole number"),
        ("catalogue.yaml", "{ural: 32000}", "{ural: -1}", "outside"),
        ("catalogue.yaml", "id: kids", "id: 77", "expected an id"),
        ("catalogue.yaml", "age: 18", "age: 99", "outside"),
        ("catalogue.yaml", "price: 9900", "prices: 9900", "'prices' is not known here"),
        ("channels.yaml", "number: 2,", "number: 1,", "channel 1 stands here twice"),
        ("channels.yaml", "id: c002", "id: c001", "stands here twice"),
        ("channels.yaml", "genre: general", "genre: generals", "expected one of"),
        ("channels.yaml", "in: [basic, extended, premium]", "in: [basics]", "expected one of"),
        ("channels.yaml", "single: 1000", "single: -1", "outside"),
        ("channels.yaml", "hd: false", "hd: maybe", "expected true or false"),
        ("channels.yaml", "id: sport, name: {ru: Спорт, ", "id: sport, name: {", "'ru' is missing"),
        ("orders.yaml", "quote_seconds: 600", "quote_seconds: 0", "outside"),
        ("orders.yaml", "undo_seconds", "undo_second", "'undo_second' is not known here"),
    ],
)
def test_a_broken_file_is_refused_by_file_line_and_reason(
    tmp_path: Path, file: str, old: str, new: str, complaint: str
) -> None:
    shutil.copytree(FOLDER, tmp_path / "operators")
    broken = tmp_path / "operators" / "mts" / file
    text = broken.read_text()
    assert old in text
    broken.write_text(text.replace(old, new, 1))
    with pytest.raises(ConfigError) as caught:
        load_operator("mts", tmp_path / "operators")
    assert re.match(rf"{re.escape(str(broken))}:\d+: ", str(caught.value))
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)
