"""How the interface answers: JSON with an ETag, refusals with code, sentence and field."""

import hashlib
import logging
import re
from collections.abc import Mapping
from typing import Any

import pydantic
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, RawPostDataException
from django.utils.http import parse_etags
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled

from tramyte.engine.access.naming import called
from tramyte.engine.audit import chain
from tramyte.engine.refused import Refused
from tramyte.engine.registers.interface import Faults
from tramyte.engine.registers.output import json_bytes

log = logging.getLogger("tramyte.web")
KIND = "application/json"
TAG = re.compile(r'(?:W/)?"(\d{1,9})(?:-[0-9a-f]*)?"')

# What pydantic says of a value, in Vietnamese.
SENTENCES = {
    "missing": "Thiếu mục này. Hãy gửi kèm khi gửi lại.", "extra_forbidden": "Không có mục tên này. Hãy xem tên các mục trong tài liệu.",
    "json_invalid": "Nội dung gửi lên không phải JSON. Hãy gửi một đối tượng JSON mã UTF-8.", "string_type": "Phải là chuỗi ký tự.",
    "string_unicode": "Chuỗi có ký tự không hợp lệ. Hãy gửi UTF-8.", "string_too_long": "Chuỗi quá dài. Hãy viết ngắn lại.", "int_type": "Phải là số nguyên.", "int_from_float": "Phải là số nguyên.",
    "float_type": "Phải là số.", "finite_number": "Phải là số hữu hạn.", "bool_type": "Phải là true hoặc false.", "model_type": "Phải gửi một đối tượng JSON.",
}


def answer(request: HttpRequest, content: Mapping[str, Any], *, status: int = 200, version: int | None = None) -> HttpResponse:
    """The content as JSON with its ETag ("version-digest" for a row); 304 when the caller has it already."""
    body = json_bytes(dict(content))
    digest = hashlib.sha256(body).hexdigest()
    tag = f'"{digest[:32]}"' if version is None else f'"{version}-{digest[:12]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if status == 200 and request.method == "GET" and tag in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponseNotModified(headers=headers)
    return HttpResponse(body, content_type=KIND, status=status, headers=headers)


def refusal(error: Refused, **more: Any) -> HttpResponse:
    """A refusal as JSON."""
    content = {"code": error.code, "message": error.message, "field": error.field, **more}
    return HttpResponse(json_bytes(content), content_type=KIND, status=error.status)


def seen_version(request: HttpRequest, row: Any) -> int:
    """The version that If-Match names; the row's own for `*`. Raises Refused: 428 without the header, `conflict` for another version."""
    header = request.headers.get("If-Match", "").strip()
    if not header:
        raise Refused("no_version", "Hãy gửi If-Match với ETag của bản đã đọc, để không ghi đè việc người khác vừa sửa.", status=428)
    found = TAG.fullmatch(header)
    if header == "*" or (found and int(found[1]) == row.version):
        return int(row.version)
    raise Refused("conflict", f"{called(chain.last_writer(row))} đã sửa mục này sau bản bạn đọc. Chưa có gì được lưu: hãy xem bản đang lưu rồi gửi lại.", status=409)


def read_body(request: HttpRequest, model: type[pydantic.BaseModel]) -> dict[str, Any]:
    """The fields that were sent, by the names of the description. Raises Refused or Faults with sentences."""
    try:
        given = model.model_validate_json(request.body).model_dump(by_alias=True, exclude_unset=True)
    except RawPostDataException:  # a form with files was read as such
        raise Refused("bad_json", SENTENCES["json_invalid"]) from None
    except pydantic.ValidationError as error:
        raise Faults(tuple((".".join(str(part) for part in one["loc"]), _sentence(one)) for one in error.errors(include_url=False))) from None
    if any("\0" in value for value in given.values() if isinstance(value, str)):
        raise Refused("bad_letter", "Có ký tự rỗng (mã 0) mà máy không lưu được. Chưa có gì được lưu.")
    return given


def _sentence(error: Any) -> str:
    kind = str(error["type"])
    return SENTENCES.get(kind) or ("Phải là mã UUID." if kind.startswith("uuid") else "Không đọc được giá trị này.")


def handle(api: NinjaAPI) -> None:
    """Teach an interface how each kind of refusal is answered. Whatever else goes wrong is Django's own to answer and log."""
    api.add_exception_handler(Refused, _refused)
    api.add_exception_handler(Faults, _faults)
    api.add_exception_handler(HttpError, _http)


def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    if error.status in {401, 403, 404}:
        log.warning("%s %r refused for %s: %s", request.method, request.path, request.user, error.code)
    made = refusal(error)
    if error.status == 401:
        made["WWW-Authenticate"] = "Bearer"
    return made


def _faults(request: HttpRequest, error: Any) -> HttpResponse:
    field, message = error.found[0]
    faults = [{"field": name, "message": words} for name, words in error.found]
    return refusal(Refused("invalid", message, field=field), faults=faults)


def _http(request: HttpRequest, error: Any) -> HttpResponse:
    if isinstance(error, AuthenticationError):
        return _refused(request, Refused("not_signed_in", "Hãy gửi khóa của ứng dụng (Authorization: Bearer …), hoặc đăng nhập trước.", status=401))
    if isinstance(error, Throttled):
        made = _refused(request, Refused("too_many", f"Ứng dụng hỏi quá dày. Hãy đợi {error.wait} giây rồi hỏi tiếp.", status=429))
        made["Retry-After"] = str(error.wait)
        return made
    text = "Yêu cầu ghi bằng phiên đăng nhập phải kèm mã CSRF của trang. Chương trình khác hãy dùng khóa riêng." if error.status_code == 403 else str(error)
    return _refused(request, Refused("no_csrf" if error.status_code == 403 else "bad_request", text, status=error.status_code))
