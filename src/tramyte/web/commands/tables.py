"""CSV and JSON lines as the stand-alone verbs read and write them: contracts.md, first paragraph."""

import csv
import io
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from tramyte.engine.refused import Refused

# One cell may hold a whole note; the module's own limit would stop the file there.
csv.field_size_limit(1_000_000)
_FOREIGN = re.compile("[\udc80-\udcff]")


@dataclass
class Table:
    """A CSV file as texts.

    names: the header, in order. rows: the cells of each row that could be read, as many as names.
    lines: the line of the file where each row ends, from 1. complaints: a sentence for each row that was refused.
    """

    path: Path
    names: list[str]
    rows: list[list[str]]
    lines: list[int]
    delimiter: str = ","
    complaints: list[str] = field(default_factory=list)

    def column(self, name: str) -> list[str]:
        """The texts of a column without surrounding spaces; empty texts when the file has no such column."""
        if name not in self.names:
            return [""] * len(self.rows)
        at = self.names.index(name)
        return [row[at].strip() for row in self.rows]

    def complain(self, index: int, reason: str) -> None:
        """Note that the row at this index is refused; `keep` takes it out."""
        self.complaints.append(f"{self.path}, dòng {self.lines[index]}: {reason}")

    def keep(self, wanted: Sequence[bool]) -> None:
        """Keep only the rows that are wanted, in order."""
        self.rows = [row for row, good in zip(self.rows, wanted, strict=True) if good]
        self.lines = [line for line, good in zip(self.lines, wanted, strict=True) if good]


def read_table(path: Path, needed: Sequence[str] = ()) -> Table:
    """Read a CSV file with a header (comma, semicolon or tab; UTF-8 with or without mark, or UTF-16 with one).

    A row with a wrong number of cells, a wrong quote or bytes that are no UTF-8 is refused by its line, the rest is read.
    Raises Refused when the file cannot be read, is empty, names a column twice or lacks a needed column.
    """
    return next(read_parts(path, needed, size=sys.maxsize))


def read_parts(path: Path, needed: Sequence[str] = (), size: int = 50_000) -> Iterator[Table]:
    """As `read_table`, in tables of at most so many rows, at least one: a large file need not be held as cells."""
    text = read_text(path)
    header, _, _ = text.partition("\n")
    delimiter = max(",;\t", key=header.count)
    rows = _rows(text, delimiter)
    names = [name.strip() for name in next(rows, (0, [], ""))[1]]
    _check_header(path, names, needed)
    all_text = not _FOREIGN.search(text)
    table = Table(path, names, [], [], delimiter)
    for line, row, reason in rows:
        if not reason and len(row) != len(names):
            reason = f"có {len(row)} ô, dòng đầu có {len(names)} cột. Hãy sửa dấu phân cách hoặc dấu ngoặc kép."
        elif not all_text and not all(map(_is_text, row)):
            reason = "có chữ không phải UTF-8. Hãy lưu lại tệp bằng mã UTF-8."
        if reason:
            table.complaints.append(f"{path}, dòng {line}: {reason}")
            continue
        table.rows.append(row)
        table.lines.append(line)
        if len(table.rows) == size:
            yield table
            table = Table(path, names, [], [], delimiter)
    yield table


def _check_header(path: Path, names: list[str], needed: Sequence[str]) -> None:
    if not any(names):
        raise Refused("file_empty", f"Tệp {path} trống. Dòng đầu phải là tên các cột.")
    if not all(map(_is_text, names)):
        raise Refused("no_text", f"Dòng đầu của tệp {path} có chữ không phải UTF-8. Hãy lưu lại tệp bằng mã UTF-8.")
    if twice := {name for name in names if name and names.count(name) > 1}:
        raise Refused("twice", f"Tệp {path} có cột lặp lại: {', '.join(sorted(twice))}. Hãy đặt tên khác nhau.")
    if lacking := [name for name in needed if name not in names]:
        raise Refused("no_column", f"Tệp {path} thiếu cột {', '.join(lacking)}. Các cột đang có: {', '.join(names)}.")


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str], str]]:
    """(line where it ends, cells, reason to refuse) of each row that is not empty, the header first.

    A quote in the wrong place or never closed spoils its own line only: reading goes on with the next line.
    """
    source, before = io.StringIO(text, newline=""), 0
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    while True:
        start, taken = source.tell(), reader.line_num
        try:
            row = next(reader, None)
        except csv.Error:
            source.seek(start)
            source.readline()
            before += taken + 1
            reader = csv.reader(source, delimiter=delimiter, strict=True)
            yield before, [], "có dấu ngoặc kép sai chỗ hoặc không đóng. Hãy sửa dấu ngoặc kép."
            continue
        if row is None:
            return
        if row:
            yield before + reader.line_num, row, ""


def _is_text(cell: str) -> bool:
    return cell.isascii() or not _FOREIGN.search(cell)


def read_text(path: Path) -> str:
    """The text of a file; bytes that are no UTF-8 become lone surrogates. Raises Refused when it cannot be read."""
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = "là thư mục" if path.is_dir() else "không có tệp này" if not path.exists() else str(error.strerror)
        raise Refused("unreadable", f"Không đọc được {path}: {reason}. Hãy kiểm tra lại đường dẫn.") from error
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    return content.decode("utf-8-sig", errors="surrogateescape")


def read_json_lines(path: Path, complaints: list[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line, object) of each line of a JSON lines file; a line that is no object is refused into the complaints."""
    for line, text in enumerate(read_text(path).split("\n"), start=1):
        if not text.strip():
            continue
        try:
            found = json.loads(text)
        except (ValueError, RecursionError) as error:
            complaints.append(f"{path}, dòng {line}: không phải JSON ({getattr(error, 'msg', 'lồng quá sâu')}).")
            continue
        if isinstance(found, dict) and _is_text(text):
            yield line, found
        else:
            complaints.append(f"{path}, dòng {line}: phải là một đối tượng JSON {{...}} bằng chữ UTF-8.")


def write_table(path: Path, names: Sequence[str], rows: Iterator[Sequence[str]] | Sequence[Sequence[str]], delimiter: str = ",") -> None:
    """Write a CSV file with a header; whole or not at all."""
    with whole(path) as file, io.TextIOWrapper(file, encoding="utf-8", newline="") as text:
        writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(rows)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it appears whole or not at all. Raises Refused with the sentence of the disk."""
    with whole(path) as file:
        file.write(content)


@contextmanager
def whole(path: Path) -> Iterator[IO[bytes]]:
    """A file to write to, which takes its name only when the block ends well. Raises Refused with the sentence of the disk."""
    name = ""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
        with os.fdopen(handle, "wb") as file:
            yield file
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError as error:
        raise Refused("unwritable", f"Không ghi được tệp {path}: {error.strerror}. Hãy chọn nơi khác.") from error
    finally:
        if name:
            Path(name).unlink(missing_ok=True)


def tell(complaints: Sequence[str]) -> int:
    """Print the complaints, one line each, on standard error; the exit code: 1 when there are any."""
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints else 0
