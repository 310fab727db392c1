"""The command line's own words in Vietnamese: argparse asks gettext for each of its sentences, and is answered here."""

import argparse
from typing import Any

# What a value had to be, by the name of the function that reads it.
TYPES = {"int": "số nguyên", "float": "số", "Path": "đường dẫn", "date": "ngày dạng 2026-06-03", "fromisoformat": "ngày dạng 2026-06-03"}


class _Kind(str):
    """A sentence that names the kind of value that was wanted."""

    def __mod__(self, values: Any) -> str:
        return str.__mod__(self, {**values, "type": TYPES.get(values["type"], values["type"])})


SAID: dict[str, str] = {
    "usage: ": "cách dùng: ",
    "positional arguments": "tham số",
    "options": "tùy chọn",
    "show this help message and exit": "hiện phần trợ giúp này rồi thôi",
    "show program's version number and exit": "hiện số phiên bản rồi thôi",
    "%(prog)s: error: %(message)s\n": "%(prog)s: sai cách dùng: %(message)s\nXem cách dùng: %(prog)s --help\n",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s",
    "the following arguments are required: %s": "còn thiếu %s",
    "unrecognized arguments: %s": "không hiểu %s",
    "expected one argument": "cần một giá trị đi kèm",
    "expected at most one argument": "chỉ nhận nhiều nhất một giá trị",
    "expected at least one argument": "cần ít nhất một giá trị",
    "expected %s argument": "cần %s giá trị",
    "expected %s arguments": "cần %s giá trị",
    "invalid choice: %(value)r (choose from %(choices)s)": "không có lựa chọn %(value)r (hãy chọn: %(choices)s)",
    "invalid choice: %(value)r, maybe you meant %(suggestion)r? (choose from %(choices)s)":
        "không có lựa chọn %(value)r, có phải %(suggestion)r? (hãy chọn: %(choices)s)",
    "unknown parser %(parser_name)r (choices: %(choices)s)": "không có lệnh %(parser_name)r (hãy chọn: %(choices)s)",
    "invalid %(type)s value: %(value)r": _Kind("%(value)r không phải %(type)s"),
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s chưa rõ, có thể là %(matches)s",
    "ignored explicit argument %r": "không nhận giá trị %r",
    "not allowed with argument %s": "không dùng cùng với %s",
    "one of the arguments %s is required": "cần một trong các tùy chọn %s",
    "can't open '%(filename)s': %(error)s": "không mở được '%(filename)s': %(error)s",
    "unexpected option string: %s": "không hiểu %s",
}


def said(words: Any) -> Any:
    """A sentence of argparse in Vietnamese; the sentence itself where it only speaks to programmers."""
    return SAID.get(words, words)


def said_counted(one: str, many: str, count: int) -> str:
    """A sentence about a number of things; Vietnamese has one form."""
    return said(one if count == 1 else many)


def speak_vietnamese() -> None:
    """Have argparse speak Vietnamese from now on; called before the first parser is made."""
    argparse._ = said  # type: ignore[attr-defined]  # argparse asks these two names of its own module
    argparse.ngettext = said_counted  # type: ignore[attr-defined]  # see above
