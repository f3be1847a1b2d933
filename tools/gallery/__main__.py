"""``python -m tools.gallery``: see ``--help``."""

from __future__ import annotations

import argparse
import html
import os
import sys
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import pygame

from device.api.command_line import OneLineParser, until_interrupted
from stb_app.bootstrap import allowed
from stb_app.command import resolution
from stb_app.preferences import Preferences
from stb_app.toolkit.theme import TEXT_SIZES
from tools.gallery.exhibit import Exhibit
from tools.gallery.exhibits import families
from tools.gallery.hall import Hall
from tools.gallery.sheets import Shown, fits, sheets

_EPILOG = """\
It writes into DIR: sheets of a family (FAMILY-1.png, FAMILY-2.png...), a picture of its own for what fills a page
(FAMILY.WIDGET.STATE.png), and index.html with all of them. The names of the pictures go to stdout, progress to stderr.

A family is a module of tools/gallery/exhibits with a tuple EXHIBITS.

exit status: 0 drawn; 1 the pictures cannot be written; 2 bad usage; 130 ended by Ctrl-C
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """0, 1 or 2, as ``--help`` says."""
    known = families()
    parser = _parser(list(known))
    options = parser.parse_args(arguments)
    chosen = options.family or list(known)
    for name in chosen:
        if name not in known:
            parser.error(f"no family '{name}'; known: {', '.join(known)}")
    if options.list:
        print("\n".join(f"{name}: {exhibit.name}" for name in chosen for exhibit in known[name]))
        return 0
    look = Preferences(options.language, options.text_size, options.theme, motion=False)
    width, height = options.resolution
    if width * 9 != height * 16:
        parser.error(f"argument --resolution: {width}x{height} is not 16:9")
    hall = Hall(look, height)
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        files = {name: _draw(hall, name, known[name], options.out) for name in dict.fromkeys(chosen)}
        index = options.out / "index.html"
        index.write_text(_index(files), "utf-8")
    except (OSError, pygame.error) as error:
        print(f"{parser.prog}: {options.out}: {error}", file=sys.stderr)
        return 1
    print("\n".join(str(path) for path in [*(path for paths in files.values() for path in paths), index]))
    return 0


def _parser(known: list[str]) -> OneLineParser:
    parser = OneLineParser(
        prog="python -m tools.gallery",
        description="Draws every widget of the TV toolkit in every state, as the app does, for people to look at.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    choices, default = allowed(), Preferences()
    parser.add_argument("--family", nargs="+", metavar="NAME", help=f"which ones (default: all): {', '.join(known)}")
    parser.add_argument("--list", action="store_true", help="print the names of the exhibits and draw nothing")
    parser.add_argument(
        "--out", type=Path, default=Path("build/gallery"), metavar="DIR", help="is made (default: %(default)s)"
    )
    parser.add_argument("--text-size", choices=TEXT_SIZES, default=default.text_size, help="default: %(default)s")
    parser.add_argument("--language", choices=choices.languages, default=default.language, help="default: %(default)s")
    parser.add_argument("--theme", choices=choices.themes, default=default.theme, help="default: %(default)s")
    parser.add_argument(
        "--resolution", type=resolution, default=(1920, 1080), metavar="WxH", help="16:9 (default: 1920x1080)"
    )
    return parser


def _draw(hall: Hall, family: str, exhibits: Sequence[Exhibit], folder: Path) -> list[Path]:
    """The pictures of one family: its sheets, then what fills a page."""
    print(f"{family}: {len(exhibits)} exhibits...", file=sys.stderr, flush=True)
    parts: list[Shown] = []
    pictures: list[tuple[Path, pygame.Surface]] = []
    for exhibit in exhibits:
        picture = hall.picture(exhibit)
        if fits(hall.kit, picture):
            parts.append(Shown(exhibit.name, picture))
        else:
            pictures.append((folder / f"{family}.{exhibit.name}.png", picture))
    drawn = sheets(hall.kit, family, parts)
    named = [(folder / f"{family}-{number}.png", sheet) for number, sheet in enumerate(drawn, 1)]
    for path, picture in [*named, *pictures]:
        pygame.image.save(picture, str(path))
    return [path for path, _ in [*named, *pictures]]


_PAGE = """\
<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Gallery</title>
<style>
body {{ background: #12151b; color: #ebebeb; font: 16px sans-serif; margin: 32px; }}
figure {{ display: inline-block; margin: 0 24px 24px 0; }}
img {{ width: 620px; border: 1px solid #3a4150; }}
figcaption {{ color: #bfc5d0; }}
</style>
{body}
</html>
"""


def _index(files: dict[str, list[Path]]) -> str:
    lines = []
    for family, paths in files.items():
        lines.append(f"<h1>{html.escape(family)}</h1>")
        for path in paths:
            name = html.escape(path.name, quote=True)
            lines.append(
                f'<figure><a href="{name}"><img src="{name}" alt="{name}"></a>'
                f"<figcaption>{name.removesuffix('.png')}</figcaption></figure>"
            )
    return _PAGE.format(body="\n".join(lines))


if __name__ == "__main__":
    sys.exit(until_interrupted(main))
