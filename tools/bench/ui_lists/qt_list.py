"""The list in Qt's QListWidget on its offscreen platform: rows as high, as wide and as dark as the app's."""

from __future__ import annotations

import json
import os
import sys
import time

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QListWidget

ROWS, PASSES, PITCH = 12, 3, 131
STYLE = """
QListWidget { background: #12151b; color: #ebebeb; font-size: 32px; border: none; padding: 54px 96px; }
QListWidget::item { background: #222732; border-radius: 24px; margin-bottom: 16px; padding-left: 28px; }
QListWidget::item:selected { background: #ebebeb; color: #12151b; border: 6px solid #eb4d44; }
"""


def main() -> None:
    application = QApplication([])
    rows = QListWidget()
    rows.setStyleSheet(STYLE)
    rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    rows.resize(1920, 1080)
    for number in range(ROWS):
        rows.addItem(f"Работы на спутнике {number + 1}\n{28 - number} ноября, 13:00")
        rows.item(number).setSizeHint(QSize(1728, PITCH))
    rows.show()
    rows.setCurrentRow(0)
    application.processEvents()
    keys = ([Qt.Key.Key_Down] * (ROWS - 1) + [Qt.Key.Key_Up] * (ROWS - 1)) * PASSES
    for _ in sys.stdin:
        taken = []
        for key in keys:
            began = time.perf_counter()
            application.sendEvent(rows, QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier))
            application.processEvents()
            taken.append(time.perf_counter() - began)
            application.sendEvent(rows, QKeyEvent(QEvent.Type.KeyRelease, key, Qt.KeyboardModifier.NoModifier))
            application.processEvents()
        assert rows.currentRow() == 0, "the keys did not lead back to the first row"  # noqa: S101
        sys.stdout.write(json.dumps(taken) + "\n")
        sys.stdout.flush()


main()
