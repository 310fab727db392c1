"""Which of many records are one person: pairs that must be found, pairs that must not, and a measured sample."""

import csv
import gzip
import io
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tramyte.rules.identity.linkage import VIETNAMESE, Roles, clusters, propose
from tramyte.rules.identity.linkage.comparisons import comparisons
from tramyte.rules.identity.linkage.features import features

SHARED = Path(__file__).parents[4] / "shared/truth/linkage/vn_A"
AN = {
    "ho_ten": "Đỗ Thị Bích Ngọc", "ngay_sinh": "1987-05-03", "gioi_tinh": "F", "cccd": "037187001234", "bhyt": "GD4373720123456",
    "sdt": "0912345678", "xa": "Xã 1", "thon": "Thôn 2", "me_ten": "Lê Thị Mận",
}  # fmt: skip
NOTHING = {"cccd": "", "bhyt": "", "sdt": "", "me_ten": ""}


def read(path):
    """The rows of a CSV file, packed or not."""
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode()
    return list(csv.DictReader(io.StringIO(text)))


def columns(records):
    return {name: [record[name] for record in records] for name in VIETNAMESE.columns()}


def pairs_of(persons):
    groups = {}
    for place, person in enumerate(persons):
        groups.setdefault(person, []).append(place)
    return {pair for group in groups.values() for pair in combinations(group, 2)}


@pytest.fixture(scope="module")
def sample():
    """1,033 invented records of 600 people and their twins (see benchmarks/damage.py), and who they are."""
    rows = read(Path(__file__).parent / "records.csv")
    return rows, [row["person"] for row in rows]


# What was done to the record of one woman; each copy must be found again among the sample.
SAME = {
    "nothing": {},
    "tones lost, numbers lost": {"ho_ten": "Do Thi Bich Ngoc"} | NOTHING,
    "decomposed": {"ho_ten": "Đỗ Thị Bích Ngọc"} | NOTHING,
    "capitals, moved": {"ho_ten": "ĐỖ THỊ BÍCH NGỌC", "xa": "Xã 9", "thon": "Thôn 1", "cccd": "", "bhyt": ""},
    "telex": {"ho_ten": "Ddoox Thij Bichs Ngocj"} | NOTHING,
    "family name last": {"ho_ten": "Thị Bích Ngọc Đỗ"} | NOTHING,
    "middle names short": {"ho_ten": "Đỗ T. B. Ngọc"} | NOTHING,
    "middle name dropped": {"ho_ten": "Đỗ Bích Ngọc"} | NOTHING,
    "scanned": {"ho_ten": "Đỗ Thị Bích Nqọc", "bhyt": "GD437372O123456"},
    "day and month exchanged": {"ngay_sinh": "1987-03-05", "cccd": "", "sdt": ""},
    "year only": {"ngay_sinh": "1987", "bhyt": ""},
    "first of January": {"ngay_sinh": "01/01/1987", "bhyt": ""},
    "lunar birthday": {"ngay_sinh": "1987-04-06", "bhyt": ""},
    "two digits exchanged": {"cccd": "037187002134", "bhyt": "", "sdt": "+84912345678"},
    "old card, other phone": {"cccd": "161234567", "bhyt": "", "sdt": "0987654321"},
    "card issued again": {"bhyt": "HT3370123720123456"[:5] + "3720123456", "cccd": "", "ngay_sinh": "1978-05-03"},
    "other sex": {"gioi_tinh": "M", "cccd": ""},
    "name of another, all numbers the same": {"ho_ten": "Lê Thị Mận", "me_ten": ""},
}
# Another person; none must be proposed.
OTHER = {
    "twin": {"ho_ten": "Đỗ Thị Bích Hằng", "cccd": "037187001235", "bhyt": "GD4373720123457"},
    "twin without numbers": {"ho_ten": "Đỗ Thị Bích Hằng", "cccd": "", "bhyt": ""},
    "sister, neighbouring card": {"ho_ten": "Đỗ Thị Bích Hà", "ngay_sinh": "1989-11-20", "cccd": "037189001235", "bhyt": ""},
    "namesake": {"ngay_sinh": "1961-09-21", "cccd": "037161000777", "bhyt": "", "sdt": "", "xa": "Xã 4", "me_ten": ""},
    "namesake of the same day": {"cccd": "037187555555", "bhyt": "GD4373799999999", "sdt": "0977777777", "me_ten": "Vũ Thị Lan", "xa": "Xã 4"},
    "mother": {"ho_ten": "Lê Thị Mận", "ngay_sinh": "1960-02-01", "cccd": "037160004321", "bhyt": "GD4373720999999", "me_ten": ""},
    "family telephone": {"ho_ten": "Trần Văn Long", "ngay_sinh": "1985-07-30", "gioi_tinh": "M", "cccd": "", "bhyt": "", "me_ten": ""},
}


@pytest.fixture(scope="module")
def judged(sample):
    """The proposals among the sample, the woman, her copies and her neighbours, by the places of their records."""
    rows = [*sample[0], AN, *({**AN, **change} for change in SAME.values()), *({**AN, **change} for change in OTHER.values())]
    return {(one.a, one.b): one for one in propose(columns(rows))}


@pytest.mark.parametrize("damage", SAME)
def test_damage_is_seen_through(sample, judged, damage):
    first = len(sample[0])
    assert (first, first + 1 + list(SAME).index(damage)) in judged


@pytest.mark.parametrize("who", OTHER)
def test_another_person_is_not_proposed(sample, judged, who):
    first = len(sample[0])
    assert (first, first + 1 + len(SAME) + list(OTHER).index(who)) not in judged


@pytest.mark.parametrize(("damage", "words"), [
    ("tones lost, numbers lost", {"cùng ngày sinh", "tên khác dấu", "cùng thôn"}),
    ("telex", {"tên còn vết gõ Telex"}),
    ("family name last", {"tên khác thứ tự"}),
    ("middle names short", {"tên thiếu hoặc viết tắt chữ đệm"}),
    ("scanned", {"tên sai chính tả", "trùng mã số BHXH", "trùng số định danh"}),
    ("day and month exchanged", {"ngày và tháng sinh đổi chỗ", "trùng họ tên"}),
    ("year only", {"cùng năm sinh, có bên không rõ ngày"}),
    ("lunar birthday", {"ngày sinh lệch như âm lịch với dương lịch"}),
    ("two digits exchanged", {"số định danh lệch một chữ số", "cùng số điện thoại"}),
    ("old card, other phone", {"khác số điện thoại", "cùng tên mẹ"}),
    ("other sex", {"khác giới tính"}),
])
def test_the_evidence_says_why(sample, judged, damage, words):
    first = len(sample[0])
    found = judged[first, first + 1 + list(SAME).index(damage)]
    assert words <= set(found.evidence)
    assert not words & {"khác số định danh"} and 0.5 <= found.score <= 1


def test_the_sample_is_linked_well(sample, judged):
    rows, persons = sample
    gold = pairs_of(persons)
    pairs = {pair for pair in judged if pair[1] < len(rows)}
    right = len(pairs & gold)
    assert right / len(pairs) >= 0.99
    assert right / len(gold) >= 0.97


def test_the_same_table_gives_the_same_and_the_order_of_rows_hardly_matters(sample):
    rows = sample[0][:250]
    found = propose(columns(rows))
    assert found == propose(columns(rows))
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    pairs, back = {(one.a, one.b) for one in found}, {(249 - one.b, 249 - one.a) for one in propose(columns(rows[::-1]))}
    assert len(pairs) > 20 and len(pairs ^ back) <= 2


def a_list_of_namesakes():
    """Of an agency: 500 people with one given name in five hamlets, numbered one after the other, without a telephone."""
    family, middle = ("Giàng", "Vàng", "Sùng", "Lò", "Quàng", "Thào", "Hạng"), ("Văn", "Thị", "Minh", "Đức", "Mỹ", "Thu", "Hải", "Quang", "Ngọc")
    for at in range(500):
        year, month, day = 1930 + at * 7 % 13, at * 5 % 12 + 1, at * 11 % 28 + 1
        name = f"{family[at % 7]} {middle[at // 7 % 9]} {middle[at // 63 % 9]} An"
        born = {"ngay_sinh": f"{year}-{month:02d}-{day:02d}", "gioi_tinh": "FM"[at % 2], "cccd": f"0970{year % 100}{at:06d}"}
        yield {**AN, **NOTHING, **born, "ho_ten": name, "thon": f"Thôn {at % 5}"}


def test_a_list_of_namesakes_hides_nobody_and_is_not_proposed(sample):
    """Left alone, the estimation took "same family and given name, other number, other birthday" for the mark of one person."""
    once = list({row["person"]: row for row in sample[0]}.values())
    twice = {**AN, "cccd": "031234567", "bhyt": "GD4990000000017", "thon": "Thôn 9", "me_ten": ""}
    found = propose(columns([*once, AN, twice, *a_list_of_namesakes()]))
    [pair] = [one for one in found if (one.a, one.b) == (len(once), len(once) + 1)]
    assert pair.score > 0.9
    assert sum(one.a > len(once) + 1 for one in found) < 50


@pytest.mark.shared
def test_the_shared_records_are_linked():
    if not SHARED.exists():
        pytest.skip("the shared records are not beside the checkout")
    records = read(SHARED / "records.csv.gz")
    # One commune and all who have a record there: a part of the set is enough for a test.
    links = [(row["rec_a"], row["rec_b"]) for row in read(SHARED / "gold.csv.gz")]
    at_home = {record["rec_id"] for record in records if record["xa"] == "X000"}
    wanted = at_home | {one for pair in links for one in pair if at_home & set(pair)}
    kept = [record for record in records if record["rec_id"] in wanted]
    place = {record["rec_id"]: at for at, record in enumerate(kept)}
    gold = {tuple(sorted((place[a], place[b]))) for a, b in links if a in place and b in place}
    pairs = {(one.a, one.b) for one in propose(columns(kept))}
    right = len(pairs & gold)
    assert right / len(pairs) >= 0.99
    assert 2 * right / (len(pairs) + len(gold)) >= 0.985


def test_other_columns_and_two_sources():
    """A table of another land: no Vietnamese names, places compared one by one, only pairs across the sources."""
    streets, towns = ["mill lane", "high street", "park road", "church row", "king street"], ["ashby", "barnet", "corby", "derby"]
    people = [(f"name{n % 37}", f"family{n % 53}", f"19{n % 80 + 10}-0{n % 9 + 1}-1{n % 10}", streets[n % 5], towns[n % 4]) for n in range(300)]
    typed = [(given[:-1] + "x", *rest) if n % 3 else (given, *rest) for n, (given, *rest) in enumerate(people)]
    names = ("given", "family", "born", "street", "town")
    table = {name: [*(row[at] for row in people), *(row[at] for row in typed)] for at, name in enumerate(names)}
    roles = Roles(birth="born", texts={name: name for name in names if name != "born"})
    found = {(one.a, one.b) for one in propose(table, roles, sources=["a"] * 300 + ["b"] * 300)}
    assert found <= {(one, two) for one in range(300) for two in range(300, 600)}
    assert len(found & {(n, n + 300) for n in range(300)}) > 280 and len(found) < 310


@pytest.mark.parametrize("count", [0, 1, 2, 30])
def test_few_records(count):
    found = propose({name: [AN[name]] * count for name in VIETNAMESE.columns()})
    assert {(one.a, one.b) for one in found} == set(combinations(range(count), 2))


def test_records_that_say_nothing():
    assert propose({name: [""] * 5 for name in VIETNAMESE.columns()}) == []
    with pytest.raises(KeyError):
        propose({"ho_ten": ["An", "An"]})


def test_a_number_on_very_many_records_is_none():
    rows = [{**AN, **NOTHING, "ho_ten": f"Lê Văn {name}", "sdt": "0900000000"} for name in ("An", "Bình") * 30]
    assert set(features(columns(rows), VIETNAMESE)["phone"]) == {None}
    assert set(features(columns(rows[:20]), VIETNAMESE)["phone"]) == {"0900000000"}


def test_too_many_records_alike_are_refused_with_a_sentence():
    with pytest.raises(ValueError, match="giống nhau quá nhiều"):
        propose({name: [AN[name]] * 1000 for name in VIETNAMESE.columns()})


def test_words_that_mean_nothing_are_nothing():
    row = {**AN, "cccd": "không có", "bhyt": "GD4370000000000", "sdt": "chưa", "me_ten": "Không rõ", "ngay_sinh": "31/02/1990"}
    made = features(columns([row, {**AN, "ho_ten": "chưa đặt tên", "cccd": "111111111111"}]), VIETNAMESE)
    assert made["number0"] == [None, None] and made["number1"] == [None, "3720123456"] and made["phone"] == [None, "0912345678"]
    assert made["parent"] == [None, "le man thi"] and made["birth_digits"] == [None, "19870503"] and made["name_bag"] == ["bich do ngoc thi", None]


def test_a_cell_of_a_hundred_thousand_letters_takes_no_time():
    rows = [{**AN, "ho_ten": f"{'Ngọc ' * 20_000}{at}", "me_ten": "M" * 100_000} for at in range(3)]
    assert len(features(columns(rows), VIETNAMESE)["name_fold"][0]) < 250
    assert len(propose(columns(rows))) == 3


@pytest.mark.parametrize("roles", [VIETNAMESE, Roles(name=("ho_ten",)), Roles(texts={"xa": "xã"}, parent="me_ten")])
def test_every_comparison_reads_columns_that_exist(roles):
    known = set(features(columns([AN]), roles))
    for comparison in comparisons(roles):
        used = {word[:-2] for word in comparison.case.replace("(", " ").replace(")", " ").replace(",", " ").replace("[", " ").split() if word[-2:] in ("_l", "_r")}
        assert used <= known


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=30))
def test_clusters_are_the_connected_records(pairs):
    found = clusters(pairs)
    place = {record: at for at, group in enumerate(found) for record in group}
    assert sorted(place) == sorted({one for pair in pairs for one in pair})
    assert all(place[one] == place[two] for one, two in pairs)
    assert found == sorted(tuple(sorted(group)) for group in found) == clusters([(two, one) for one, two in reversed(pairs)])
    for group in found:
        reached = {group[0]}
        for _ in group:
            reached |= {one for pair in pairs if reached & set(pair) for one in pair}
        assert reached == set(group)
