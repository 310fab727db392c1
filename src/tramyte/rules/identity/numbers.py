"""Identity, insurance and telephone numbers."""

import re
from typing import Literal

from tramyte.rules.text import clean

_SEPARATORS = re.compile(r"[\s.\-_'’]+")
_FLOAT = re.compile(r"\.0$")
_SCIENTIFIC = re.compile(r"\d[.,]?\d*[eE]\+?\d+")
_CARD = re.compile(r"[A-Z]{2}[1-5]\d{2}\d{10}")
# The eleven digits of mobile numbers became ten on 15/9/2018 (decision of the Ministry of Information of 25/5/2018).
_NEW_PREFIX = {
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078", "0123": "083", "0124": "084", "0125": "085",
    "0127": "081", "0129": "082", "0162": "032", "0163": "033", "0164": "034", "0165": "035", "0166": "036", "0167": "037",
    "0168": "038", "0169": "039", "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip
_OLD_MOBILE = re.compile(r"01\d{9}")
_MOBILE = re.compile(r"0[35789]\d{8}")
_LANDLINE = re.compile(r"02\d{9}")


def _shown(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:30]}…"


def _bare(text: str, what: str) -> str:
    """The characters that count; refuses an empty cell and a number that a spreadsheet has rounded."""
    cleaned = clean(text)
    if _SCIENTIFIC.fullmatch(cleaned):
        raise ValueError(
            f"{what} “{_shown(cleaned)}” đã bị bảng tính đổi sang dạng số và mất chữ số."
            " Hãy định dạng cột là Văn bản rồi nhập lại từ giấy tờ gốc."
        )
    bare = _SEPARATORS.sub("", _FLOAT.sub("", cleaned))
    if not bare:
        raise ValueError(f"{what} để trống. Hãy nhập số, hoặc bỏ qua mục này nếu chưa có.")
    return bare


def _digits_only(bare: str, what: str) -> None:
    if not (bare.isascii() and bare.isdigit()):
        raise ValueError(
            f"{what} “{_shown(bare)}” có ký tự không phải chữ số. Hãy kiểm tra lại, ví dụ chữ O thay số 0."
        )


def check_national_id(text: str) -> str:
    """The identity number, digits only: 12 (số định danh cá nhân, căn cước) or 9 (old chứng minh nhân dân).

    ValueError with a Vietnamese sentence for another count of digits, letters, or a number rounded by a spreadsheet.
    Source of the 12 digits: Nghị định 137/2015/NĐ-CP Điều 13 (province 3, century and sex 1, year 2, random 6).
    """
    what = "Số định danh"
    bare = _bare(text, what)
    _digits_only(bare, what)
    if len(bare) in (9, 12):
        return bare
    zeros = {11: "một số 0", 10: "hai số 0", 8: "một số 0"}.get(len(bare))
    hint = f" Số này có thể mất {zeros} ở đầu do bảng tính." if zeros else ""
    raise ValueError(
        f"{what} “{_shown(bare)}” có {len(bare)} chữ số, phải có 12 (căn cước) hoặc 9 (chứng minh nhân dân cũ).{hint}"
        " Hãy kiểm tra lại trên giấy tờ."
    )


def national_id_kind(national_id: str) -> Literal["cccd", "cmnd"]:
    """Whether a checked number is the 12-digit personal number ("cccd") or the old 9-digit one ("cmnd")."""
    return "cccd" if len(national_id) == 12 else "cmnd"


def check_insurance_number(text: str) -> str:
    """The insurance number: the 10-digit BHXH code or the 15-character card number, capitals, no blanks.

    The card: 2 letters of the group, benefit level 1 to 5, 2 digits of the province, 10 digits of the code
    (Quyết định 1351/QĐ-BHXH 2015). ValueError with a Vietnamese sentence.
    """
    what = "Số thẻ BHYT"
    bare = _bare(text, what).upper()
    if len(bare) == 15:
        if _CARD.fullmatch(bare):
            return bare
        raise ValueError(
            f"{what} “{bare}” không đúng mẫu: 2 chữ cái, 1 chữ số mức hưởng (1 đến 5), 2 chữ số mã tỉnh, 10 chữ số."
            " Hãy kiểm tra lại trên thẻ."
        )
    if len(bare) == 10 and bare.isascii() and bare.isdigit():
        return bare
    lost = len(bare) == 9 and bare.isdigit()
    hint = " Số này có thể mất số 0 ở đầu do bảng tính." if lost else ""
    raise ValueError(
        f"{what} “{_shown(bare)}” có {len(bare)} ký tự, phải là mã BHXH 10 chữ số hoặc số thẻ 15 ký tự.{hint}"
        " Hãy kiểm tra lại trên thẻ."
    )


def insurance_code(number: str) -> str:
    """The 10-digit code of the person inside a checked insurance number: equal for an old and a new card."""
    return number[-10:]


def check_phone(text: str) -> str:
    """A Vietnamese telephone number as dialled at home: mobile 0[35789] + 8 digits, landline 02 + 9 digits.

    +84, 84 and 0084 become 0; a mobile number of eleven digits from before 2018 gets its new prefix. ValueError with a
    Vietnamese sentence.
    """
    what = "Số điện thoại"
    bare = re.sub(r"[()/]", "", _bare(text, what))
    bare = re.sub(r"^(?:\+84|0084|84(?=[235789]\d{8,9}$|1\d{9}$))0?", "0", bare)
    _digits_only(bare, what)
    if _OLD_MOBILE.fullmatch(bare) and bare[:4] in _NEW_PREFIX:
        bare = _NEW_PREFIX[bare[:4]] + bare[4:]
    if _MOBILE.fullmatch(bare) or _LANDLINE.fullmatch(bare):
        return bare
    if re.fullmatch(r"[35789]\d{8}", bare):
        hint = " Số này có thể mất số 0 ở đầu."
    elif _OLD_MOBILE.fullmatch(bare):
        hint = " Số di động 11 chữ số đã đổi thành 10 chữ số từ năm 2018."
    else:
        hint = ""
    raise ValueError(
        f"{what} “{_shown(bare)}” không đúng: số di động có 10 chữ số, bắt đầu bằng 03, 05, 07, 08 hoặc 09;"
        f" số cố định có 11 chữ số, bắt đầu bằng 02.{hint} Hãy kiểm tra lại."
    )
