"""The directives of the year 2026 of the invented commune Đồng Vân, written for the demo; numbers and people invented."""

from importlib.resources import files

NAMES = (
    "2026-01-ke-hoach-y-te-dan-so.txt",
    "2026-04-chi-thi-sot-xuat-huyet.txt",
    "2026-05-thong-bao-ket-luan.txt",
    "2026-05-cong-van-so-y-te.txt",
)


def read_directives() -> tuple[tuple[str, str], ...]:
    """File name and text of each directive, in the order of their dates."""
    folder = files(__name__)
    return tuple((name, folder.joinpath(name).read_text(encoding="utf-8")) for name in NAMES)
