"""The text of an uploaded document: .txt, .docx and .pdf; everything else is refused with a sentence."""

from tramyte.engine.documents import letters, sniffing
from tramyte.engine.refused import Refused

_WORDS = {
    "doc": "là Word đời cũ (.doc). Hãy mở bằng Word, chọn Lưu thành (Save As) loại .docx rồi tải lại.",
    "rtf": "là loại RTF. Hãy mở bằng Word, chọn Lưu thành (Save As) loại .docx rồi tải lại.",
    "odt": "là loại OpenDocument (.odt). Hãy mở bằng LibreOffice hoặc Word, lưu thành .docx rồi tải lại.",
    "html": "là trang web lưu lại. Hãy mở bằng Word, lưu thành .docx, hoặc chép phần chữ dán vào ô nội dung.",
    "xlsx": "là bảng tính Excel, không phải văn bản. Hãy tải tệp văn bản .docx, .pdf hoặc .txt.",
    "ods": "là bảng tính, không phải văn bản. Hãy tải tệp văn bản .docx, .pdf hoặc .txt.",
    "xls": "là bảng tính Excel đời cũ, không phải văn bản. Hãy tải tệp văn bản .docx, .pdf hoặc .txt.",
    "slides": "là bài trình chiếu. Hãy tải tệp văn bản .docx, .pdf hoặc .txt.",
    "image": "là ảnh, máy chưa đọc được chữ trong ảnh. Hãy xin bản .docx hoặc .pdf có chữ, hoặc gõ nội dung vào ô.",
    "archive": "là tệp nén. Hãy giải nén rồi tải từng văn bản .docx, .pdf hoặc .txt bên trong.",
    "program": "là chương trình, không phải văn bản. Đừng mở tệp này; hãy hỏi lại nơi gửi.",
    "old_office": "là loại Office đời cũ. Hãy mở bằng chương trình đã tạo ra nó, lưu thành .docx rồi tải lại.",
    "binary": "không phải văn bản. Hãy tải tệp .docx, .pdf hoặc .txt.",
}


def read_text(name: str, content: bytes) -> str:
    """The text of a document in Unicode NFC with "\\n" line ends, in the order a person reads it.

    name: the file's name, used in sentences only; the kind is told from the content. Refused codes:
    file_empty, file_too_large (above 20 MB), file_old_word, file_wrong_type, file_password, file_scanned,
    file_damaged, file_bomb, file_old_letters (TCVN3, VNI).
    """
    sniffing.check_size(name, content)
    kind = sniffing.kind_of(content)
    text = letters.clean(_raw_text(kind, name, content))
    if not text.strip():
        raise Refused(
            "file_empty",
            f"Tệp {sniffing.short(name)} không có chữ nào. Hãy mở tệp trên máy để kiểm tra rồi chọn lại.",
        )
    letters.refuse_old_letters(text, sniffing.short(name))
    # Tabs and runs of blanks stay: in plain text they are what is left of the columns of a table.
    lines = [line.replace("\u00a0", " ").rstrip() for line in text.split("\n")]
    return "\n".join(lines).strip("\n") + "\n"


def _raw_text(kind: str, name: str, content: bytes) -> str:
    if kind == "docx":
        from tramyte.engine.documents.docx_reading import read_docx

        return read_docx(name, content)
    if kind == "pdf":
        from tramyte.engine.documents.pdf_reading import read_pdf

        return read_pdf(name, content)
    if kind in ("text", "empty") and not name.lower().endswith((".docx", ".pdf")):
        return letters.decode(content)
    raise _refusal(kind, name)


def _refusal(kind: str, name: str) -> Refused:
    if kind == "locked":
        return sniffing.locked(name)
    if kind in ("damaged", "text", "empty"):
        return sniffing.damaged(name)
    code = "file_old_word" if kind == "doc" else "file_wrong_type"
    return Refused(code, f"Tệp {sniffing.short(name)} {_WORDS[kind]}")
