"""The font that a theme wants, another where that is not whole, one clear line where none is."""

from __future__ import annotations

import importlib.util
import logging
from importlib.machinery import ModuleSpec
from pathlib import Path

import pygame
import pytest

import ui_assets
from device.api.errors import ConfigError
from stb_app.toolkit.cache import Cache
from stb_app.toolkit.fonts import find_family
from stb_app.toolkit.text import TextRenderer
from stb_app.toolkit.theme import WEIGHTS
from tests.unit.stb_app.support import family, theme

FONTS = ui_assets.ROOT / "fonts.yaml"
WANTED = theme().fonts
BOLD = family().files["bold"].read_bytes()


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of packages that is asked first; both families are in it."""
    for name in WANTED:
        files = set(family(name).files.values())
        package = tmp_path / next(iter(files)).parent.parent.name
        (package / "files").mkdir(parents=True)
        (package / "__init__.py").touch()
        for file in files:
            (package / "files" / file.name).write_bytes(file.read_bytes())
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def test_the_one_that_is_wanted_first_is_used_and_the_log_says_so(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    found = find_family(FONTS, WANTED)
    assert found.name == "manrope" == WANTED[0]
    assert set(found.files) == set(WEIGHTS) and all(file.is_file() for file in found.files.values())
    assert [record.message for record in caplog.records] == ["the font is manrope"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (None, "the package font-manrope lacks Manrope-Bold.ttf"),
        (b"", "Manrope-Bold.ttf is not a whole font file"),
        (b"<html>404</html>" * 99, "Manrope-Bold.ttf is not a whole font file"),
        (BOLD[:90_000], "Manrope-Bold.ttf is not a whole font file"),
        (BOLD[:12] + bytes(len(BOLD) - 12), "Manrope-Bold.ttf is not a whole font file"),
    ],
    ids=["missing", "empty", "a page", "cut", "zeros"],
)
def test_a_family_that_is_not_whole_gives_way(
    site: Path, caplog: pytest.LogCaptureFixture, data: bytes | None, why: str
) -> None:
    bold = site / "font_manrope" / "files" / "Manrope-Bold.ttf"
    bold.unlink()
    if data is not None:
        bold.write_bytes(data)
    assert find_family(FONTS, WANTED).name == "pt_sans"
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert why in record.message and record.message.endswith("; the font is pt_sans instead")


def test_a_package_that_is_not_installed_gives_way(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real = importlib.util.find_spec

    def without_manrope(name: str, package: str | None = None) -> ModuleSpec | None:
        return None if name == "font_manrope" else real(name, package)

    monkeypatch.setattr(importlib.util, "find_spec", without_manrope)
    assert find_family(FONTS, WANTED).name == "pt_sans"
    assert "the package font-manrope is not installed" in caplog.text


@pytest.mark.parametrize("module", ["gone", "gone.deeper", ".gone", "yaml.nodes"])
def test_a_module_that_is_no_package_of_files_gives_way(tmp_path: Path, module: str) -> None:
    path = tmp_path / "fonts.yaml"
    path.write_text(FONTS.read_text(encoding="utf-8").replace("font_manrope", module), encoding="utf-8")
    assert find_family(path, WANTED).name == "pt_sans"


def test_none_at_all_is_one_line_that_says_what_to_install(site: Path) -> None:
    for file in site.glob("*/files/*Regular*"):
        file.unlink()
    with pytest.raises(ConfigError) as caught:
        find_family(FONTS, WANTED)
    assert str(caught.value) == (
        "no font can be used: the package font-manrope lacks Manrope-Regular.ttf; "
        "the package fontpkg-pt-sans lacks PT_Sans-Web-Regular.ttf; install font-manrope or fontpkg-pt-sans again"
    )


def test_a_family_that_nobody_described(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        find_family(FONTS, ["helvetica"])
    assert str(caught.value) == (
        f"{FONTS}: the theme wants the font 'helvetica', which is not in this file; there are: manrope, pt_sans"
    )


@pytest.mark.parametrize(("text", "drawn"), [("Платежи → ТВ", "Платежи › ТВ"), ("← 12", "‹ 12")])
@pytest.mark.parametrize("tabular", [False, True])
def test_what_the_family_lacks_is_drawn_by_something_that_it_has(text: str, drawn: str, tabular: bool) -> None:
    renderer = TextRenderer(theme(), family("pt_sans"), Cache(2**20))
    one, other = (renderer.render(each, "body", (235, 235, 235), tabular) for each in (text, drawn))
    assert pygame.image.tobytes(one, "RGBA") == pygame.image.tobytes(other, "RGBA")
    assert renderer.width(text, "body", tabular) == renderer.width(drawn, "body", tabular) == one.get_width()
