"""Plain text, kinds of files and refusals."""

import io
import unicodedata
import zipfile

import pytest

from tramyte.engine.documents import letters, sniffing
from tramyte.engine.documents.reading import read_text

SENTENCE = "Trạm Y tế xã báo cáo kết quả trước ngày 15/02/2026; Ủy ban nhân dân đã duyệt./."
TONE_MARKS = "\u0300\u0301\u0303\u0309\u0323"


def in_1258(text: str) -> bytes:
    """windows-1258 as old programs write it: letters with their shape, tones as separate marks."""
    out = ""
    for letter in unicodedata.normalize("NFD", text):
        if unicodedata.combining(letter) and letter not in TONE_MARKS:
            # A tone may come before the shape in NFD: the letter is put together, the tone goes back after it.
            tone = out[-1] if out[-1] in TONE_MARKS else ""
            base = out[:-1] if tone else out
            out = base[:-1] + unicodedata.normalize("NFC", base[-1] + letter) + tone
        else:
            out += letter
    return out.encode("cp1258")


@pytest.mark.parametrize(
    "content",
    [
        SENTENCE.encode(),
        SENTENCE.encode("utf-8-sig"),
        SENTENCE.encode("utf-16"),
        SENTENCE.encode("utf-16-le"),
        SENTENCE.encode("utf-16-be"),
        unicodedata.normalize("NFD", SENTENCE).encode(),
        in_1258(SENTENCE),
    ],
    ids=["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "nfd", "windows-1258"],
)
def test_every_encoding_gives_the_same_text(content: bytes) -> None:
    assert read_text("a.txt", content) == SENTENCE + "\n"


def test_control_characters_and_line_ends_are_cleaned() -> None:
    assert (
        read_text("a.txt", "Một\x01\r\nhai\u200b\rba\x0cbốn\ufeff năm".encode()) == "Một\nhai\nba\nbốn năm\n"
    )


TCVN3 = (
    "Céng hoµ x· héi chñ nghÜa ViÖt Nam. Tr¹m Y tÕ x· b¸o c¸o kÕt qu¶ c«ng t¸c phßng chèng dÞch bÖnh ®Õn ngµy"
)
VNI = "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam. Traïm Y teá xaõ baùo caùo keát quaû coâng taùc phoøng choáng dòch beänh ñeán ngaøy"


@pytest.mark.parametrize(("text", "name"), [(TCVN3, "TCVN3"), (VNI, "VNI")])
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_old_letters_are_named(text: str, name: str, encoding: str, refusal) -> None:
    code, message = refusal(read_text, "cu.txt", text.encode(encoding))
    assert code == "file_old_letters"
    assert name in message
    assert "Unicode" in message


@pytest.mark.parametrize(
    "text",
    [
        SENTENCE,
        "Hoà Bình, khoá họp, quê hương, tuần, xuân, luân chuyển, thuê khoán, huệ, thuỷ, quý, quỹ",
        "Đường «Lê Lợi» dài 12 km² ±5 %, nhiệt độ 38,5 °C · 40 µg vitamin A © 2026 ¼ liều",
        "Plain English without a single mark, München und Köln excepted.",
        "",
    ],
)
def test_unicode_is_never_taken_for_old_letters(text: str) -> None:
    assert letters.old_letters(text) == ""


def ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + stream.encode("utf-16-le") + b"\x00" * 600


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code", "says"),
    [
        ("a.doc", ole("WordDocument"), "file_old_word", ".docx"),
        ("a.docx", ole("WordDocument"), "file_old_word", ".docx"),
        ("a.docx", ole("EncryptedPackage"), "file_password", "mật khẩu"),
        ("a.docx", ole("Workbook"), "file_wrong_type", "bảng tính"),
        ("a.docx", ole("PowerPoint Document"), "file_wrong_type", "Office"),
        ("a.docx", zipped("xl/workbook.xml"), "file_wrong_type", "bảng tính"),
        ("a.pdf", zipped("ppt/presentation.xml"), "file_wrong_type", "trình chiếu"),
        ("a.docx", zipped("anh1.jpg", "anh2.jpg"), "file_wrong_type", "giải nén"),
        ("a.docx", zipped("[Content_Types].xml"), "file_damaged", "hỏng"),
        ("a.docx", b"PK\x03\x04 broken", "file_damaged", "hỏng"),
        ("a.docx", zipped("word/document.xml"), "file_damaged", "hỏng"),
        ("a.docx", b"only text", "file_damaged", "hỏng"),
        ("a.pdf", b"\x89PNG\r\n\x1a\n\x00\x00", "file_wrong_type", "ảnh"),
        ("a.pdf", b"\xff\xd8\xff\xe0\x00\x10JFIF", "file_wrong_type", "ảnh"),
        ("a.pdf", b"\x00\x00\x00\x18ftypheic\x00\x00", "file_wrong_type", "ảnh"),
        ("a.pdf", b"%PDF-1.7 nothing more", "file_damaged", "hỏng"),
        ("a.rtf", rb"{\rtf1 abc}", "file_wrong_type", "RTF"),
        ("a.doc", b"<html><body>abc</body></html>", "file_wrong_type", "trang web"),
        ("a.txt", b"MZ\x90\x00\x03\x00\x00\x00", "file_wrong_type", "chương trình"),
        ("a.txt", b"Rar!\x1a\x07\x01\x00", "file_wrong_type", "nén"),
        ("a.txt", bytes(range(256)) * 8, "file_wrong_type", ".docx"),
        ("a.txt", b"", "file_empty", "trống"),
        ("a.txt", b"  \n\x00 ", "file_empty", "không có chữ"),
    ],
)
def test_other_files_are_refused_with_what_to_do(name, content, code, says, refusal) -> None:
    found, message = refusal(read_text, name, content)
    assert found == code
    assert says in message
    assert f"“{name}”" in message
    assert "Hãy" in message or "hãy" in message


def test_a_large_file_is_refused(refusal) -> None:
    code, message = refusal(read_text, "to.txt", b"a" * (sniffing.MAX_BYTES + 1))
    assert code == "file_too_large"
    assert "20 MB" in message


def test_a_zip_bomb_is_refused_before_it_is_unpacked(monkeypatch, make, refusal) -> None:
    monkeypatch.setattr(sniffing, "MAX_UNPACKED", 1_000_000)
    content = make.package(make.paragraph("a" * 2_000_000))
    assert len(content) < 20_000
    code, _ = refusal(read_text, "bom.docx", content)
    assert code == "file_bomb"


def test_names_of_files_are_tame_in_sentences() -> None:
    assert sniffing.short("C:\\thu\\muc\\a\x00\u202eb.docx") == "“ab.docx”"
    assert len(sniffing.short("x" * 10_000)) < 70
    assert sniffing.short("") == "“không tên”"


def test_text_that_begins_like_a_picture_is_text() -> None:
    assert read_text("a.txt", "BM là bà mẹ".encode()) == "BM là bà mẹ\n"


@pytest.mark.parametrize("name", ["NguyÔn ThÞ Hång", "Ph¹m V¨n §øc", "TrÇn Thóy Lîi", "Hoaøng Vaên Nam", "Nguyeãn Thò Laøi", "Traàn Vaên Baéc", "L© B×nh"])
def test_a_single_name_in_old_letters_is_known(name: str) -> None:
    assert letters.has_old_letters(name)


@pytest.mark.parametrize("name", [
    "Lê Hoà", "Quân Tuý Thuý", "LÊ VÂN ÁNH", "Hà Quý", "Nguyễn Thị Hằng", "Trà Bích Khuê", "Y Blô Niê", "Müller", "José Núñez", "François", "Đỗ Én", "Toà Khoá Hoè Thuê", "", "An"])
def test_a_name_in_unicode_or_of_a_foreigner_is_none(name: str) -> None:
    assert not letters.has_old_letters(name)
