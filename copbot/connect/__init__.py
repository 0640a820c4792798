"""`copbot connect`: gives copbot an account on a platform, step by step. One file a platform."""

import importlib
import pkgutil

import typer

connect = typer.Typer(no_args_is_help=True, help="Give copbot an account on a platform, step by step.")


@connect.callback()
def platforms() -> None:
    """Give copbot an account on a platform, step by step."""


for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
