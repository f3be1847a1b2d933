"""A table: columns of one width in all rows, their names above; at size XL each row stacks what it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stb_app.toolkit.elements import Align, Box, Column, Element, Focusable, Row, Sized, Text


@dataclass(frozen=True)
class Heading:
    """A column: ``title`` above it, ``ems`` of the body wide; without ``ems`` it takes what is left."""

    title: str
    ems: float = 0
    align: Align = "start"
    style: str = "row"
    tone: str = "text"


@dataclass(frozen=True)
class Cell:
    """``note`` stands below the text; ``tone`` is a colour token in place of the column's."""

    text: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Table:
    """``main`` is the column that names a row: it is what is said first, and stands first where rows are stacked."""

    headings: Sequence[Heading]
    main: int = 0
    stacked: bool = False

    def head(self) -> Element:
        """The names of the columns, for the place above the rows."""
        texts = [
            self._sized(
                each, Text(each.title, "detail", "quiet", align=each.align, id="column", grow=0 if each.ems else 1)
            )
            for each in self.headings
        ]
        return Box(Row(texts, gap="medium"), pad_y=0)

    def row(self, name: str, cells: Sequence[Cell], *, role: str = "row") -> Focusable:
        """A line of the table; ``cells`` are one a column. ValueError where they are not."""
        if len(cells) != len(self.headings):
            raise ValueError(f"row {name} has {len(cells)} cells of {len(self.headings)}")
        child = self._stack(cells) if self.stacked else self._line(cells)
        others = [part for at, cell in enumerate(cells) for part in (cell.text if at != self.main else "", cell.note)]
        value = ", ".join(part for part in others if part)
        return Focusable(name, role, cells[self.main].text, child, value, min_height="height_row", pad_x="medium")

    def _line(self, cells: Sequence[Cell]) -> Element:
        return Row([self._cell(*each) for each in zip(self.headings, cells, strict=True)], gap="medium")

    def _cell(self, heading: Heading, cell: Cell) -> Element:
        text = self._text(heading, cell)
        text.align, text.grow = heading.align, 0 if heading.ems else 1
        if not cell.note:
            return self._sized(heading, text)
        note = Text(cell.note, "detail", "explain", align=heading.align)
        return self._sized(heading, Column([text, note], gap=0, grow=text.grow))

    @staticmethod
    def _text(heading: Heading, cell: Cell) -> Text:
        """A sum is never broken over two lines."""
        of_sums = heading.style == "sum"
        smaller = ("body", "detail") if of_sums else ()
        return Text(cell.text, heading.style, cell.tone or heading.tone, tabular=of_sums, smaller=smaller)

    @staticmethod
    def _sized(heading: Heading, child: Element) -> Element:
        return Sized(child, ems=heading.ems) if heading.ems else child

    def _stack(self, cells: Sequence[Cell]) -> Element:
        lines: list[Element] = []
        pairs = list(zip(self.headings, cells, strict=True))
        for heading, cell in [pairs[self.main], *pairs[: self.main], *pairs[self.main + 1 :]]:
            if cell.text:
                lines.append(self._text(heading, cell))
            if cell.note:
                lines.append(Text(cell.note, "detail", "explain"))
        return Column(lines, gap=4)
