"""What copbot does on time: one file per feature."""

import pkgutil
from importlib import import_module


def load() -> None:
    """Import every job, so that ticks know it. A new file needs no entry anywhere."""
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        import_module(f"{__name__}.{module.name}")
