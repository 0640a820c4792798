"""What copbot keeps: one file per noun, holding its tables and the functions that read and write them."""

import pkgutil
from importlib import import_module


def load() -> None:
    """Import every noun, so that the metadata holds every table."""
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        if not module.ispkg:
            import_module(f"{__name__}.{module.name}")
