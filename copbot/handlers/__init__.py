"""What copbot says: one file per feature, with its commands, the steps of its conversations and what it listens to."""

import pkgutil
from importlib import import_module


def load() -> None:
    """Import every handler, so that its commands and steps are known. A new file needs no entry anywhere."""
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        import_module(f"{__name__}.{module.name}")
