"""How Alembic finds the database and the tables: both are handed to it by `copbot.store.schema`."""

import pkgutil
from importlib import import_module

from alembic import context

from copbot import store
from copbot.store.base import Base

for module in pkgutil.iter_modules(store.__path__):
    if module.name != "migrations":
        import_module(f"copbot.store.{module.name}")

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    include_object=lambda _object, name, type_, _reflected, _other: (
        not (type_ == "table" and str(name).startswith("search_words"))
    ),
)
context.run_migrations()
