"""Names of responsible units: how they begin, where their list ends, how a list is divided."""

import re

from tramyte.rules.directives.verbs import ACTION, ORDER

_PLURAL = (
    r"[Cc]ác\s+(?:đồng\s+chí|đ/c|cơ\s+quan|đơn\s+vị|sở|bộ|ban|ngành|phòng|trạm|trung\s+tâm|bệnh\s+viện|công\s+ty|doanh\s+nghiệp|trường|nhà\s+trường|"
    r"thôn|xóm|ấp|bản|buôn|tổ|khu|khối|xã|phường|huyện|quận|thị\s+xã|địa\s+phương|tỉnh|thành\s+phố|cấp|chi\s+bộ|chi\s+ủy|đảng\s+bộ|đảng\s+ủy|đoàn\s+thể|"
    r"hội(?!\s+(?:nghị|thảo|chứng))|tổ\s+chức|thành\s+viên|khoa|phân\s+trạm|điểm\s+trạm|cơ\s+sở(?!\s+vật)|lực\s+lượng|đài|công\s+chức|cán\s+bộ|"
    r"bộ\s+phận|ủy\s+ban|đội|hộ|hợp\s+tác\s+xã|nhân\s+viên|cộng\s+tác\s+viên|thủ\s+trưởng|chủ\s+(?:cơ\s+sở|đầu\s+tư|dự\s+án|hộ|rừng|tàu|nhà)|trưởng|phó|ông|bà|viện|cục|chi\s+cục|vụ|nhóm|"
    r"hiệp\s+hội|phòng\s+khám|nhà\s+thuốc|chi\s+hội|đoàn(?!\s+viên)|mặt\s+trận|giám\s+đốc|chủ\s+tịch|Sở|Bộ|Ban|Ngành|Phòng|Trạm|Trung\s+tâm|Bệnh\s+viện|"
    r"Trường|Thôn|Tổ|Xã|Phường|Hội|Đoàn|Khoa|Cơ\s+quan|Đơn\s+vị|Cục|Vụ|Viện|Chi|Phó|Công|Doanh)\b"
)
_NAMED = (
    r"(?:Thường\s+trực|Ban\s+Thường\s+vụ|Ban\s+Chấp\s+hành|Đảng\s+(?:ủy|uỷ|bộ|đoàn)|Đảng\s+viên|Huyện\s+(?:ủy|uỷ|đoàn)|Tỉnh\s+(?:ủy|uỷ|đoàn)|Thành\s+(?:ủy|uỷ|đoàn)|"
    r"Thị\s+(?:ủy|uỷ)|Xã\s+đoàn|Chi\s+(?:bộ|ủy|uỷ|cục|hội|đoàn)|Cấp\s+(?:ủy|uỷ)|Chính\s+(?:phủ|quyền)|(?:Phó\s+)?Thủ\s+tướng|(?:Phó\s+)?Bộ\s+trưởng|Thống\s+đốc|"
    r"Bộ\s+(?:Chỉ\s+huy|Tư\s+lệnh|phận|đội|Chính\s+trị|[A-ZĐ])|Ngành\s|Tổng\s+(?:cục|công\s+ty|[Bb]iên)|Cục\s|Vụ\s|Viện(?!\s+phí)|Học\s+viện|"
    r"Ủy\s+ban|Uỷ\s+ban|UBND|HĐND|Hội\s+đồng|UB\s?MTTQ|UBMT|MTTQ|Mặt\s+trận|(?:Phó\s+)?Chủ\s+(?:tịch|nhiệm|cơ\s+sở)|(?:Phó\s+)?Giám\s+đốc|Thủ\s+trưởng|"
    r"Người\s+đứng\s+đầu|(?:Phó\s+)?Trưởng\s|Hiệu\s+trưởng|(?:Phó\s+)?Chánh\s|Cán\s+bộ|Công\s+chức|Viên\s+chức|(?:Phó\s+)?Bí\s+thư|Lãnh\s+đạo\s+(?=[A-ZĐcU])|"
    r"Sở\s|Phòng(?!\s*,|\s+(?:chống|ngừa|bệnh|tránh|trừ|chữa|họp))\s|Ban(?!\s+hành)\s|Văn\s+phòng|Trung\s+tâm|TTYT|Trạm|TYT|CDC|Bệnh\s+viện|BV\s|Phòng\s+khám|"
    r"Nhà\s+(?:thuốc|trường)|Trường(?!\s+hợp)\s|Công\s+an|Quân\s+(?:sự|y|đội)|Đồn\s|Bộ\s+đội|Biên\s+phòng|Thanh\s+tra|Kho\s+bạc|Ngân\s+hàng|Bảo\s+hiểm\s+xã\s+hội|BHXH|"
    r"Thuế|Đài\s|Báo(?!\s+cáo|\s+động|\s+hiệu)\s|Cổng\s+(?:Thông|thông)|Trang\s+(?:Thông|thông)|Hội(?!\s+(?:nghị|thảo|viên|họp|chẩn|chứng|tụ|nhập))\s|Hiệp\s+hội|Liên\s+(?:đoàn|hiệp|minh)|"
    r"Công\s+(?:đoàn|ty)|Đoàn(?!\s+(?:viên|kiểm|kết|công\s+tác|giám\s+sát))\s|Hợp\s+tác\s+xã|HTX|Tập\s+đoàn|Doanh\s+nghiệp|Điện\s+lực|Bưu\s+điện|VNPT|Viettel|"
    r"Tổ(?!\s+chức)\s|Nhóm\s+(?=[a-zđ]+\s+công)|Đội(?!\s+ngũ)\s|Khoa(?!\s+học)\s|Hạt\s+Kiểm|Tòa\s+án|Viện\s+kiểm\s+sát|Y\s+tế\s+(?:thôn|cơ\s+quan|trường|bản|xã)|"
    r"\d{1,3}(?:/\d{1,3})?\s+(?:xã|phường|thôn|sở|huyện|địa\s+phương|đơn\s+vị|trạm\s+y\s+tế)\s(?=có\s|còn\s|chưa\s|nêu\s|trên\s|thuộc\s|được\s)|Nhân\s+viên|Cộng\s+tác\s+viên|Ngành|Khối|Cơ\s+quan|Đơn\s+vị|Địa\s+phương|Cơ\s+sở(?!\s+vật|\s+dữ)|Chủ\s+hộ|Lực\s+lượng|Từng\s+(?:cơ|đơn)|Mỗi\s+(?:cơ|đơn)|"
    r"Tập\s+thể|Đồng\s+chí|Đ/c|đồng\s+chí|đ/c|[ÔO]ng\s|Bà\s|Thành\s+viên|Đại\s+diện|Quý\s|Bản(?=\s+quản)|Tham\s+mưu\s+trưởng|Trạm\s+trưởng|Quân\s+khu|Mạng\s+lưới)"
)
_LOWER = (
    r"(?:(?:ngành|phòng|sở|ban|trung\s+tâm|trạm|hội|đội)\s+[A-ZĐ]|cấp\s+(?:ủy|uỷ)|chính\s+quyền\s|thủ\s+trưởng\s|người\s+đứng\s+đầu|trưởng\s+(?:các|thôn|trạm|phòng|ban)|giám\s+đốc\s|chủ\s+tịch\s|hiệu\s+trưởng|"
    r"nhân\s+viên\s+y\s+tế|cộng\s+tác\s+viên|y\s+tế\s+(?:thôn|bản)|công\s+an\s|trạm\s+y\s+tế|trung\s+tâm\s+y\s+tế|phòng\s+khám|bệnh\s+viện\s|cán\s+bộ\s|lãnh\s+đạo\s|"
    r"(?:toàn\s+thể\s+)?cán\s+bộ|sở,|bộ,|đại\s+diện\s|cơ\s+quan\s|đơn\s+vị\s|toàn\s+(?:ngành|hệ\s+thống)|từng\s+(?:cơ|đơn)|tổ\s+công\s+nghệ|bộ\s+phận\s)"
)
HEAD = re.compile(rf"(?:{_PLURAL}|{_NAMED})")
ANY_HEAD = re.compile(rf"(?:{_PLURAL}|{_NAMED}|{_LOWER})")
_VERBS = (
    "chủ trì|phối hợp|tham mưu|cần|phải|có trách nhiệm|chịu trách nhiệm|nghiêm túc|khẩn trương|tiếp tục|chủ động|tăng cường|thực hiện|triển khai|xây dựng|"
    "ban hành|rà soát|hướng dẫn|kiểm tra|đôn đốc|theo dõi|báo cáo|tổng hợp|căn cứ|theo chức năng|theo nhiệm vụ|theo thẩm quyền|theo quy định|theo phạm vi|theo lĩnh vực|"
    "tập trung|đẩy mạnh|bố trí|cân đối|thẩm định|đảm bảo|bảo đảm|cung cấp|cập nhật|lập|gửi|chuẩn bị|hoàn thành|hoàn thiện|hoàn chỉnh|nghiên cứu|quan tâm|"
    "vận động|tuyên truyền|hỗ trợ|tạo điều kiện|lồng ghép|thành lập|kiện toàn|phát huy|nâng cao|đề xuất|trình|duy trì|xử lý|phát hiện|làm|là|sẽ|để|khi|"
    "trực tiếp|thường xuyên|định kỳ|hằng|hàng|kịp thời|đặc biệt|tích cực|quán triệt|gương mẫu|đăng ký|giao|yêu cầu|đề nghị|xem xét|thông báo|đăng tải|phát động|"
    "phát sóng|phát thanh|truyền thông|tham gia|thống nhất|chấn chỉnh|khắc phục|tháo gỡ|giải quyết|sắp xếp|mở rộng|phát triển|đưa|huy động|ưu tiên|dự phòng|phân bổ|"
    "phân công|cử|chuyển|tiếp nhận|quyết định|phê duyệt|công bố|công khai|niêm yết|đánh giá|sơ kết|tổng kết|khảo sát|thống kê|thanh tra|tư vấn|khám|tiêm|"
    "điều tra|lấy mẫu|cụ thể hóa|đưa vào|rút kinh nghiệm|đổi mới|củng cố|tranh thủ|vào cuộc|không|chưa|đã|đang|tiến hành|thúc đẩy|khuyến khích|bám sát|nắm|"
    "soạn thảo|dự thảo|xác định|xác minh|quản lý|giám sát|chỉ đạo|lãnh đạo|tổ chức|kết nối|đồng bộ|vận hành|mua sắm|sửa chữa|đầu tư|giải ngân|quyết toán|"
    "thu gom|phun|di chuyển|sơ tán|cấp phát|cấp kinh phí|cấp giấy|cấp thẻ|cấp cho|phục vụ|phổ biến|giới thiệu|biên soạn|in ấn|đào tạo|tập huấn|bồi dưỡng|bổ sung|điều chỉnh|thay thế|dừng|chấm dứt|mời|dự họp|dự hội nghị|"
    "sử dụng|khai thác|ứng dụng|áp dụng|nhân rộng|quy định|đề ra|đặt|tự|sớm|trước ngày|trước|trong quý|trong tháng|trong năm|trong thời gian|trên cơ sở|"
    "nhận được|đến|với vai trò|trong công tác|trong việc|trong quá trình|phản ánh|giữ|nộp|đối chiếu|làm sạch|tiếp cận|lưu ý|đồng thời|chậm nhất|từ ngày|từ nay|có kế hoạch|có văn bản|có biện pháp|có giải pháp|có phương án|có ý kiến|"
    "thi hành|chia sẻ|liên hệ|cam kết|quảng bá|giảm|hạn chế|ngăn chặn|phòng ngừa|phòng, chống|mở|xác nhận|trả lời|rà lại|tham dự|hướng tới|nhanh chóng|quyết liệt|sẵn sàng|bàn giao|cho phép|thông tin đến|thu thập|tiếp thu"
)
STOP = re.compile(rf"(?:{'|'.join(sorted(_VERBS.split('|'), key=len, reverse=True)).replace(' ', chr(92) + 's+')})(?!\w)")
_NOT_STOP_AFTER = {
    "tổ chức": ("các", "những", "và", "cơ quan,", "cá nhân,", "đơn vị,", "phòng", "ban", "sở", "với", "đoàn thể,", "ủy", "uỷ", "hội", "mọi", "từng"),
    "quản lý": ("ban", "quan", "cán bộ", "bộ", "cục", "chức", "sở", "vị"), "chỉ đạo": ("ban", "tổ"), "lãnh đạo": ("các", "ban", "ủy", "uỷ", "đồng chí"),
    "dự phòng": ("y tế", "tế"), "phòng, chống": ("đạo",), "kiểm tra": ("ban", "đoàn", "ủy ban"), "giám sát": ("đoàn", "ban", "tổ", "đội"),
    "giao": ("được",), "phân công": ("được",), "thanh tra": ("đoàn",), "truyền thông": ("và", "trung tâm"), "khám": ("phòng", "sở"), "trình": ("công", "chương", "quy", "quá", "lộ"), "tiêm": ("điểm", "sở"), "sử dụng": ("vị", "sở"), "theo dõi": ("chức", "bộ"), "cung cấp": ("sở", "vị"),
    "thu gom": ("vị", "sở"), "chuyển": ("tổ",), "cử": ("bầu",), "hướng dẫn": ("viên",), "điều tra": ("quan",),
    "công bố": ("tự",), "tuyên truyền": ("viên",), "phục vụ": ("tâm",), "phát thanh": ("đài",), "truyền": (), "xử lý": ("tổ", "sở", "đội"),
    "đào tạo": ("sở", "và", "vụ"), "tư vấn": ("tâm", "tổ", "đội"), "tham gia": (), "đầu tư": ("chủ", "án", "và"), "dự": ("ban",), "thuế": (), "xây dựng": ("ban", "tư", "án", "sở", "phòng"), "hỗ trợ": ("tổ",),
    "phát triển": ("và", "quỹ", "án"), "công khai": (), "tự": (), "lập": ("công", "ngoài", "dân"), "là": (), "dự án": (),
}
_ROLE = re.compile(r"\s*\((?:là\s+)?(?:cơ quan|đơn vị|đầu mối|thường trực|chủ trì|phối hợp)\b[^()]*\)", re.I)
_MANY = re.compile(r"(?:(?:Thủ trưởng|Lãnh đạo|Người đứng đầu|Đại diện)\s+)?[Cc]ác\s")
_CAPITAL_LIST = re.compile(r"^(?P<lead>(?:Giám đốc |Bộ trưởng |Lãnh đạo |Chánh Thanh tra )?)(?P<les>[Cc]ác\s+)?(?P<head>[Ss]ở|[Bb]ộ|[Pp]hòng|[Bb]an)\s*:\s*")
_BREAK = re.compile(r"\s*;\s*|\s*,\s+(?:và\s+)?|\s+(?:và|cùng)\s+")
_PLACE_COLONS = {"xã:", "phường:", "huyện:", "tỉnh:", "thôn:", "quận:", "phố:", "bản:"}
_PLACES = "xã|phường|thị trấn|huyện|quận|thị xã|thôn|bản|xóm|ấp"
_TAIL = re.compile(r"\s*(?:[,;:.]|\s-\s*$|\bvà$|\bcùng$|\bvới$)+\s*$")
_QUALIFIER = re.compile(r"^(?:cơ quan|đơn vị|địa phương|đoàn thể|ban|ngành|thị trấn|phường|xã|tổ chức|cá nhân)\b")


def split_units(text: str) -> list[str]:
    """A printed list of units as single names; "các cơ quan, đơn vị" and "Văn hóa, Thể thao và Du lịch" stay whole."""
    listed = _CAPITAL_LIST.match(text)
    if listed:
        return _expand(listed, text[listed.end():])
    text = _ROLE.sub("", text)
    found: list[str] = []
    last = 0
    for gap in _BREAK.finditer(text):
        rest = text[gap.end():]
        before = text[last:gap.start()]
        if before.count("(") > before.count(")") or not _begins_unit(rest, before, gap.group(0)):
            continue
        found.append(before)
        last = gap.end()
    found.append(text[last:])
    named: list[str] = []
    for part in (_TAIL.sub("", part).strip() for part in found):
        again = _CAPITAL_LIST.match(part)
        named.extend(_expand(again, part[again.end():]) if again else [part] if part else [])
    return named


def _begins_unit(rest: str, before: str, gap: str) -> bool:
    """Whether a new unit begins after a comma or "và", and not the rest of the name before it."""
    if re.match(rf"(?:{_PLACES})\s+[A-ZĐÀ-Ỹ]", rest) and re.search(rf"(?:{_PLACES})\s+[A-ZĐÀ-Ỹ]\w*(?:\s[A-ZĐÀ-Ỹ]\w*)*$", before):
        return True
    if not ANY_HEAD.match(rest) or before in ("Báo", "Sở", "Ban", "Hội", "Phòng"):
        return False
    if re.match(r"(?:Truyền|Thể thao|Du lịch|Công nghệ|Môi trường|Đào tạo|Phát triển|Thông tin|Hạ tầng|Đô thị|Xã hội|UBND$|UBND\s+(?:xã|phường|tỉnh|huyện|thành|tại)\b.{0,30}$)", rest):
        return not re.search(r"(?:HĐND|Đoàn ĐBQH|Hội đồng nhân dân)$", before) and rest.startswith("UBND")
    if re.search(r"HĐND$|Hội đồng nhân dân$", before) and re.match(r"UBND|Ủy ban nhân dân", rest):
        return False
    if _MANY.match(before) and rest[:1].islower() and not re.match(r"các\s|(?:\w+\s){1,2}[A-ZĐ]", rest):
        return False
    if re.match(r"(?:phòng|sở|ban|trạm|hội)\s+[A-ZĐ]", rest) and re.search(r"[Cc]ác$", before):
        return False
    if re.match(r"(?:sở|bộ),|(?:cơ quan|đơn vị|cán bộ)\s", rest):
        return not _MANY.match(before)
    return not ("," in gap and re.match(r"Phòng\s+chống", rest))


def _expand(listed: re.Match[str], names: str) -> list[str]:
    """"các Sở: Y tế, Tài chính" as "Sở Y tế", "Sở Tài chính"; what is no bare name stays as printed."""
    head = listed["head"].capitalize()
    lead = listed["lead"]
    found = []
    known = re.compile(
        r"Văn hóa, Thể thao và Du lịch|Lao động,? ?-? ?Thương binh và Xã hội|[^,;]+? và (?:Đào tạo|Môi trường|Công nghệ|Truyền thông|Du lịch|Tôn giáo|Phát triển nông thôn|Đầu tư|Thể thao|Xã hội)"
        r"|[^,;]+", re.I)
    for name in known.finditer(names):
        bare = re.sub(r"^(?:và\s+)|[.;,:]+$", "", name.group(0).strip()).strip()
        for single in re.split(r"\s+và\s+(?!(?:Đào tạo|Môi trường|Công nghệ|Truyền thông|Du lịch|Tôn giáo|Phát triển|Đầu tư|Thể thao|Xã hội))", bare):
            if single:
                found.append(single if ANY_HEAD.match(single) else f"{lead}{head} {single}")
    return found


def list_end(text: str, start: int, limit: int = 420) -> tuple[int, bool]:
    """Where the list of units that begins at `start` ends, and whether a verb ended it."""
    place, depth = start, 0
    previous = ["", ""]
    stop_at = min(len(text), start + limit)
    for word in re.finditer(r"\S+", text[:stop_at][start:]):
        place = start + word.start()
        token = word.group(0)
        if depth == 0 and place > start and token[:1].islower() and _stops(text, place, previous):
            return place, True
        depth = max(0, depth + token.count("(") - token.count(")"))
        closed = (token.endswith(":") and not _names_follow(text, place, token)) or (token.endswith(".") and not text[place + len(token):].lstrip()[:1].islower())
        if depth == 0 and len(token) > 2 and closed:
            if token.endswith(":") and re.search(r"(?:[Ss]ở|[Bb]ộ|[Pp]hòng|[Bb]an):$", token):
                previous = [previous[1], token]
                continue
            return place + len(token) - 1, token.endswith(":")
        previous = [previous[1], token.lower()]
    return stop_at, False


def _names_follow(text: str, place: int, token: str) -> bool:
    """A colon that opens a list of place names ("UBND các xã: Tân An, Bình Minh khẩn trương ...")."""
    rest = text[place + len(token):place + len(token) + 60].lstrip()
    named = re.match(r"[A-ZĐÀ-Ỹ]\w*(?:\s[A-ZĐÀ-Ỹ]\w*)+[,\s]", rest)
    return token.lower() in _PLACE_COLONS and bool(named) and not ACTION.match(rest) and not ORDER.match(rest)


def _stops(text: str, place: int, previous: list[str]) -> bool:
    found = STOP.match(text, place)
    if not found:
        return False
    verb = re.sub(r"\s+", " ", found.group(0))
    before = " ".join(previous).rstrip(",;")
    last = previous[1].rstrip(",;")
    allowed = _NOT_STOP_AFTER.get(verb, ())
    return not (last in allowed or before in allowed or any(" " in word and before.endswith(word.rstrip(",")) for word in allowed))


def is_heading(text: str) -> bool:
    """Whether the whole line is a list of units and nothing else."""
    body = re.sub(r"\s*[:.;]+\s*$", "", text)
    if not body or len(body) > 260 or not (ANY_HEAD.match(body) or _CAPITAL_LIST.match(body)):
        return False
    end, verb = list_end(body, 0)
    return end >= len(body.rstrip()) and not verb and len(body.split()) <= 45


_THINGS = re.compile(r"(?:các|những)\s+(?:nội dung|nhiệm vụ|giải pháp|biện pháp|trường hợp|chỉ tiêu|vấn đề|hoạt động|khoản|dự án|gói|chương trình|tiêu chí|quy định|văn bản|công việc|số liệu|kết quả)")


def unheard(text: str, start: int) -> tuple[list[str], int, bool] | None:
    """A name of no known kind after an order ("Giao Hạt Quản lý đê ..."): up to the first verb, at most fourteen words."""
    if not (text[start:start + 1].isupper() or text.startswith(("các ", "những "), start)) or _THINGS.match(text, start) or ACTION.match(text, start):
        return None
    end, verb = list_end(text, start, 140)
    name = text[start:end].strip(" ,")
    if not verb or text[end:end + 1] == ":" or not 1 < len(name.split()) <= 14:
        return None
    return split_units(name), end, True


def leading(text: str, start: int = 0) -> tuple[list[str], int, bool] | None:
    """Units at `start` of a sentence: names, where they end, whether a verb follows; None when there are none."""
    if not ANY_HEAD.match(text, start) and not _CAPITAL_LIST.match(text[start:start + 40]):
        return None
    end, verb = list_end(text, start)
    names = split_units(text[start:end].strip())
    return (names, end, verb) if names else None
