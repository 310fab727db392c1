"""The circles that a scan looks through: around each location its nearest ones, one ring after the other."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Cell = TypeVar("Cell", np.intp, np.bool_)

# Distances that differ by less than this share are one ring: the same grid in other units must give the same circles.
_SAME = 1e-9
_ROWS = 256
# WGS 84: the equatorial radius in km and the flattening.
_EQUATOR, _FLATTENING = 6378.137, 1 / 298.257223563


@dataclass(frozen=True, slots=True)
class Circles:
    """Circles around L locations, at most K locations in one.

    order: (L, K) int; order[i, k] is the k-th nearest location to i (0: i itself or one at the same point).
    is_zone: (L, K) bool; whether order[i, :k+1] is a whole circle within the limits that no earlier centre has also drawn;
    behind the last zone of a row `order` means nothing. x, y: (L,); longlat: whether they are degrees east and north.
    """

    order: NDArray[np.intp]
    is_zone: NDArray[np.bool_]
    x: Floats
    y: Floats
    longlat: bool

    def radius(self, centre: int, size: int) -> float:
        """From a location to the outermost of its `size` nearest: km with `longlat`, else in the unit of the coordinates."""
        ends = self.order[centre, size - 1]
        apart = distances(self.x[[centre]], self.y[[centre]], self.x[[ends]], self.y[[ends]], longlat=self.longlat)
        return float(apart[0, 0])


def draw_circles(
    x: Floats,
    y: Floats,
    *,
    weight: Floats,
    max_share: float = 1.0,
    nearest: int | None = None,
    max_distance: float | None = None,
    longlat: bool = False,
) -> Circles:
    """All distinct circles centred on locations, within every limit that is given.

    x, y: (L,) finite; with `longlat` degrees east (-180 to 180) and north (-90 to 90).
    weight: (L,) >= 0, what `max_share` (0 to 1) is a share of, usually people. nearest: most locations in a circle, the
    centre counted. max_distance: largest radius, inclusive. Locations at one distance enter together, for no circle divides
    them; so do locations at one point. A circle that a limit would cut is left out.
    """
    most = nearest or len(x)
    allowed = max_share * weight.sum() * (1 + _SAME)
    reach = np.inf if max_distance is None else max_distance * (1 + _SAME)
    rows = []
    for start in range(0, max(len(x), 1), _ROWS):
        some = slice(start, start + _ROWS)
        apart = distances(x[some], y[some], x, y, longlat=longlat)
        ranked = np.argsort(apart, axis=1, kind="stable")
        ring = np.take_along_axis(apart, ranked, axis=1)
        whole = np.ones(ranked.shape, dtype=np.bool_)
        whole[:, :-1] = ring[:, 1:] - ring[:, :-1] > _SAME * ring[:, 1:]
        whole &= (np.cumsum(weight[ranked], axis=1) <= allowed) & (ring <= reach)
        width = int(np.flatnonzero(whole[:, :most].any(axis=0)).max(initial=-1)) + 1
        rows.append((ranked[:, :width].copy(), whole[:, :width].copy()))
    width = max(order.shape[1] for order, _ in rows)
    order = np.concatenate([_widened(part, width) for part, _ in rows])
    whole = np.concatenate([_widened(part, width) for _, part in rows])
    return Circles(order, whole & _first_met(order, whole), x, y, longlat)


def _widened(rows: NDArray[Cell], width: int) -> NDArray[Cell]:
    """With zeros (no zone) on the right."""
    return np.pad(rows, ((0, 0), (0, width - rows.shape[1])))


def _first_met(order: NDArray[np.intp], is_zone: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether a row's first k+1 locations are a set that no earlier zone is: sets are compared by 64-bit sums."""
    marks = np.random.default_rng(0).integers(0, 2**64, size=len(order), dtype=np.uint64)
    sums = np.cumsum(marks[order], axis=1, dtype=np.uint64)
    zones = np.flatnonzero(is_zone)
    first = np.zeros(is_zone.size, dtype=np.bool_)
    first[zones[np.unique(sums.ravel()[zones], return_index=True)[1]]] = True
    return first.reshape(is_zone.shape)


def distances(x: Floats, y: Floats, to_x: Floats, to_y: Floats, *, longlat: bool = False) -> Floats:
    """(A, B): from each of the (A,) points to each of the (B,) others; Euclidean, or km along the earth with `longlat`."""
    if longlat:
        return _along_the_earth(x[:, None], y[:, None], to_x[None, :], to_y[None, :])
    return np.asarray(np.hypot(x[:, None] - to_x[None, :], y[:, None] - to_y[None, :]), dtype=np.float64)


def _along_the_earth(east: Floats, north: Floats, to_east: Floats, to_north: Floats) -> Floats:
    """Great-circle distance with Andoyer's correction for the flattening, within 50 m everywhere (Meeus 1998, Astronomical
    Algorithms, 2nd ed., chapter 11). The correction is defined for neither equal nor opposite points and left out there.
    """
    middle, half = np.radians(north + to_north) / 2, np.radians(north - to_north) / 2
    aside = np.radians(east - to_east) / 2
    near = (np.sin(half) * np.cos(aside)) ** 2 + (np.cos(middle) * np.sin(aside)) ** 2
    far = (np.cos(half) * np.cos(aside)) ** 2 + (np.sin(middle) * np.sin(aside)) ** 2
    angle = np.arctan2(np.sqrt(near), np.sqrt(far))
    regular = (near > 0) & (far > 0)
    near, far = np.where(regular, near, 1.0), np.where(regular, far, 1.0)
    ratio = np.sqrt(near * far) / np.where(regular, angle, 1.0)
    outward = (3 * ratio - 1) / (2 * far) * (np.sin(middle) * np.cos(half)) ** 2
    inward = (3 * ratio + 1) / (2 * near) * (np.cos(middle) * np.sin(half)) ** 2
    flattened = np.where(regular, 1 + _FLATTENING * (outward - inward), 1.0)
    return np.asarray(2 * _EQUATOR * angle * flattened, dtype=np.float64)
