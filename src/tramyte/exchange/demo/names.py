"""Names of invented people: by sex and generation, with the shares of family names in Viet Nam.

Family names: rounded shares of a national study of 2022 (second hand); our own split of Hoàng/Huỳnh and Vũ/Võ for the
north. Middle and given names and their weights are our own choice by generation.
"""

from tramyte.exchange.demo.draws import Draws, Table

_FAMILY = Table(
    [
        ("Nguyễn", 31.5), ("Trần", 10.9), ("Lê", 8.9), ("Phạm", 5.9), ("Hoàng", 5.1), ("Vũ", 4.9), ("Phan", 2.8),
        ("Trương", 2.2), ("Bùi", 2.1), ("Đặng", 1.9), ("Đỗ", 1.9), ("Ngô", 1.7), ("Hồ", 1.5), ("Dương", 1.4),
        ("Đinh", 1.0), ("Đoàn", 0.9), ("Trịnh", 0.9), ("Đào", 0.8), ("Mai", 0.8), ("Lương", 0.7), ("Tạ", 0.5),
        ("Lại", 0.4), ("Tống", 0.3), ("An", 0.2),
    ]
)  # fmt: skip
_MUONG_FAMILY = Table([("Bùi", 35), ("Quách", 20), ("Đinh", 25), ("Hà", 10), ("Bạch", 5), ("Nguyễn", 5)])

_OLD, _MIDDLE, _YOUNG = 0, 1, 2


def _words(text: str) -> Table[str]:
    """A table from "word:weight word word": a weight holds until the next one; _ joins the words of one name."""
    weighted: list[tuple[str, float]] = []
    weight = 1.0
    for item in text.split():
        if item.isdigit():
            weight = float(item)
        else:
            weighted.append((item.replace("_", " "), weight))
    return Table(weighted)


_MIDDLES = {
    ("M", _OLD): _words(
        "60 Văn 5 Xuân Đình Đức 4 Ngọc Hữu Quang 3 Công Bá Thế 2 Trọng Duy Viết Khắc Kim Minh Tiến"
    ),
    ("M", _MIDDLE): _words(
        "34 Văn 7 Đức Xuân Quang Minh 5 Hữu Đình Ngọc Thanh Mạnh 4 Công Tuấn Trung Thế Anh 3 Duy Quốc Hồng Trọng"
        " 2 Tiến Việt Bá Thành Hải"
    ),
    ("M", _YOUNG): _words(
        "10 Minh Gia Đức 8 Bảo Anh Quang 7 Văn Tuấn Hoàng Duy 5 Đăng Quốc Nhật Hải Thành Khánh 4 Việt Mạnh Trung Thiên"
        " 3 Ngọc Tiến Đình Hữu Xuân Phúc An Nguyên Thái"
    ),
    ("F", _OLD): _words("90 Thị 1 Thị_Kim Thị_Hồng Thị_Thanh Thị_Ngọc"),
    ("F", _MIDDLE): _words(
        "52 Thị 6 Thị_Thu Thị_Thanh Thị_Hồng Thị_Kim 4 Thị_Ngọc Thị_Minh Thị_Bích Thị_Phương 2 Thanh Thu Hồng Ngọc"
        " Thúy Kim 1 Thị_Tuyết Thị_Lan Thị_Hải Thị_Mai"
    ),
    ("F", _YOUNG): _words(
        "12 Thị 9 Ngọc Phương Bảo 7 Khánh Minh Thảo Gia 5 Thị_Thu Thị_Ngọc Hà Quỳnh Thùy Anh 4 Thanh Diệu Tường Hải"
        " 3 Thị_Phương Thị_Khánh Mai Tuệ Linh Như Yến Kim"
    ),
}
_GIVENS = {
    ("M", _OLD): _words(
        "6 Hùng Thành Bình Minh Sơn 5 Dũng Hải Tiến Thắng Long Thanh Toàn 4 Chiến Quang Hòa Khánh Lợi Phúc Thịnh Tuấn"
        " 3 Cường Đức Hiền Lâm Nam Nghĩa Tâm Thuận Vinh Xuân 2 Bảy Cảnh Điền Định Khoa Mạnh Ngọc Sinh Thao Thiện"
        " Thọ Thủy Trọng Tư Tỵ Vượng Đông Khải Quý Luận"
    ),
    ("M", _MIDDLE): _words(
        "7 Tuấn Hùng Dũng Cường 6 Hải Thắng Sơn Tùng Nam 5 Trung Thành Long Hiếu Hưng 4 Toàn Quân Đức Minh Mạnh Quang"
        " Huy Tiến Kiên 3 Bình Hoàng Linh Việt Anh Khánh Vinh Phong Thịnh Phương 2 Chung Công Duy Giang Hòa Lâm Lộc"
        " Nghĩa Quyết Tân Tú Đạt Trường Thái Hiệp Thuận Sáng"
    ),
    ("M", _YOUNG): _words(
        "8 Anh Huy 7 Minh Khang Bảo 6 Phúc Khôi Đạt Nam 5 Long Hiếu Quân Dũng Đức 4 Hưng Khánh Nguyên Phong Thịnh"
        " Tùng Kiên Lâm 3 Sơn Tuấn Việt Vinh Đăng Hoàng Quang Hải 2 Thành Trung Tiến Thiện Trí Cường Duy Khoa An Bách"
        " Dương Mạnh Tú Vũ"
    ),
    ("F", _OLD): _words(
        "6 Lan Hoa Hồng Thanh Nga 5 Mai Bình Hà Tâm Liên 4 Hiền Loan Vân Yến Xuân Hòa Thủy 3 Cúc Đào Huệ Lý Nhàn Minh"
        " Ngọc Oanh Thơm Thìn Tuyết Hợi 2 Bé Chắt Chiên Dần Gái Khuyên Lụa Mận Mùi Nụ Nhung Sợi Tý Thắm Vui Én Thoa"
        " Sen Phượng Hường"
    ),
    ("F", _MIDDLE): _words(
        "7 Hương Hà Thủy 6 Huyền Lan Hoa Hằng Nga 5 Hạnh Hiền Thảo Trang Hường Loan 4 Vân Yến Nhung Phương Mai Thu"
        " Ngọc Liên 3 Oanh Thúy Tuyết Hồng Huệ Dung Tâm Linh Ngân 2 Bích Chinh Duyên Giang Hậu Hòa Lệ Ly Minh Thơm"
        " Thắm Thanh Xuân Quyên Lương Nguyệt"
    ),
    ("F", _YOUNG): _words(
        "9 Anh Linh 8 Trang Ngọc 7 Nhi Chi Vy 6 Hà Thảo Phương My 5 Hân Ngân Mai Huyền Châu 4 Uyên Yến Thư Quỳnh Dương"
        " Hương 3 An Giang Nhung Ly Trâm Khánh Vân Diệp 2 Ánh Bích Duyên Hằng Lam Nguyên Như San Thanh Thủy Tú Đan"
    ),
}


def generation(birth_year: int) -> int:
    """0 for people born before 1965, 1 up to 1994, 2 after: names changed about then."""
    return _OLD if birth_year < 1965 else _MIDDLE if birth_year < 1995 else _YOUNG


def family_name(draws: Draws, ethnicity: str) -> str:
    """A family name; Mường families (code 06) have shares of their own."""
    return draws.weighted(_MUONG_FAMILY if ethnicity == "06" else _FAMILY)


def personal_name(draws: Draws, sex: str, birth_year: int) -> str:
    """Middle and given name of the sex and generation; the two words differ."""
    key = (sex, generation(birth_year))
    middle, given = draws.weighted(_MIDDLES[key]), draws.weighted(_GIVENS[key])
    while given in middle.split():
        given = draws.weighted(_GIVENS[key])
    return f"{middle} {given}"
