"""Alembic's entry: runs the migrations on the connection that ``storage.schema`` hands over."""

from __future__ import annotations

from alembic import context

from tools.headend.storage.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
