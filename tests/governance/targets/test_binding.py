"""Which indicator a target's phrase means."""

import pytest

from tramyte.governance.targets.binding import WORDS, score, suggest, unit_fits

UNITS = {"BH01": "%", "NK01": "%", "SK01": "%", "SK02": "%", "KC04": "%"}

PHRASES = [
    ("Tỷ lệ người dân tham gia bảo hiểm y tế đạt từ 98% trở lên", "%", "BH01"),
    ("Bao phủ BHYT trên 96,5% dân số", "%", "BH01"),
    ("ít nhất 97% dân số có thẻ bảo hiểm y tế", "%", "BH01"),
    ("100% nhân dân được lập hồ sơ sức khỏe điện tử", "%", "SK01"),
    ("Trên 90% dân số có Sổ sức khoẻ điện tử", "%", "SK01"),
    ("95% người dân trong xã được quản lý, theo dõi sức khỏe", "%", "SK01"),
    ("khám sức khoẻ định kỳ cho tối thiểu 85% người dân", "%", "SK02"),
    ("100% người dân được khám sàng lọc mỗi năm", "%", "SK02"),
    ("thực hiện tối thiểu 60% danh mục kỹ thuật tuyến xã", "%", "KC04"),
    ("Trạm Y tế thực hiện được 70% danh mục dịch vụ kỹ thuật", "%", "KC04"),
    ("99% nhân khẩu được quản lý trên phần mềm", "%", "NK01"),
    ("Quản lý nhân khẩu đạt 100%", "%", "NK01"),
    ("98% nhân khẩu đang ở trong xã được quản lý", "%", "NK01"),
    # another denominator, another thing, another unit
    ("100% học sinh, sinh viên có thẻ bảo hiểm y tế", "%", ""),
    ("95% người cao tuổi được khám sức khỏe định kỳ hằng năm", "%", ""),
    ("Tỷ lệ thẻ bảo hiểm y tế quá hạn dưới 2%", "%", ""),
    ("lập mới tối thiểu 3.400 hồ sơ sức khỏe điện tử", "hồ sơ", ""),
    ("khám sức khỏe định kỳ ít nhất 01 lần/năm", "lần/năm", ""),
    ("100% bệnh viện triển khai bệnh án điện tử", "%", ""),
    ("Tỷ lệ tiêm chủng đầy đủ đạt từ 95%", "%", ""),
    ("Trạm Y tế có ít nhất 02 bác sĩ", "bác sĩ", ""),
    ("", "%", ""),
]


@pytest.mark.parametrize(("phrase", "unit", "code"), PHRASES)
def test_the_indicator_is_read_from_the_words(phrase, unit, code):
    assert suggest({"phrase": phrase, "unit": unit}, UNITS) == code


def test_a_score_is_between_nothing_and_one():
    assert score("Tỷ lệ người dân tham gia bảo hiểm y tế", "BH01") == 1.0
    assert score("bảo hiểm y tế", "BH01") == 0.6
    assert score("bảo hiểm y tế", "KHONG") == 0.0


@pytest.mark.parametrize(("unit", "own", "fits"), [("%", "%", True), ("", "%", True), ("Phần trăm", "%", True), ("người", "%", False), ("‰", "‰", True), ("%", "‰", False)])
def test_a_unit_must_be_the_indicators(unit, own, fits):
    assert unit_fits(unit, own) is fits


@pytest.mark.parametrize(("phrase", "code"), [
    ("Giảm tỷ lệ suy dinh dưỡng trẻ em dưới 5 tuổi thể nhẹ cân còn 18,48 %", "DD01"),
    ("tỷ lệ trẻ em dưới 5 tuổi suy dinh dưỡng thể thấp còi 24,38%", "DD02"),
    ("thể thấp còi 24,38 %", "DD02"), ("thể nhẹ cân 18,48 %", "DD01"),
    ("Tỷ lệ suy dinh dưỡng thể gầy còm ở trẻ dưới 5 tuổi dưới 3%", "DD03"),
    ("khống chế tỷ lệ thừa cân, béo phì ở trẻ em dưới 5 tuổi dưới 10%", "DD04"),
    ("trên 98% trẻ dưới 5 tuổi được cân đo", "DD07"), ("50% trẻ được bú mẹ hoàn toàn trong 6 tháng đầu", "BM13"),
    ("tỷ lệ thừa cân, béo phì ở học sinh dưới 20%", ""), ("tỷ lệ trẻ được bú mẹ trong giờ đầu sau sinh", ""),
])
def test_phrases_of_nutrition(phrase, code):
    units = dict.fromkeys(WORDS, "%")
    assert suggest({"phrase": phrase, "unit": "%"}, units) == code


@pytest.mark.parametrize(("phrase", "code"), [
    ("Tỷ lệ tiêm chủng đầy đủ cho trẻ em dưới 1 tuổi đạt ≥ 95%", "TC01"), ("tiêm chủng mở rộng đạt trên 95%", "TC01"), ("trẻ dưới 01 tuổi tiêm đủ các loại vắc xin trên 95%", "TC01"),
    ("Tỷ lệ trẻ sơ sinh tiêm viêm gan B trong 24 giờ đạt 85%", "TC02"), ("trẻ dưới 1 tuổi được tiêm BCG trên 95%", "TC03"), ("tiêm DPT-VGB-Hib mũi 3 trên 95%", "TC04"),
    ("tỷ lệ tiêm sởi mũi 1 đạt 95%", "TC07"), ("95% trẻ 18-24 tháng được tiêm vắc xin sởi - rubella", "TC08"), ("trẻ 18 tháng tiêm DPT mũi 4 đạt 90%", "TC09"),
    ("phụ nữ có thai được tiêm phòng uốn ván đầy đủ đạt 90%", "TC10"), ("tiêm viêm não Nhật Bản mũi 3 đạt 90%", "TC11"), ("giảm tỷ lệ bỏ mũi dưới 10%", "TC12"),
    ("100% học sinh nhập học được rà soát tiền sử tiêm chủng", "TC15"), ("80% người cao tuổi tiêm chủng vắc xin COVID-19", ""),
])
def test_targets_of_immunization_are_found_by_their_words(phrase, code):
    assert suggest({"phrase": phrase, "unit": "%"}, dict.fromkeys(WORDS, "%")) == code
