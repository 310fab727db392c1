"""All registers, found by name."""

import importlib
import importlib.util
from typing import Any

from django.apps import apps

from tramyte.engine.refused import Refused
from tramyte.engine.registers.folded import offer_fold
from tramyte.engine.registers.register import Register

_FOUND: list[Register] = []


def autodiscover() -> None:
    """Collect the Register subclasses of every installed topic's `registers` module."""
    offer_fold()
    _FOUND.clear()
    for config in apps.get_app_configs():
        name = f"{config.name}.registers"
        if not config.name.startswith("tramyte.") or importlib.util.find_spec(name) is None:
            continue
        _FOUND.extend(declared(importlib.import_module(name)))


def declared(module: Any) -> list[Register]:
    """The registers that a module itself declares, in its order."""
    classes = [item for item in vars(module).values() if isinstance(item, type) and issubclass(item, Register)]
    return [item() for item in classes if item.__module__ == module.__name__]


def books() -> list[Register]:
    """Every register, those that only show what is written elsewhere too, by title."""
    return sorted(_FOUND, key=lambda register: register.title)


def registers() -> list[Register]:
    """Every register that is written in, by title."""
    return [register for register in books() if not register.read_only]


def get(slug: str) -> Register:
    """The register with this slug. Raises Refused (404)."""
    for register in _FOUND:
        if register.slug == slug:
            return register
    known = ", ".join(sorted(register.slug for register in _FOUND))
    raise Refused("no_register", f"Không có sổ “{slug[:40]}”. Các sổ hiện có: {known}.", status=404)
