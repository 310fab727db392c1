"""An invented plan of the test commune, and the ways to bring it in."""

import pytest

PLAN = """ỦY BAN NHÂN DÂN          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
XÃ ĐỒNG VÂN                  Độc lập - Tự do - Hạnh phúc
Số: {number}/KH-UBND          Đồng Vân, ngày {day} tháng 5 năm 2026

KẾ HOẠCH
Nâng cao năng lực y tế cơ sở năm 2026

{opening}
I. MỤC ĐÍCH, YÊU CẦU
Nâng cao chất lượng chăm sóc sức khỏe Nhân dân.
II. MỤC TIÊU
- Tỷ lệ người dân tham gia bảo hiểm y tế đạt từ 98% trở lên.
- 100% người dân có hồ sơ sức khỏe điện tử.
III. GIẢI PHÁP
- Tăng cường tuyên truyền về lợi ích của bảo hiểm y tế đến từng hộ gia đình.
IV. TỔ CHỨC THỰC HIỆN
1. Trạm Y tế xã
- Rà soát, lập danh sách người chưa có thẻ bảo hiểm y tế, hoàn thành trước ngày 15/6/2026.
- Tổ chức khám sức khỏe định kỳ cho người dân, mỗi tháng một đợt.
2. Phòng Kinh tế
- Tham mưu bố trí kinh phí sửa chữa điểm trạm, hoàn thành trong tháng 7/2026.
3. Hội Phụ nữ xã
- Vận động hội viên tham gia bảo hiểm y tế.
V. CHẾ ĐỘ BÁO CÁO
Các đơn vị báo cáo kết quả 6 tháng trước ngày 10/6, báo cáo năm trước ngày 10/11 về Ủy ban nhân dân xã (qua Phòng Văn hóa - Xã hội).

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Trần Văn Bình

Nơi nhận:
- Như trên;
- Lưu: VT.
"""


def plan(number="87", day="29", opening="Căn cứ tình hình thực tế, Ủy ban nhân dân xã ban hành Kế hoạch như sau:"):
    return PLAN.format(number=number, day=day, opening=opening)


@pytest.fixture
def plan_text():
    """The plan as text; `plan_text(number="90", opening="...")`."""
    return plan


@pytest.fixture
def received(cast):
    """The plan, received and waiting for review."""
    from tramyte.governance.directives.actions import receive_directive

    return receive_directive(by=cast.officer, text=plan())


@pytest.fixture
def item(received):
    """An obligation of the plan by its mark; `item("N1")`."""
    return lambda mark: received.obligations.get(mark=mark)


@pytest.fixture
def issued(cast, received):
    """The plan with everything accepted and issued."""
    from tramyte.governance.directives.actions import accept_all, issue_directive

    accept_all(by=cast.officer, id=received.pk, add_units=True)
    return issue_directive(by=cast.officer, id=received.pk)
