"""The operator's commands at the service's database: each module adds one to ``python -m tools.headend``.

A module has ``add(commands)``, which adds its parser with ``run`` as a default: a function from the options to the
exit code. What a command needs beyond argparse it imports when it runs, so that ``--help`` is quick.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from tools.headend.commands import benefits, charge, pay, talk

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add_commands(commands: Commands) -> None:
    """Add every command of this package."""
    for module in (benefits, charge, pay, talk):
        module.add(commands)
