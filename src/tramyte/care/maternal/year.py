"""How a place stands this year in the indicators of mothers and births."""

from typing import Any

from tramyte.engine.access.models import User
from tramyte.engine.access.rights import assignments, may, places
from tramyte.engine.indicators import results
from tramyte.engine.places.models import Place

# The indicator, its short words, and whom its list names.
LISTS = {
    "BM01": ("Khám thai 4 lần, 3 thời kỳ", "Phụ nữ đẻ chưa đủ 4 lần khám trong 3 thời kỳ"), "BM02": ("Được quản lý thai", "Phụ nữ đẻ không được quản lý thai"),
    "BM03": ("Xét nghiệm HIV khi có thai", "Phụ nữ đẻ chưa xét nghiệm HIV trong thai kỳ"), "BM05": ("Đẻ tại cơ sở y tế", "Phụ nữ đẻ ngoài cơ sở y tế"),
    "BM06": ("Nhân viên y tế đỡ đẻ", "Phụ nữ đẻ không có nhân viên y tế đỡ"), "BM08": ("Khám tuần đầu sau sinh", "Chưa khám trong tuần đầu sau sinh"),
    "BM07": ("Khám trong 42 ngày sau sinh", "Chưa khám trong 42 ngày sau sinh"), "BM12": ("Trẻ đẻ dưới 2500 gam", "Trẻ đẻ dưới 2500 gam"),
    "DS08": ("Sàng lọc trước sinh", "Bà mẹ chưa được sàng lọc trước sinh từ 4 bệnh"), "DS09": ("Sàng lọc sơ sinh", "Trẻ chưa được sàng lọc sơ sinh từ 5 bệnh"),
    "DS06": ("Dùng biện pháp tránh thai", "Phụ nữ có chồng 15-49 tuổi chưa dùng biện pháp tránh thai"),
    "DS07": ("Dùng biện pháp hiện đại", "Phụ nữ có chồng 15-49 tuổi chưa dùng biện pháp hiện đại")}
PRIVATE_LISTS = frozenset({"BM03", "DS06", "DS07", "DS08", "DS09"})  # tests, screenings, family planning: not for the village
RATIO = "DS01"  # its subjects are births: nobody is on a list
ENOUGH_BIRTHS = 1500  # below it the sex ratio at birth says nothing


def may_see_figure(user: User, code: str, place: Place | None = None) -> bool:
    """Whether the user may see a figure of this place (None: of hamlets); of tests, screenings and family planning, a hamlet's two or three women would be known by it."""
    return code not in PRIVATE_LISTS or (place is not None and place.kind != Place.HAMLET) or may(user, "maternal.private")


def year_so_far(user: User, *, private: bool) -> list[dict[str, Any]]:
    """How the user's place stands this year in each indicator; empty for whoever may see no figures. At most three queries.

    private: the user may also see tests, screenings and family planning, so those lists open too.
    """
    allowed = places(user, "figures.view")
    place = next((held.place for held in assignments(user) if held.place_id in allowed), None)
    if place is None:
        return []
    found = results.series([*LISTS, RATIO], place, months=1)
    words = {code: short for code, (short, _) in LISTS.items()} | {RATIO: "Trai trên 100 gái khi sinh"}
    return [
        {"code": code, "words": words[code], "figure": found[code][-1], "listed": code in LISTS and (private or code not in PRIVATE_LISTS), "few": code == RATIO and found[code][-1].denominator < ENOUGH_BIRTHS}
        for code in words if code in found]
