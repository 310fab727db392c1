"""A text whose line ends were lost (one paragraph, or one line a page): where its lines began."""

import re

from tramyte.rules.directives.verbs import ACTION

_LONG = 700
_ALONE = 3
_UPPER = "A-ZĐÀ-ÂÈ-ÊÌÍÒ-ÕÙÚÝĂĨŨƠƯẠ-Ỹ"
_HEAD = re.compile(
    r"\s(?=(?:CỘNG\s+H[OÒ][AÀ]?A?\s+XÃ\s+HỘI|ĐẢNG CỘNG SẢN|Độc lập\s*[-–]|Số\s*:\s*\d*\s*/|Số\s*:\s*\d+[-/]|V/v\s|Kính gửi|"
    r"(?:KẾ HOẠCH|CHỈ THỊ|THÔNG BÁO|QUYẾT ĐỊNH|NGHỊ QUYẾT|CÔNG ĐIỆN|CHƯƠNG TRÌNH|HƯỚNG DẪN|KẾT LUẬN)\s+(?:[A-ZĐ][^\W\d_]*[a-zà-ỹ]|[-V])|"
    r"(?:Căn cứ|Thực hiện (?:Kế hoạch|Chỉ thị|Công văn|Nghị quyết|Quyết định|Công điện)|Sau khi|Ngày \d|Để (?:kịp|bảo|chủ|tăng|thực)|Nhằm|Trong (?:thời|những|năm)|Hiện nay|Thời gian (?:qua|gần)|Từ đầu)(?!\w)))|"
    rf"(?<=[{_UPPER}])\s(?=(?:SỞ|VĂN PHÒNG|TRẠM Y TẾ|TRUNG TÂM|CHI CỤC)\s)|"
    r"(?<=Độc lập - Tự do - Hạnh phúc)\s|(?<=[12]\d{3})\s(?=V/v|[A-ZĐ]{2})|"
    r"(?:(?<=KẾ HOẠCH)|(?<=CHỈ THỊ)|(?<=THÔNG BÁO)|(?<=QUYẾT ĐỊNH)|(?<=NGHỊ QUYẾT)|(?<=CÔNG ĐIỆN)|(?<=KẾT LUẬN)|(?<=HƯỚNG DẪN))\s(?=[A-ZĐ][^\W\d_]*[a-zà-ỹ])"
)
_DATED = re.compile(rf"\s(?:[{_UPPER}]\w+\s){{0,3}}[{_UPPER}]\w+,\s+ngày\s+\d{{1,2}}\s+tháng\s")
_AFTER_UNIT = re.compile(
    r"(?<=[a-zà-ỹ])(?<!Ban)(?<!Sở)(?<!và)\s(?=(?:Tham mưu|Chủ trì|Phối hợp|Chủ động|Rà soát|Triển khai|Tuyên truyền|Bố trí|Cân đối|Hướng dẫn|Lồng ghép|Báo cáo|Tăng cường|Tăng|Đẩy mạnh|"
    r"Thực hiện|Duy trì|Phấn đấu|Tiếp tục|Kiểm tra|Giám sát|Tổ chức|Tổng hợp|Vận động|Chỉ đạo|Xây dựng kế hoạch|Cung cấp|Cung ứng|Theo dõi)[\s,])"
)
_NUMBERED = re.compile(
    rf"(?<!số)(?<!khoản)(?<!mục)(?<!iều)(?<!năm)(?<!tháng)(?<!ngày)(?<!lần)(?<!thứ)(?<!nhóm)(?<!cấp)(?<!đợt)(?<!dưới)(?<!phường)(?<!quý)\s(?=\d{{1,2}}(?:\.\d{{1,2}})*\.\s+[{_UPPER}“\d])"
)
_MARKED = re.compile(
    rf"\s(?=(?:[IVX]{{1,5}}\.\s+[{_UPPER}]|[a-zđ]\)\s*\S|\(\d{{1,2}}\)\s+[{_UPPER}\d]|Điều\s+\d{{1,3}}\.\s|Nơi nhận\s*:|(?:TM|KT|TL)\.\s+[{_UPPER}]{{2}}))|"
    r"(?<=[.;:])\s(?=[-–+•]\s*\S)|(?<=[.;/])\s(?=Trên đây là|(?:Yêu cầu|Đề nghị) (?:các|thủ trưởng|Thủ trưởng)|Nhận được|Trong quá trình)"
)
_DASHED = re.compile(rf"\s(?=[-–+•]\s+(?!Tự do|Hạnh phúc)(?P<word>[{_UPPER}][^\W\d]))")
_FIGURED = re.compile(r"(?:Tỷ|Tỉ|Trên|Mỗi|Tổng|Số|Ít nhất|Tối thiểu)\s")


def opened(text: str) -> str:
    """The text with line feeds in place of the spaces before its parts, so that every offset stays; other texts as they are."""
    filled = [line for line in text.split("\n") if line.strip()]
    if not filled or len(text) < 120 or (len(filled) > _ALONE and len(text) < _LONG * len(filled)):
        return text
    if max(map(len, filled)) < 0.6 * sum(map(len, filled)) and len(text) < _LONG * len(filled):
        return text
    breaks = {found.start() for found in _HEAD.finditer(text, 0, 1500)}
    breaks.update(found.start() for found in _DATED.finditer(text, 0, 1500))
    breaks.update(found.start() for pattern in (_NUMBERED, _MARKED, _AFTER_UNIT) for found in pattern.finditer(text))
    breaks.update(
        found.start() for found in _DASHED.finditer(text)
        if ACTION.match(text, found.start("word")) or _FIGURED.match(text, found.start("word"))
    )
    letters = list(text)
    for at in breaks:
        letters[at] = "\n"
    return "".join(letters)
