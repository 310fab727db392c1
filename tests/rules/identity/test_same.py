"""Two records, one person?"""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tramyte.rules.identity import Identity, blocking_keys, same_person

AN = Identity(
    "Nguyễn Văn An", date(1956, 3, 5), "day", "M", "099056000123", "GD4373720123456", "0912345678", "Thôn 1"
)
BARE = Identity("Nguyễn Văn An", date(1956, 3, 5), "day", "M")


@pytest.mark.parametrize(
    ("a", "b", "kind"),
    [
        (AN, AN, "same"),
        (BARE, BARE, "same"),
        (AN, BARE, "same"),
        (AN, replace(BARE, name="nguyen van an"), "maybe"),
        (AN, replace(BARE, name="nguyen van an", hamlet="thon 1"), "same"),
        (BARE, replace(BARE, birth_date=date(1956, 5, 3)), "maybe"),
        (BARE, replace(BARE, birth_date=date(1965, 3, 5)), "maybe"),
        (BARE, replace(BARE, birth_date=date(1956, 1, 1), precision="year"), "maybe"),
        (BARE, replace(BARE, birth_date=date(1956, 3, 1), precision="month"), "maybe"),
        (BARE, replace(BARE, birth_date=date(1956, 8, 9)), "different"),
        (BARE, replace(BARE, birth_date=date(1999, 8, 9)), "different"),
        (BARE, replace(BARE, sex="F"), "maybe"),
        (AN, replace(AN, name="Trần Thị Bích", birth_date=date(1980, 1, 2), sex="F"), "maybe"),
        (AN, replace(BARE, national_id="099056777777"), "maybe"),
        (AN, replace(BARE, national_id="099056000132", hamlet="Thôn 1"), "same"),
        (AN, replace(BARE, national_id="161234567"), "same"),
        (Identity("An"), Identity("An"), "different"),
        (Identity(""), Identity(""), "different"),
        (AN, Identity("Lê Văn Tám", date(1956, 3, 5), "day", "M"), "different"),
    ],
)
def test_verdict(a: Identity, b: Identity, kind: str) -> None:
    verdict = same_person(a, b)
    assert verdict.kind == kind, verdict
    assert same_person(b, a) == verdict
    assert (kind == "same") <= bool(set(blocking_keys(a)) & set(blocking_keys(b)))


def test_evidence_reads_as_words() -> None:
    verdict = same_person(AN, BARE)
    assert verdict.evidence == ("trùng họ tên (+40)", "trùng ngày sinh (+40)", "cùng giới tính (+5)")
    assert verdict.score == 0.85


IDENTITIES = st.builds(
    Identity,
    name=st.sampled_from(["Nguyễn Văn An", "Nguyen Van An", "An Nguyễn Văn", "Lê Thị Hoa", ""]),
    birth_date=st.sampled_from(
        [None, date(1956, 3, 5), date(1956, 5, 3), date(1957, 3, 5), date(1956, 1, 1)]
    ),
    precision=st.sampled_from(["day", "month", "year"]),
    sex=st.sampled_from(["M", "F", ""]),
    national_id=st.sampled_from(["099056000123", "099056000132", "161234567", ""]),
    insurance_number=st.sampled_from(["3720123456", "GD4373720123456", "HT2379999999999", ""]),
    phone=st.sampled_from(["0912345678", ""]),
    hamlet=st.sampled_from(["Thôn 1", "thon 1", "Thôn 2", ""]),
    mother=st.sampled_from(["Lê Thị Én", "Trần Thị Bé", ""]),
)


@given(IDENTITIES, IDENTITIES)
def test_symmetric_and_bounded(a: Identity, b: Identity) -> None:
    verdict = same_person(a, b)
    assert verdict == same_person(b, a)
    assert 0 <= verdict.score <= 1


@given(IDENTITIES)
def test_keys_are_stable_text(identity: Identity) -> None:
    keys = blocking_keys(identity)
    assert keys
    assert len(set(keys)) == len(keys)
