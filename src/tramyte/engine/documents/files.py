"""Received files, kept whole under their digest in the data folder."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings

from tramyte.engine.refused import Refused, not_found


def keep(content: bytes) -> str:
    """Store the bytes once and answer their SHA-256 in hex; the file appears whole or not at all.

    Raises Refused `disk` when the folder cannot be written (disk full, no right).
    """
    digest = hashlib.sha256(content).hexdigest()
    target = _place(digest)
    if target.exists():
        return digest
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except OSError as error:
        text = "Không ghi được tệp vào máy chủ (ổ đĩa đầy hoặc không có quyền ghi). Chưa có gì được lưu: hãy báo người quản trị rồi gửi lại."
        raise Refused("disk", text) from error
    return digest


def content_of(digest: str) -> bytes:
    """The bytes kept under a digest. Raises Refused (404) when they are not there."""
    target = _place(digest)
    if not digest.isalnum() or not target.is_file():
        raise not_found("tệp này")
    return target.read_bytes()


def _place(digest: str) -> Path:
    return Path(settings.HOME) / "files" / digest[:2] / digest
