"""Where the service's log goes: a file capped for flash, else standard error; every line redacted."""

from __future__ import annotations

import logging
import sys
import time
from logging.handlers import RotatingFileHandler

from device.api.redaction import RedactingFormatter
from device.config import LogConfig

FORMAT = "%(asctime)s.%(msecs)03dZ %(levelname)s %(threadName)s %(name)s: %(message)s"


class CappedFile(RotatingFileHandler):
    """A disk that does not take the log (full, read-only, gone) is said once on standard error; the service goes on."""

    def __init__(self, config: LogConfig) -> None:
        self._said = False
        super().__init__(
            config.file, maxBytes=config.max_bytes, backupCount=config.backups, encoding="utf-8", delay=True
        )

    def handleError(self, record: logging.LogRecord) -> None:
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            super().handleError(record)
        elif not self._said:
            self._said = True
            sys.stderr.write(f"{self.baseFilename}: the log cannot be written: {error.strerror}\n")


def set_up_logging(config: LogConfig | None) -> None:
    """Replaces what the root logger had. The library loggers' chatter below WARNING is left out."""
    handler: logging.Handler = logging.StreamHandler()
    if config is not None:
        try:
            config.file.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        except OSError as error:
            sys.stderr.write(f"{config.file.parent}: the log's folder cannot be made: {error.strerror}\n")
        else:
            handler = CappedFile(config)
    formatter = RedactingFormatter(FORMAT, "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    root = logging.getLogger()
    for old in tuple(root.handlers):
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for noisy in ("urllib3", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.captureWarnings(True)
