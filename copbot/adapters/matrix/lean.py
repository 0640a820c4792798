"""Loads nio's store without what it would only carry along: peewee takes in every database driver it finds."""

import sys

#: psycopg alone is 8 MB. Where copbot works on PostgreSQL it has been loaded before, or will be afterwards.
_DRIVERS = [name for name in ("psycopg", "psycopg2") if name not in sys.modules]

for _name in _DRIVERS:
    sys.modules[_name] = None  # type: ignore[assignment]
try:
    import peewee  # noqa: F401
finally:
    for _name in _DRIVERS:
        del sys.modules[_name]
