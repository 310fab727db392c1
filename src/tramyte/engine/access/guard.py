"""How a model says who may see its rows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Guard:
    """How a model is guarded. A model names its own as the class attribute `guard`.

    view: the permission to see rows.  place: the lookup that leads to a Place (`""` when the rows are
    national code lists, open to whoever holds the permission).  personal: rows tell about one person,
    so that roles that may only see figures never reach them.
    """

    view: str
    place: str = ""
    personal: bool = False
