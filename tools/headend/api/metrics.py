"""A few counters in the text format of Prometheus (exposition format 0.0.4), by hand."""

from __future__ import annotations

import threading
from collections import Counter

_HELP = {
    "headend_requests_total": "Answers by method and status",
    "headend_sign_ins_total": "Attempts to sign in by outcome: granted, or the refusal's code",
    "headend_event_streams": "Open event streams",
}


class Metrics:
    """Counters and gauges by name and labels; thread-safe."""

    def __init__(self) -> None:
        self._values: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()
        self._lock = threading.Lock()

    def count(self, name: str, by: int = 1, **labels: str) -> None:
        with self._lock:
            self._values[name, tuple(labels.items())] += by

    def text(self) -> str:
        """The exposition."""
        with self._lock:
            values = sorted(self._values.items())
        lines: list[str] = []
        for name, help_text in _HELP.items():
            kind = "counter" if name.endswith("_total") else "gauge"
            lines += [f"# HELP {name} {help_text}", f"# TYPE {name} {kind}"]
            for (each, labels), value in values:
                if each == name:
                    marks = ",".join(f'{key}="{label}"' for key, label in labels)
                    lines.append(f"{name}{{{marks}}} {value}" if marks else f"{name} {value}")
        return "\n".join(lines) + "\n"
