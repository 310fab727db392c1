"""PDF: columns, letterheads, signatures, ruled tables, page numbers, refusals; and the texts of real directives."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tramyte.engine.documents.pdf_layout import Word, lines_of
from tramyte.engine.documents.pdf_tables import Rules, ruled_tables
from tramyte.engine.documents.reading import read_text

KINDS = re.compile(r"^\W*(?:KẾ HOẠCH|THÔNG BÁO|CHỈ THỊ|QUYẾT ĐỊNH|BÁO CÁO|CÔNG ĐIỆN)\b")
HEAD = [
    "UBND XÃ ĐỒNG VÂN\nTRẠM Y TẾ XÃ\n\nSố: 12/KH-TYT",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\nĐồng Vân, ngày 05 tháng 3 năm 2026",
]
FOOT = [
    "Nơi nhận:\n- Ủy ban nhân dân xã;\n- Các thôn;\n- Các trường học;\n- Lưu: VT, TYT.",
    "GIÁM ĐỐC\n\n\n\nNguyễn Thị Hạnh",
]
BODY = [
    "KẾ HOẠCH",
    "Tổ chức chiến dịch tiêm bù sởi cho trẻ từ 1 đến 5 tuổi trên địa bàn xã năm 2026",
    "I. MỤC ĐÍCH, YÊU CẦU",
    *(
        f"{n}. Thôn số {n} rà soát danh sách trẻ chưa tiêm đủ mũi, mời gia đình đưa trẻ đến điểm tiêm gần nhất, ghi "
        f"vào sổ ngay trong ngày và báo cáo Trạm Y tế xã trước ngày {n:02d}/4/2026 theo mẫu của Sở Y tế."
        for n in range(1, 26)
    ),
    "II. TỔ CHỨC THỰC HIỆN",
    "Công an xã phối hợp theo Kế hoạch số 214-KH/ĐU; HĐND-UBND xã giám sát việc thực hiện.",
]


def words(text: str) -> list[str]:
    return text.split()


def test_two_columns_with_letterhead_and_signature_are_read_in_order(make) -> None:
    text = read_text("a.pdf", make.in_columns(HEAD, BODY, FOOT))
    expected = [*words(HEAD[0]), *words(HEAD[1]), *words(" ".join(BODY)), *words(FOOT[0]), *words(FOOT[1])]
    assert words(text) == expected


def test_the_same_document_as_word_gives_the_same_words(make) -> None:
    body = make.table([HEAD]) + "".join(map(make.paragraph, BODY)) + make.table([FOOT])
    assert words(read_text("a.docx", make.package(body))) == words(
        read_text("a.pdf", make.in_columns(HEAD, BODY, FOOT))
    )


def typeset(markup: str) -> bytes:
    import typst

    return typst.compile(('#set text(font: "Libertinus Serif")\n' + markup).encode())


def test_page_numbers_and_running_headers_are_left_out() -> None:
    markup = '#set page(header: [SỞ Y TẾ TỈNH - Lưu hành nội bộ], footer: context align(center)[Trang #counter(page).display("1/1", both: true)])\n'
    text = read_text(
        "a.pdf",
        typeset(markup + "#pagebreak()\n".join(f"Nội dung trang thứ {n} của kế hoạch.\n" for n in range(4))),
    )
    assert [line for line in text.split("\n") if line] == [
        f"Nội dung trang thứ {n} của kế hoạch." for n in range(4)
    ]


def test_numbers_that_are_content_stay() -> None:
    assert words(read_text("a.pdf", typeset("Tổng số trẻ dưới 5 tuổi trong toàn xã\n\n2118\n")))[-1] == "2118"


def test_a_ruled_table_is_read_row_by_row_with_cells_of_several_lines() -> None:
    markup = """Giao nhiệm vụ như sau cho các đơn vị trong xã:
#table(columns: (1cm, 5cm, 3cm), [TT], [Nhiệm vụ], [Đơn vị],
 table.cell(rowspan: 2)[1], [Rà soát hộ nghèo và lập danh sách mua thẻ bảo hiểm y tế], [Phòng Kinh tế], [Báo cáo], [Các thôn])
Hết phần giao nhiệm vụ."""
    assert [line for line in read_text("a.pdf", typeset(markup)).split("\n") if line] == [
        "Giao nhiệm vụ như sau cho các đơn vị trong xã:",
        "TT | Nhiệm vụ | Đơn vị",
        "1 | Rà soát hộ nghèo và lập danh sách mua thẻ bảo hiểm y tế | Phòng Kinh tế",
        " | Báo cáo | Các thôn",
        "Hết phần giao nhiệm vụ.",
    ]


def test_lists_with_wide_gaps_after_their_marks_are_no_columns() -> None:
    markup = "\n".join(
        f"- #h(1cm) Việc số {n} phải làm trong tháng này của các thôn trong xã" for n in range(8)
    )
    assert "Việc số 0 phải làm" in read_text("a.pdf", typeset(markup))


def line(text: str, x: float, y: float) -> list[Word]:
    out = []
    for part in text.split():
        out.append(Word(part, x, x + 6 * len(part), y, y + 10))
        x += 6 * len(part) + 3
    return out


def test_columns_whose_lines_do_not_stand_level() -> None:
    left = [f"trái {n} một hai ba bốn năm" for n in range(6)]
    right = [f"phải {n} một hai ba bốn năm" for n in range(6)]
    page = [w for n, t in enumerate(left) for w in line(t, 50, 100 + 14 * n)]
    page += [w for n, t in enumerate(right) for w in line(t, 300, 107 + 14 * n)]
    assert [found.text for found in lines_of(page)] == left + right


def test_nothing_on_a_page_gives_no_lines() -> None:
    assert lines_of([]) == []
    assert ruled_tables([], Rules([], [])) == []


def one_image_page() -> bytes:
    return typeset("#set page(width: 5cm, height: 5cm)\n#rect(width: 3cm, height: 3cm)\n")


def test_a_scan_is_refused_with_what_to_do(refusal) -> None:
    code, message = refusal(read_text, "quet.pdf", one_image_page())
    assert code == "file_scanned"
    assert ".docx" in message


def encrypted() -> bytes:
    """A PDF that asks for a password: the dictionary alone makes pdfium ask."""
    parts = [
        b"%PDF-1.4\n",
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
        b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n",
        b"3 0 obj<</Filter/Standard/V 1/R 2/P -44/O<" + b"28" * 32 + b">/U<" + b"41" * 32 + b">>>endobj\n",
    ]
    out, offsets = b"", []
    for at, part in enumerate(parts):
        if at:
            offsets.append(len(out))
        out += part
    table = b"xref\n0 4\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    identity = b"/ID[<" + b"11" * 16 + b"><" + b"11" * 16 + b">]"
    return (
        out
        + table
        + b"trailer<</Size 4/Root 1 0 R/Encrypt 3 0 R"
        + identity
        + b">>\nstartxref\n%d\n%%%%EOF" % len(out)
    )


def test_a_pdf_with_a_password_is_refused(refusal) -> None:
    code, message = refusal(read_text, "khoa.pdf", encrypted())
    assert code == "file_password"
    assert "bỏ mật khẩu" in message


def test_a_cut_pdf_never_gives_a_traceback(make) -> None:
    from tramyte.engine.refused import Refused

    content = make.in_columns(HEAD, BODY[:4], FOOT)
    for share in range(1, 10):
        try:
            read_text("cut.pdf", content[: len(content) * share // 10])
        except Refused as refused:
            assert refused.code in ("file_damaged", "file_scanned", "file_wrong_type")


def taken_apart(text: str) -> tuple[list[str], list[str], list[str]]:
    """A real text as two cells of a letterhead, a body and two cells of a signature."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", text) if block.strip()]
    kind = next((at for at, block in enumerate(blocks) if KINDS.match(block)), 0)
    kind = kind if kind < 8 else 0
    foot = next((at for at, block in enumerate(blocks) if re.match(r"\W*Nơi nhận", block)), len(blocks))
    head = "\n".join(blocks[:kind]).split("\n") if kind else []
    left = [row for row in head if re.match(r"\W*Số\s*:", row)]
    right = [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        *(row for row in head if row not in left),
    ]
    right = list(dict.fromkeys(right))
    end = "\n".join(blocks[foot:]).split("\n") if foot < len(blocks) else []
    recipients = [row for row in end if re.match(r"\W*(?:Nơi nhận|-)", row)]
    signer = [row for row in end if row not in recipients]
    return (
        ["\n".join(left or ["UBND XÃ"]), "\n".join(right)] if head else [],
        blocks[kind:foot],
        ["\n".join(recipients), "\n".join(signer)] if end else [],
    )


def score(shared: Path, texts: dict[str, str], out: Path) -> dict:
    directives = pytest.importorskip(
        "tramyte.rules.directives", reason="The parser of directives is not there yet."
    )
    out.mkdir()
    for name, text in texts.items():
        (out / f"{name}.json").write_text(json.dumps(directives.parse(text).as_dict(), ensure_ascii=False))
    command = [
        sys.executable,
        str(shared / "checks/score_directives.py"),
        str(shared / "data/gold_directives"),
        str(out),
        str(shared / "directives"),
    ]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@pytest.mark.shared
def test_real_directives_score_the_same_as_text_word_and_pdf(shared, make, tmp_path) -> None:
    found: dict[str, dict[str, str]] = {"txt": {}, "docx": {}, "pdf": {}}
    for path in sorted((shared / "directives").glob("*.txt")):
        head, body, foot = taken_apart(path.read_text())
        tables = [make.table([cells]) if cells else "" for cells in (head, foot)]
        word = make.package(tables[0] + "".join(map(make.paragraph, body)) + tables[1])
        found["txt"][path.stem] = read_text(path.name, path.read_bytes())
        found["docx"][path.stem] = read_text("a.docx", word)
        found["pdf"][path.stem] = read_text("a.pdf", make.in_columns(head, body, foot))
    scores = {kind: score(shared, texts, tmp_path / kind) for kind, texts in found.items()}
    assert scores["docx"] == scores["txt"]
    assert scores["pdf"] == scores["txt"]


@pytest.mark.shared
def test_real_directives_keep_every_word_in_order(shared, make) -> None:
    for path in sorted((shared / "directives").glob("*.txt")):
        head, body, foot = taken_apart(path.read_text())
        expected = words(" ".join([*head, *body, *foot]))
        tables = [make.table([cells]) if cells else "" for cells in (head, foot)]
        word = make.package(tables[0] + "".join(map(make.paragraph, body)) + tables[1])
        assert words(read_text("a.docx", word)) == expected, path.name
        assert words(read_text("a.pdf", make.in_columns(head, body, foot))) == expected, path.name
