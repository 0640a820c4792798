"""How Alembic finds the database and the tables: both are handed to it by `copbot.store.schema`."""

from alembic import context

from copbot import store
from copbot.store.base import Base

store.load()
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    include_object=lambda _object, name, type_, _reflected, _other: (
        not (type_ == "table" and str(name).startswith("search_index"))
    ),
)
context.run_migrations()
