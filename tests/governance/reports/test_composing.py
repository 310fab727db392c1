"""What a report says: its words, its figures and their sources, edits kept, numbers typed by hand, what changed since."""

import io
import re

import pytest

from tramyte.engine.indicators import results
from tramyte.engine.refused import Refused
from tramyte.governance.reports import actions, papers
from tramyte.governance.reports.figures import (
    cells_of,
    differences,
    pieces,
    plain,
    typed_numbers,
    unknown_marks,
)
from tramyte.governance.reports.models import Report
from tramyte.governance.tasks.actions import complete_task
from tramyte.governance.tasks.models import Task

GOLDEN = {
    "targets": """Trong 2 chỉ tiêu được giao có 2 chỉ tiêu đo được từ sổ sách của trạm: 0 chỉ tiêu đã đạt, 2 chỉ tiêu chưa đạt.
{{table:targets}}""",
    "tasks": """Tổng số nhiệm vụ theo dõi trong kỳ: 4; hoàn thành đúng hạn 0, hoàn thành trễ hạn 0, đang thực hiện 4, quá hạn chưa xong 0.
{{table:tasks}}""",
    "problems": """- Tỷ lệ bao phủ bảo hiểm y tế mới đạt 87,2% (410/470), giao ≥\u00a098%, còn thiếu 51 người; thấp nhất: Thôn Vân Sơn 75,0% (90/120).
- Tỷ lệ người dân được lập và cập nhật hồ sơ sức khỏe trong 12 tháng mới đạt 85,1% (400/470), giao 100%, còn thiếu 70 người; thấp nhất: Thôn Đông Hạ 75,0% (150/200); Thôn Vân Sơn 83,3% (100/120).
Nguyên nhân: …""",
    "requests": "Trên đây là báo cáo kết quả công tác y tế 6 tháng đầu năm 2026 của Trạm Y tế xã. "
                "Kính đề nghị Ủy ban nhân dân xã (qua Phòng Văn hóa - Xã hội) xem xét, chỉ đạo.",
}


def text_of(report, key):
    return next(one["text"] for one in report.sections if one["key"] == key)


@pytest.mark.parametrize("key", GOLDEN)
@pytest.mark.django_db
def test_the_words_of_a_composed_report(report, key):
    assert plain(text_of(report, key), report.figures) == GOLDEN[key]


@pytest.mark.django_db
def test_it_says_that_the_period_is_not_over(report):
    said = plain(text_of(report, "direction"), report.figures)
    assert "đến ngày 03/06/2026; báo cáo lập trước khi hết kỳ (ngày 30/06/2026)" in said
    assert said.startswith("Thực hiện Kế hoạch số 87/KH-UBND ngày 29/05/2026 của Ủy ban nhân dân xã Đồng Vân về việc nâng cao")
    assert report.as_of.isoformat() == "2026-06-03"


@pytest.mark.django_db
def test_the_table_of_targets(report):
    rows = [[plain(cell, report.figures) for cell in row] for row in report.tables["targets"]["rows"]]
    assert rows == [
        ["Tỷ lệ bao phủ bảo hiểm y tế", "≥\u00a098%", "410/470", "87,2%", "51 người", "chưa đạt"],
        ["Tỷ lệ người dân được lập và cập nhật hồ sơ sức khỏe trong 12 tháng", "100%", "400/470", "85,1%", "70 người", "chưa đạt"],
    ]


@pytest.mark.django_db
def test_figures_equal_the_stored_results(cast, report, counts):
    for code, rows in counts.items():
        stored, kept = results.figure(code, cast.commune, "2026-H1"), report.figures[code]
        assert (kept["numerator"], kept["denominator"], kept["unknown"], kept["value"]) == (stored.numerator, stored.denominator, stored.unknown, stored.value)
        assert (kept["definition_version"], kept["as_of"]) == (stored.definition_version, "2026-06-03") and kept["computed_at"]
        for hamlet, (met, counted, _) in zip(cast.hamlets, rows, strict=True):
            one = report.figures[f"{code}@{hamlet.code}"]
            assert (one["numerator"], one["denominator"], one["group"]) == (met, counted, hamlet.code)


@pytest.mark.django_db
def test_a_target_that_nothing_measures_shows_no_figure(cast, half):
    from tramyte.governance.targets.models import Target

    Target.objects.filter(indicator="SK01").update(indicator="")
    report = actions.open_report(by=cast.director, period=half.pk)
    row = report.tables["targets"]["rows"][-1]
    assert row[2:] == ["–", "–", "–", "chưa ghi nhận trong hệ thống"] and "SK01" not in report.figures
    assert "1 chỉ tiêu chưa ghi nhận trong hệ thống" in plain(text_of(report, "problems"), report.figures)


@pytest.mark.django_db
def test_every_mark_has_a_reference_with_a_list_and_a_page(report):
    texts = [one["text"] for one in report.sections] + [cell for table in report.tables.values() for cell in cells_of(table)]
    shown = [piece for text in texts for piece in pieces(text, report.figures) if not isinstance(piece, str)]
    assert len(shown) > 40 and not any(unknown_marks(text, report.figures, report.tables) for text in texts)
    for piece in shown:
        assert piece.reference["source"] and piece.reference["list"] and piece.reference["url"].startswith("/"), piece.mark


def docx_lines(content):
    import docx

    document = docx.Document(io.BytesIO(content))
    cells = [" ".join(cell.text for cell in row.cells) for table in document.tables for row in table.rows]
    return [paragraph.text for paragraph in document.paragraphs] + cells


@pytest.mark.django_db
def test_the_printed_figures_name_their_sources(report):
    lines = docx_lines(papers.docx_of(report))
    sources = {number: text for line in lines if (found := re.match(r"\[(\d+)\] (.+)", line)) for number, text in [found.groups()]}
    assert len(sources) == 7 and all("tính đến 03/06/2026" in text for text in sources.values())
    assert any("BH01" in text and "danh sách người chưa có thẻ" in text and "cách tính bản" in text for text in sources.values())
    printed = [line for line in lines if "410/470" in line]
    assert printed and all(re.search(r"\[\d+\]", line) for line in printed)
    used = set(re.findall(r"\[(\d+)\]", "\n".join(line for line in lines if not line.startswith("["))))
    assert used == set(sources)
    assert any("DỰ THẢO" in line for line in lines) and any("Nguyễn Thị Hạnh" in line for line in lines)


@pytest.mark.django_db
def test_a_locked_report_prints_with_its_number_and_no_draft_mark(locked):
    lines = "\n".join(docx_lines(papers.docx_of(locked)))
    assert "Số: 01/BC-TYT" in lines and "ngày 03 tháng 6 năm 2026" in lines and "DỰ THẢO" not in lines
    assert papers.docx_of(locked) == papers.docx_of(locked)


@pytest.mark.django_db
def test_pdf_and_xlsx_hold_the_same_figures(report):
    import pypdfium2

    pdf = pypdfium2.PdfDocument(papers.pdf_of(report))
    text = " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pdf)
    assert "87,2%" in text and "410/470" in text and "Nguồn số liệu" in text and "DỰ THẢO" in text
    from python_calamine import load_workbook

    rows = load_workbook(io.BytesIO(papers.xlsx_of(report))).get_sheet_by_index(0).to_python()
    found = {row[0]: row for row in rows}
    assert found["BH01"][4:7] == [410, 470, 87.234] and found["NV.total"][6] == 4


@pytest.mark.django_db
def test_words_stay_and_figures_move_with_a_refresh(cast, report, counts, keep):
    words = "Toàn xã đạt {{BH01.value}}, thấp ở {{BH01@00001.02.place}} ({{BH01@00001.02.value}})."
    actions.edit_section(by=cast.director, id=report.pk, section="problems", text=words, seen_version=1)
    keep({"BH01": [(200, 200, 0), (120, 120, 0), (150, 150, 0)], "SK01": counts["SK01"]})
    changed = actions.refresh_figures(by=cast.director, id=report.pk)
    assert text_of(changed, "problems") == words
    assert plain(words, changed.figures) == "Toàn xã đạt 100,0%, thấp ở Thôn Vân Sơn (100,0%)."
    assert "BH01" not in next(one["drafted"] for one in changed.sections if one["key"] == "plans")


@pytest.mark.django_db
def test_a_figure_that_is_gone_keeps_its_value_and_says_so(cast, report):
    from tramyte.governance.targets.models import Target

    actions.edit_section(by=cast.director, id=report.pk, section="plans", text="Hồ sơ sức khỏe {{SK01.value}}.")
    Target.objects.filter(indicator="SK01").update(indicator="")
    changed = actions.refresh_figures(by=cast.director, id=report.pk)
    assert changed.figures["SK01"]["gone"] and plain(text_of(changed, "plans"), changed.figures) == "Hồ sơ sức khỏe 85,1%."


@pytest.mark.django_db
def test_what_changed_after_locking_is_told_and_the_report_stays(cast, locked, counts, keep):
    keep({"BH01": [(190, 200, 0), (90, 120, 5), (140, 150, 0)], "SK01": counts["SK01"]})
    complete_task(by=cast.officer, id=Task.objects.filter(unit=cast.units["kinhte"]).first().pk, text="xong")
    found = {one.title: (one.then, one.now) for one in differences(locked.figures, actions.fresh(locked).figures)}
    assert found["Tỷ lệ bao phủ bảo hiểm y tế"] == ("410/470", "420/470")
    assert found["Tỷ lệ bao phủ bảo hiểm y tế, Thôn Đông Hạ"] == ("180/200", "190/200")
    assert Report.objects.get(pk=locked.pk).figures["BH01"]["numerator"] == 410


@pytest.mark.parametrize(("text", "drafted", "wanted"), [
    ("Đạt {{BH01.value}} năm 2026", "Đạt {{BH01.value}} năm 2026", []),
    ("Đạt 87,2% năm 2026", "Đạt {{BH01.value}} năm 2026", ["87,2"]),
    ("Khám 1.250 lượt, 3/9 thôn; 1.250 lượt", "", ["1.250", "3/9"]),
    ("Trước ngày 10/06/2026.", "trước ngày 10/06/2026", []),
])
def test_numbers_typed_by_hand(text, drafted, wanted):
    assert typed_numbers(text, drafted) == wanted


@pytest.mark.parametrize("text", ["{{XX01.value}}", "{{BH01.nothing}}", "{{table:none}}", "{{ BH01.value }}"])
@pytest.mark.django_db
def test_a_mark_that_stands_for_nothing_is_refused(cast, report, text):
    with pytest.raises(Refused, match="Không có số liệu"):
        actions.edit_section(by=cast.director, id=report.pk, section="plans", text=f"Đạt {text}")


@pytest.mark.django_db
def test_typed_words_are_cleaned_and_too_long_ones_refused(cast, report):
    saved = actions.edit_section(by=cast.director, id=report.pk, section="plans", text="Dòng\x00 một  \r\n\r\n- mục\u0000 hai\n")
    assert text_of(saved, "plans") == "Dòng một\n- mục hai"
    with pytest.raises(Refused, match="tối đa 20000"):
        actions.edit_section(by=cast.director, id=report.pk, section="plans", text="a" * 20_001)
