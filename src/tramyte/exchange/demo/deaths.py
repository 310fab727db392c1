"""What those who died in the five years died of: invented, common causes by age, with their codes of ICD-10."""

from tramyte.exchange.demo.draws import Draws, Table
from tramyte.exchange.demo.shapes import Death, Population
from tramyte.rules.calendar import age_years

# (chain in words with the underlying cause last, its code); the mix follows no published table.
CAUSES: tuple[tuple[int, Table[tuple[str, str]]], ...] = (
    (1, Table([(("Suy hô hấp; đẻ non", "P07.3"), 5), (("Suy hô hấp; viêm phổi sơ sinh", "P23.9"), 3), (("Dị tật tim bẩm sinh", "Q24.9"), 2)])),
    (15, Table([(("Ngạt nước; đuối nước", "W74"), 4), (("Suy hô hấp; viêm phổi", "J18.9"), 3), (("Bạch cầu cấp", "C95.0"), 1)])),
    (45, Table([
        (("Chấn thương sọ não; tai nạn giao thông", "V29.9"), 5), (("Hôn mê gan; xơ gan", "K74.6"), 3), (("Ung thư gan", "C22.0"), 2),
        (("Sốc điện; tai nạn lao động", "W87"), 1)])),
    (70, Table([
        (("Xuất huyết não; tăng huyết áp", "I61.9"), 5), (("Nhồi máu cơ tim cấp", "I21.9"), 4), (("Ung thư phổi", "C34.9"), 4), (("Ung thư gan", "C22.0"), 3),
        (("Suy thận; đái tháo đường típ 2", "E11.2"), 2), (("Hôn mê gan; xơ gan", "K74.6"), 2)])),
    (200, Table([
        (("Nhồi máu não; tăng huyết áp", "I63.9"), 6), (("Suy tim; bệnh tim do tăng huyết áp", "I11.0"), 5), (("Suy hô hấp; bệnh phổi tắc nghẽn mạn tính", "J44.9"), 4),
        (("Suy hô hấp; viêm phổi", "J18.9"), 3), (("Ung thư dạ dày", "C16.9"), 2), (("Suy kiệt; sa sút trí tuệ", "F03"), 2), (("Tuổi già", "R54"), 3)])),
)
SETTINGS = Table([("home", 7), ("hospital", 2.4), ("way", 0.4), ("station", 0.2)])
INFORMANTS = {"home": ("gia đình", "y tế thôn"), "hospital": ("giấy báo tử của bệnh viện",), "way": ("gia đình", "công an xã"), "station": ("trạm y tế",)}


def add_deaths(population: Population, draws: Draws) -> None:
    """A line of the book of deaths for everybody who died; one cause in fifteen is not known."""
    for index, person in enumerate(population.persons):
        if person.died_on is None:
            continue
        age = age_years(person.birth_date, person.died_on)
        table = next(causes for below, causes in CAUSES if age < below)
        cause, code = draws.weighted(table)
        setting, hour = draws.weighted(SETTINGS), draws.between(0, 24 * 60 - 1)
        known = not draws.chance(1 / 15)
        population.deaths.append(Death(
            index, person.died_on, f"{hour // 60:02d}:{hour % 60:02d}" if draws.chance(0.6) else "", setting, cause if known else "", code if known else "",
            setting in ("hospital", "station") or draws.chance(0.5), draws.pick(INFORMANTS[setting])))
