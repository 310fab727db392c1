"""The files that prove progress: looked at and kept."""

from tramyte.engine.documents import files
from tramyte.engine.refused import Refused
from tramyte.rules.text import clean

KINDS = {"pdf", "docx", "xlsx", "ods", "odt", "image", "text", "slides", "doc", "xls"}
Evidence = tuple[str, bytes]


def kept(name: str, content: bytes) -> tuple[str, str]:
    """The name and digest of a kept file. Raises Refused for one that is too large or proves nothing."""
    from tramyte.engine.documents import sniffing

    sniffing.check_size(name, content)
    if sniffing.kind_of(content) not in KINDS:
        raise Refused("file_wrong_type", f"Tệp {sniffing.short(name)} không dùng làm minh chứng được. Hãy gửi ảnh, PDF, Word hoặc Excel.", field="evidence")
    return clean(name)[:200] or "minh-chung", files.keep(content)
