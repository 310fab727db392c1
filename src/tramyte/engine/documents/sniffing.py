"""What an uploaded file really is, told from its content, and the refusals that follow from that."""

import io
import zipfile
import zlib

from tramyte.engine.refused import Refused

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
MAX_PARTS = 5_000

_PICTURES = {b"\x89PNG": ("png", "image/png"), b"\xff\xd8\xff": ("jpg", "image/jpeg"), b"GIF8": ("gif", "image/gif"),
             b"II*\x00": ("tif", "image/tiff"), b"MM\x00*": ("tif", "image/tiff"), b"BM": ("bmp", "image/bmp")}
_MAGIC = (
    (b"{\\rtf", "rtf"),
    *((magic, "image") for magic in _PICTURES),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
)
_PARTS = (
    ("word/document.xml", "docx"),
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "xlsx"),
    ("ppt/presentation.xml", "slides"),
)
_MIMETYPES = (
    (b"application/vnd.oasis.opendocument.text", "odt"),
    (b"application/vnd.oasis.opendocument.spreadsheet", "ods"),
    (b"application/vnd.oasis.opendocument.presentation", "slides"),
)


def kind_of(content: bytes) -> str:
    """The kind of a file by its content.

    One of: empty, pdf, docx, xlsx, odt, ods, slides, doc, xls, locked (an encrypted Office file), old_office,
    rtf, image, archive, program, html, damaged (a zip that cannot be opened), text, binary.
    """
    if not content.strip(b" \t\r\n\x00"):
        return "empty"
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content[:2] == b"PK":
        return _kind_of_zip(content)
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _kind_of_ole(content)
    return _kind_by_magic(content)


def scan_type(content: bytes) -> tuple[str, str]:
    """The usual ending and the media type of a scanned sheet: a PDF or a picture; ("bin", octets) of anything else."""
    if kind_of(content) == "pdf":
        return "pdf", "application/pdf"
    return next((told for magic, told in _PICTURES.items() if content.startswith(magic)), ("bin", "application/octet-stream"))


def _kind_by_magic(content: bytes) -> str:
    for magic, kind in _MAGIC:
        if content.startswith(magic) and _really(kind, content):
            return kind
    if content[4:12] in (b"ftypheic", b"ftypmif1", b"ftypavif") or content[8:12] == b"WEBP":
        return "image"
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html")) or b"<html" in head:
        return "html"
    return "text" if _looks_like_text(content) else "binary"


def _really(kind: str, content: bytes) -> bool:
    """Two-letter marks ("BM", "MZ") also begin ordinary sentences;
    binary files have zero bytes near the start.
    """
    return kind not in ("image", "program") or b"\x00" in content[:512]


def _looks_like_text(content: bytes) -> bool:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    head = content[:4096]
    zeros = head.count(0)
    if zeros and min(head[0::2].count(0), head[1::2].count(0)) * 10 < zeros and zeros > len(head) // 5:
        return True
    odd = sum(1 for byte in head if byte < 32 and byte not in b"\t\n\r\x0b\x0c\x1b")
    return zeros == 0 and odd * 20 <= len(head)


def _kind_of_zip(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            for part, kind in _PARTS:
                if part in names:
                    return kind
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                mimetype = archive.read("mimetype")
                for mark, kind in _MIMETYPES:
                    if mimetype.startswith(mark):
                        return kind
            return "damaged" if "[Content_Types].xml" in names else "archive"
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError, zlib.error):  # NotImplementedError: packed in a way that zipfile does not know
        return "damaged"


def _kind_of_ole(content: bytes) -> str:
    def has(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if has("EncryptedPackage"):
        return "locked"
    if has("WordDocument"):
        return "doc"
    return "xls" if has("Workbook") or has("Book\x00") else "old_office"


def check_size(name: str, content: bytes) -> None:
    """Refuses an empty file (`file_empty`) and one above `MAX_BYTES` (`file_too_large`)."""
    if not content:
        raise Refused("file_empty", f"Tệp {short(name)} trống. Hãy mở tệp trên máy để kiểm tra rồi chọn lại.")
    if len(content) > MAX_BYTES:
        size = f"{len(content) / 1024 / 1024:.1f}".replace(".", ",")
        raise Refused(
            "file_too_large",
            f"Tệp {short(name)} nặng {size} MB, vượt mức 20 MB. Hãy bỏ bớt ảnh hoặc tách thành nhiều tệp rồi tải lại.",
        )


def check_unpacked(name: str, content: bytes, *, times: int = 1) -> None:
    """Refuses a zip container that unpacks to more than `times` x `MAX_UNPACKED` bytes or too many parts
    (`file_bomb`).

    Python's zipfile never gives more of a part than its declared size, so the declared sizes are a true
    bound.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:  # the last: packed in a way that zipfile does not know
        raise damaged(name) from error
    if any(part.flag_bits & 1 for part in parts):
        raise locked(name)
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > times * MAX_UNPACKED:
        raise Refused(
            "file_bomb",
            f"Tệp {short(name)} bung ra quá lớn nên không mở, để máy không bị treo. "
            "Hãy mở tệp bằng Word hoặc Excel, bỏ phần thừa, lưu thành tệp mới rồi tải lại.",
        )


def damaged(name: str) -> Refused:
    """The refusal for a file that is cut short or broken."""
    return Refused(
        "file_damaged",
        f"Tệp {short(name)} bị hỏng hoặc tải chưa hết. "
        "Hãy mở tệp trên máy; nếu mở được thì lưu thành tệp mới rồi tải lại, nếu không thì xin lại bản khác.",
    )


def locked(name: str) -> Refused:
    """The refusal for a file that asks for a password."""
    return Refused(
        "file_password",
        f"Tệp {short(name)} có mật khẩu nên không đọc được. "
        "Hãy mở tệp bằng mật khẩu, bỏ mật khẩu, lưu lại rồi tải lên.",
    )


def short(name: str) -> str:
    """A file's name fit for a sentence: no folders, no control characters, at most 60 characters, in
    quotes.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(c for c in last if c.isprintable()).strip() or "không tên"
    return f"“{clean if len(clean) <= 60 else clean[:40] + '…' + clean[-16:]}”"
