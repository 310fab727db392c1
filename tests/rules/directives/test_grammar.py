"""The grammar's parts, each by a table of cases."""

import textwrap
from datetime import date
from pathlib import Path

import pytest

from tramyte.rules.directives import parse, targets, units
from tramyte.rules.directives.dates import Today, when

DOCUMENTS = Path(__file__).parent / "documents"
JUNE = Today(2025, 6, 10, date(2025, 6, 16))


@pytest.mark.parametrize(("sentence", "deadline"), [
    ("Rà soát danh sách xong trước ngày 05/7/2025.", "2025-07-05"),
    ("Rà soát danh sách trước ngày 10 tháng 8.", "2025-08-10"),
    ("Rà soát danh sách, hoàn thành trước 30/9.", "2025-09-30"),
    ("Rà soát danh sách chậm nhất là ngày 01.08.2025.", "2025-08-01"),
    ("Rà soát danh sách trong tháng 8/2025.", "2025-08-31"),
    ("Rà soát danh sách trong quý IV.", "2025-12-31"),
    ("Rà soát danh sách trong 6 tháng đầu năm 2026.", "2026-06-30"),
    ("Từ nay đến cuối năm rà soát danh sách.", "2025-12-31"),
    ("Rà soát danh sách trong năm 2026.", "2026-12-31"),
    ("Rà soát danh sách trước 17 giờ 00 ngày 20/6.", "2025-06-20"),
    ("Trình trước ngày 15/01.", "2026-01-15"),
    ("Trả lời trong vòng 05 ngày làm việc kể từ ngày nhận được văn bản.", "2025-06-23"),
    ("Trả lời trong vòng 10 ngày kể từ ngày ký.", "2025-06-20"),
    ("Thực hiện Chỉ thị số 25-CT/TW ngày 25/10/2023.", None),
    ("Phấn đấu đến năm 2030 đạt chuẩn.", None),
    ("Gửi số liệu trước ngày 25 hằng tháng.", None),
    ("Sơ kết hằng năm, báo cáo trước ngày 30/11.", None),
    ("Hoàn thành trước ngày 31/02/2025.", None),
])
def test_deadlines(sentence, deadline):
    found = when(sentence, JUNE)
    assert (found.deadline if found else None) == deadline


def test_a_range_has_both_ends():
    found = when("Tổng vệ sinh từ ngày 15/7 đến hết ngày 31/8/2025.", JUNE)
    assert (found.start, found.deadline) == ("2025-07-15", "2025-08-31")


@pytest.mark.parametrize(("text", "names"), [
    ("Sở Y tế, Sở Văn hóa, Thể thao và Du lịch và Công an tỉnh", ["Sở Y tế", "Sở Văn hóa, Thể thao và Du lịch", "Công an tỉnh"]),
    ("các sở, ban, ngành; UBND các xã, phường", ["các sở, ban, ngành", "UBND các xã, phường"]),
    ("các Sở: Y tế, Giáo dục và Đào tạo, Tài chính", ["Sở Y tế", "Sở Giáo dục và Đào tạo", "Sở Tài chính"]),
    ("Văn phòng HĐND và UBND, các cơ quan, đơn vị liên quan", ["Văn phòng HĐND và UBND", "các cơ quan, đơn vị liên quan"]),
    ("Mặt trận Tổ quốc và các đoàn thể", ["Mặt trận Tổ quốc", "các đoàn thể"]),
    ("Công chức Văn hóa (theo dõi trẻ em, bình đẳng giới); Trạm Y tế", ["Công chức Văn hóa (theo dõi trẻ em, bình đẳng giới)", "Trạm Y tế"]),
])
def test_lists_of_units(text, names):
    assert units.split_units(text) == names


@pytest.mark.parametrize(("sentence", "names"), [
    ("Trung tâm Kiểm soát bệnh tật tỉnh tổ chức tập huấn.", ["Trung tâm Kiểm soát bệnh tật tỉnh"]),
    ("Ban Quản lý dự án đầu tư xây dựng công trình đôn đốc nhà thầu.", ["Ban Quản lý dự án đầu tư xây dựng công trình"]),
    ("Các đơn vị được giao nhiệm vụ xây dựng kế hoạch.", ["Các đơn vị được giao nhiệm vụ"]),
    ("Các tổ chức chính trị - xã hội vận động hội viên.", ["Các tổ chức chính trị - xã hội"]),
    ("Phòng, chống dịch bệnh mùa hè.", None),
    ("Báo cáo kết quả thực hiện.", None),
    ("Tổ chức tập huấn cho cán bộ.", None),
])
def test_subjects(sentence, names):
    led = units.leading(sentence)
    assert (led[0] if led and led[2] else None) == names


@pytest.mark.parametrize(("sentence", "found"), [
    ("Tỷ lệ bao phủ đạt từ 95% trở lên.", [(">=", 95, "%")]),
    ("Tỷ lệ tử vong không quá 0,5‰.", [("<=", 0.5, "‰")]),
    ("Giảm tối thiểu 10% số ca mắc so với năm 2024.", [("reduce", 10, "%")]),
    ("Giảm tỷ lệ thấp còi xuống dưới 15%.", [("<", 15, "%")]),
    ("Lập mới ít nhất 1.250 hồ sơ; khoảng 30% hộ tham gia.", [(">=", 1250, "hồ sơ"), ("~", 30, "%")]),
    ("Trên 90% trẻ dưới 5 tuổi được cân đo ít nhất 01 lần/năm.", [(">", 90, "%")]),
    ("Nâng tỷ lệ từ 80% năm 2024 lên 92%.", [("=", 92, "%")]),
    ("Tỷ lệ đã đạt 88% năm 2024.", []),
    ("Duy trì xã đạt chuẩn quốc gia về y tế.", [("=", None, "đạt/không đạt")]),
    ("Tỷ lệ sàng lọc đạt trên 80% (năm 2026: 70%; năm 2027: 75%).", [(">", 80, "%"), ("=", 70, "%"), ("=", 75, "%")]),
    ("Tỷ lệ hài lòng đạt 90% (năm 2024: 88%), tăng 1,2% so với cùng kỳ năm trước.", [("=", 90, "%")]),
    ("Tuổi thọ trung bình đạt 75,5 - 76 tuổi.", [(">=", 75.5, "tuổi")]),
    ("Không để trên 5% cơ sở tái phạm.", [("<=", 5, "%")]),
    ("Giảm 5% số mắc và 10% số chết.", [("reduce", 5, "%"), ("reduce", 10, "%")]),
])
def test_figures(sentence, found):
    goals = targets.find(sentence, None, strict=False, doc_year=2025)
    assert [(goal.comparator, goal.value, goal.unit) for goal in goals] == found


@pytest.mark.parametrize("path", sorted(DOCUMENTS.glob("*.txt")), ids=lambda path: path.stem)
def test_wrapping_and_page_numbers_change_no_obligation(path):
    text = path.read_text(encoding="utf-8")
    lines = []
    for line in text.split("\n"):
        wrapped = textwrap.wrap(line, 85, break_on_hyphens=False) if len(line) > 85 and not set(line) & set("|\t") else [line]
        lines += [*wrapped[:-1], "", "      12", "", wrapped[-1]] if len(wrapped) > 2 else wrapped
    before, after = parse(text), parse("\n".join(lines))
    assert [(task.units, task.deadline) for task in after.tasks] == [(task.units, task.deadline) for task in before.tasks]
    assert [(duty.period, duty.to) for duty in after.reporting] == [(duty.period, duty.to) for duty in before.reporting]
    assert [(goal.value, goal.comparator) for goal in after.targets] == [(goal.value, goal.comparator) for goal in before.targets]


def test_an_order_without_a_name_falls_to_the_addressees():
    parsed = parse(
        "SỞ Y TẾ\nSố: 5/SYT-VP\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nHà Giang, ngày 3 tháng 2 năm 2026\n"
        "Kính gửi: Các bệnh viện; Các Trung tâm Y tế.\nSở Y tế đề nghị thực hiện các nội dung sau:\n1. Rà soát cơ số thuốc trước 15/2.\n"
    )
    assert [(task.units, task.deadline) for task in parsed.tasks] == [(["Các bệnh viện", "Các Trung tâm Y tế"], "2026-02-15")]


def test_one_paragraph_without_marks_is_read():
    parsed = parse(
        "Chủ tịch UBND xã yêu cầu Trạm Y tế xã rà soát danh sách người cao tuổi, hoàn thành trước ngày 30/6/2026. "
        "Giao Công an xã cung cấp dữ liệu. Phấn đấu 100% người cao tuổi được khám năm 2026."
    )
    assert [(task.units, task.deadline) for task in parsed.tasks] == [(["Trạm Y tế xã"], "2026-06-30"), (["Công an xã"], None)]
    assert [(goal.value, goal.year) for goal in parsed.targets] == [(100, 2026)]


def test_work_of_nobody_is_kept():
    parsed = parse("KẾ HOẠCH\nY tế năm 2026\n\nI. NHIỆM VỤ\n- Đẩy mạnh truyền thông về dân số.\n- Nâng cao chất lượng khám bệnh.\n")
    assert not parsed.tasks
    assert [item.text for item in parsed.unassigned] == ["Đẩy mạnh truyền thông về dân số.", "Nâng cao chất lượng khám bệnh."]


@pytest.mark.parametrize(("head", "body", "title"), [
    ("ỦY BAN NHÂN DÂNTỈNH AN PHÚ\n-------\nSố: 12/QĐ-UBND\nAn Phú, ngày 17 tháng 10 năm 2025\nQUYẾT ĐỊNH\nVỀ VIỆC THÀNH LẬP TỔ CÔNG TÁC\n", "Ủy ban nhân dân tỉnh An Phú", "VỀ VIỆC THÀNH LẬP TỔ CÔNG TÁC"),
    ("UBND TỈNH AN PHÚ | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM |\nSố: 23/KH-UBND | An Phú, ngày 18 tháng 09 năm 2025 |\nTRIỂN KHAI ĐỀ ÁN CHUYỂN ĐỔI SỐ\nNĂM 2026\nTính đến nay, tỉnh có 12 trạm.\n",
     "UBND tỉnh An Phú", "TRIỂN KHAI ĐỀ ÁN CHUYỂN ĐỔI SỐ NĂM 2026"),
    ("ỦY BAN NHÂN DÂN\nTỈNH AN PHÚ\n-------\n|\nCỘNG HÒA XÃ HỘI\nCHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n|\nSố: 07/KH-UBND\n|\nAn Phú, ngày 13\ntháng 01 năm 2025\n|\nKẾ HOẠCH\nPHÒNG, CHỐNG DỊCH GIAI ĐOẠN 2025 -\n2026\nThực hiện chỉ đạo của tỉnh, Ủy ban nhân dân tỉnh ban hành Kế hoạch như sau:\n",
     "Ủy ban nhân dân tỉnh An Phú", "PHÒNG, CHỐNG DỊCH GIAI ĐOẠN 2025 - 2026"),
], ids=["words glued by a website", "the line of the type lost", "cells one under the other, lines broken"])
def test_heads_as_websites_print_them(head, body, title):
    found = parse(head + "1. Sở Y tế chủ trì thực hiện.\n").as_dict()
    assert (found["issuing_body"], found["title"]) == (body, title)


@pytest.mark.parametrize("printed", ["61/2018/NĐ-CP", "61/2018/NĐCP", "61/2018/NĐ\xadCP", "61/2018/NĐ–CP"])
def test_hyphens_that_a_copy_lost_or_changed(printed):
    found = parse(f"UBND TỈNH AN PHÚ\nSố: 12/QĐ{printed[10:-2]}UBND\nAn Phú, ngày 17 tháng 10 năm 2025\nQUYẾT ĐỊNH\nVề việc lập tổ\nCăn cứ Nghị định số {printed} ngày 23 tháng 4 năm 2018 của Chính phủ;\nĐiều 1. Lập tổ.\n").as_dict()
    assert found["number"] == "12/QĐ-UBND"
    assert [(basis["number"], basis["date"]) for basis in found["legal_bases"]] == [("61/2018/NĐ-CP", "2018-04-23")]
