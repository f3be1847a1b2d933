"""Themes as files: what stands in one, what it takes from the one that it is based on, what the operator changes.

What is wrong is told by the file and line that has to be changed: where the colours of two files do not go together
that is the later one's, the operator's profile being the last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from device.api.yaml_file import YamlError, YamlNode, load_yaml
from stb_app.toolkit.contrast import Weak, mended, weak_pairs
from stb_app.toolkit.theme import (
    BRAND,
    BRIGHTEST,
    COLOURS,
    DARKEST,
    FRAME_STYLES,
    LENGTHS,
    STRONG,
    STYLES,
    TEXT_SIZES,
    WEIGHTS,
    Colour,
    Theme,
    TypeStyle,
)

LEADING = 126
SMALLEST_TEXT, SMALLEST_AT_XL = 28, 84
THINNEST_RING, LONGEST_REACH = 4, 12
"""quality.md, "Picture": the ring is a shape of 4 px or more, and may pass the edges by 12 px."""
SECTIONS = ("name", "based_on", "font", "brand", "colours", "type", *LENGTHS)
MINIMUM = {"ring_width": THINNEST_RING, "icon_stroke": 2}


def load_theme(path: Path, text_size: str, brand: Mapping[str, YamlNode] | None = None) -> Theme:
    """The theme of ``path`` at a text size; ``brand`` are colours of the operator, those that the theme lets him set.

    YamlError names file and line for an unknown, missing or unfit token, and for two colours with too little contrast.
    """
    layers = _layers(path)
    allowed = [node.choice(*BRAND) for node in _latest(layers, "brand").items()]
    chosen = {token: node for token, node in (brand or {}).items() if token in allowed}
    colours, origin = _colours(_sections(layers, "colours"), chosen)
    lengths = _lengths(layers)
    weakest = min(weak_pairs(colours, outlined=lengths["outline_width"] > 0), key=Weak.share, default=None)
    if weakest is not None:
        raise _complaint(weakest, colours, origin)
    font = _latest(layers, "font")
    fonts = tuple(font.texts())
    if not fonts:
        raise font.error("names no family")
    return Theme(layers[-1]["name"].text(), fonts, colours, _styles(layers, text_size), lengths, text_size, 1.0)


def parse_colour(node: YamlNode) -> Colour:
    """``#rrggbb`` within the levels of television (16 to 235 each, ITU-R BT.709 full signal range)."""
    text = node.text()
    if len(text) != 7 or text[0] != "#" or any(c not in "0123456789abcdefABCDEF" for c in text[1:]):
        raise node.error(f"expected a colour as #rrggbb, found '{text}'")
    colour = int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)
    if min(colour) < DARKEST or max(colour) > BRIGHTEST:
        raise node.error(f"{text} leaves the levels of television, {DARKEST} to {BRIGHTEST} each")
    return colour


def _layers(path: Path) -> list[YamlNode]:
    """The files from the one that is based on nothing up to ``path``."""
    layers: list[YamlNode] = []
    seen: list[str] = []
    while True:
        root = load_yaml(path).only(*SECTIONS)
        layers.insert(0, root)
        seen.append(path.stem)
        base = root.get("based_on")
        if base is None:
            return layers
        name = base.text()
        if name in seen:
            raise base.error(f"the theme is based on itself: {' -> '.join([*seen, name])}")
        known = sorted(each.stem for each in path.parent.glob("*.yaml"))
        if name not in known:
            raise base.error(f"there is no theme '{name}'", f"there are: {', '.join(known)}")
        path = path.with_name(f"{name}.yaml")


def _latest(layers: Sequence[YamlNode], section: str) -> YamlNode:
    """A section that a later file replaces whole."""
    given = [node for node in (layer.get(section) for layer in layers) if node is not None]
    return given[-1] if given else layers[0][section]


def _merged(sections: Sequence[YamlNode], known: Sequence[str]) -> dict[str, YamlNode]:
    """The latest node of each token of a section; the first file has to have all of them."""
    found = {token: node for section in sections for token, node in section.only(*known).entries()}
    missing = [token for token in known if token not in found]
    if missing:
        raise sections[0].error(f"nothing is said of {', '.join(missing)}")
    return found


def _sections(layers: Sequence[YamlNode], name: str) -> list[YamlNode]:
    return [layers[0][name], *(node for node in (layer.get(name) for layer in layers[1:]) if node is not None)]


def _colours(
    sections: Sequence[YamlNode], brand: Mapping[str, YamlNode]
) -> tuple[dict[str, Colour], dict[str, tuple[int, YamlNode]]]:
    """The colours, and where each was set: the place of its file in their order, and the node."""
    _merged(sections, COLOURS)
    origin = {token: (place, node) for place, section in enumerate(sections) for token, node in section.entries()}
    origin |= {token: (len(sections), node) for token, node in brand.items()}
    return {token: parse_colour(node) for token, (_, node) in origin.items()}, origin


def _complaint(weak: Weak, colours: Mapping[str, Colour], origin: Mapping[str, tuple[int, YamlNode]]) -> YamlError:
    at_fault, other = weak.token, weak.ground
    if origin[weak.ground][0] > origin[weak.token][0]:
        at_fault, other = other, at_fault
    way, better = mended(colours[at_fault], colours[other], weak.needed)
    remedy = f"make it {way}, {_hex(better)} would do" if better else f"make it {way}, and {other} the other way"
    pair = f"{weak.token} {_hex(colours[weak.token])} on {weak.ground} {_hex(colours[weak.ground])}"
    return origin[at_fault][1].error(f"{pair} has {weak}", remedy)


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def _styles(layers: Sequence[YamlNode], text_size: str) -> dict[str, TypeStyle]:
    sections = _sections(layers, "type")
    roles = _merged(sections, STYLES)
    styles: dict[str, TypeStyle] = {}
    for role, last in roles.items():
        said = [node.only("weight", "leading", *TEXT_SIZES) for node in (s.get(role) for s in sections) if node]
        attributes = {name: node for each in said for name, node in each.entries()}
        missing = [name for name in ("weight", *TEXT_SIZES) if name not in attributes]
        if missing:
            raise last.error(f"'{missing[0]}' is missing", f"add '{missing[0]}:'")
        body = role not in FRAME_STYLES
        least = {size: SMALLEST_AT_XL if size == "XL" and body else SMALLEST_TEXT for size in TEXT_SIZES}
        size = {each: attributes[each].integer(minimum=least[each], maximum=400) for each in TEXT_SIZES}[text_size]
        leading = attributes["leading"].integer(90, 200) if "leading" in attributes else LEADING
        weight = attributes["weight"].choice(*WEIGHTS)
        styles[role] = TypeStyle(weight, size, leading)
        styles[role + STRONG] = TypeStyle("extrabold" if weight == "bold" else "bold", size, leading)
    return styles


def _lengths(layers: Sequence[YamlNode]) -> dict[str, int]:
    lengths: dict[str, int] = {}
    for group, known in LENGTHS.items():
        prefix = "" if group == "space" else f"{group}_"
        for token, node in _merged(_sections(layers, group), known).items():
            lengths[prefix + token] = node.integer(minimum=MINIMUM.get(prefix + token, 0), maximum=1000)
    reach = lengths["ring_width"] + lengths["ring_gap"]
    if reach > LONGEST_REACH:
        last = _sections(layers, "ring")[-1]
        raise last.error(f"width and gap make {reach} px, and the ring may pass the edges by {LONGEST_REACH}")
    return lengths
