"""The state of a target, from its forecast."""

from typing import Literal

from tramyte.rules.trend.projection import Projection

State = Literal["reached", "on_track", "at_risk", "hard", "unknown"]

_AT_LEAST = frozenset({"=", ">=", ">", "~"})
_AT_MOST = frozenset({"<=", "<"})


def meets(value: float, comparator: str, target: float) -> bool:
    """Whether a figure meets a target. "=" ("đạt 100 %") and "~" ("khoảng") count as at least.

    ValueError for a comparator other than =, >=, >, ~, <= and < ("reduce" needs a starting figure that is not here).
    """
    if comparator == ">":
        return value > target
    if comparator in _AT_LEAST:
        return value >= target
    if comparator == "<":
        return value < target
    if comparator == "<=":
        return value <= target
    raise ValueError(
        f"Không so sánh được với chỉ tiêu có dấu “{comparator}”. Hãy sửa chỉ tiêu thành mức phải đạt."
    )


def judge(
    projection: Projection | None, comparator: str, target: float | None, *, current: float | None = None
) -> State:
    """The state of a target by its forecast.

    reached (Đã đạt): the newest figure meets it; a running total under an upper limit only once the deadline has come,
    for it can still pass the limit. on_track (Dự báo đạt): the forecast meets it. at_risk (Nguy cơ): the forecast
    misses, its range still reaches. hard (Khó đạt): the whole range misses. unknown (Chưa đủ số liệu): no forecast, no
    figure to reach, or "reduce" without a starting figure.
    current: the newest figure, used when there is no projection: a target already met is reached without a forecast.
    """
    if target is None or comparator not in _AT_LEAST | _AT_MOST:
        return "unknown"
    if projection is None:
        met = current is not None and comparator in _AT_LEAST and meets(current, comparator, target)
        return "reached" if met else "unknown"
    over = projection.last_day >= projection.deadline
    may_grow = projection.cumulative and comparator in _AT_MOST and not over
    if meets(projection.last, comparator, target) and not may_grow:
        return "reached"
    if meets(projection.value, comparator, target):
        return "on_track"
    best = projection.high if comparator in _AT_LEAST else projection.low
    return "at_risk" if meets(best, comparator, target) else "hard"
