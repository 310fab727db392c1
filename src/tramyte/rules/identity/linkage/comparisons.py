"""What is compared between two records, level by level, and what a clerk reads about each level.

A level is an SQL condition over the columns of `features` with `_l` and `_r`; the first that holds counts. m is its share
among pairs of one person, u among pairs of two people: here where the estimation starts, see `estimation`.
"""

from dataclasses import dataclass

from tramyte.rules.identity.linkage.features import Roles


@dataclass(frozen=True, slots=True)
class Level:
    """One degree of agreement: SQL ("ELSE" in the last one), starting shares, what the clerk reads.

    rare: whether agreement on a rare name weighs more than on a common one. held: m stays at most and u at least as given.
    So contradictions are: twins are so many among the candidates that an estimation left alone takes them for one person.
    """

    key: str
    sql: str
    m: float
    u: float
    word: str
    rare: bool = False
    held: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """Levels from the closest to "other". unknown: the SQL condition under which nothing can be said.

    rare: the column whose rare values weigh more than common ones, in the levels that say so. counted: which pairs of two
    people tell u: "any", "born together" (the same day, another name), "near numbers" (any, but not of equal numbers).
    """

    name: str
    counted: str
    unknown: str
    levels: tuple[Level, ...]
    rare: str = ""

    @property
    def case(self) -> str:
        """SQL of the level's number: the highest for the closest, 0 for "other", -1 for unknown."""
        top = len(self.levels) - 1
        whens = " ".join(f"WHEN {level.sql} THEN {top - at}" for at, level in enumerate(self.levels[:-1]))
        return f"CASE WHEN {self.unknown} THEN -1 {whens} ELSE 0 END"

    def level(self, number: int) -> Level:
        """The level of a number from `case`, not -1."""
        return self.levels[len(self.levels) - 1 - number]


def comparisons(roles: Roles) -> list[Comparison]:
    """The comparisons that the roles allow."""
    found = [NAME] if roles.name else []
    if roles.birth:
        found.append(BIRTH)
    if roles.sex:
        found.append(SEX)
    found += [_number(at, column, kind) for at, (column, kind) in enumerate(roles.numbers.items())]
    if roles.phone or roles.parent or roles.home:
        found.append(_household(roles))
    return found + [_text(at, word) for at, word in enumerate(roles.texts.values())]


_SAME_ENDS = (
    "((name_family_l = name_family_r AND name_given_l = name_given_r)"
    " OR (name_given_r = name_family_l AND name_words_r[-2] = name_given_l)"
    " OR (name_given_l = name_family_r AND name_words_l[-2] = name_given_r))"
)


def _short(one: str, other: str) -> str:
    """The words of one name are words of the other, a single letter standing for any word that it begins."""
    return (
        f"(len(name_words_{one}) BETWEEN 2 AND len(name_words_{other}) AND list_has_all(name_words_{other}, name_long_{one})"
        f" AND list_has_all(name_initials_{other}, name_initials_{one}))"
    )


def _part(one: str, other: str) -> str:
    """The words of one name, no word twice, are among more words of the other."""
    return (
        f"(len(name_words_{one}) > 1 AND len(name_words_{one}) < len(name_words_{other})"
        f" AND len(list_distinct(name_words_{one})) = len(name_words_{one}) AND list_has_all(name_words_{other}, name_words_{one}))"
    )


# A scanner or a hasty hand makes a word that is no syllable; a letter that makes another word makes another name.
_SLIP = (
    "len(name_odd_l) + len(name_odd_r) > 0 AND (damerau_levenshtein(name_fold_l, name_fold_r) <= 1"
    " OR (name_given_l = name_given_r AND len(name_fold_l) > 12 AND damerau_levenshtein(name_fold_l, name_fold_r) = 2)"
    " OR (name_family_l = name_family_r AND damerau_levenshtein(name_given_l, name_given_r) = 1"
    " AND (list_contains(name_odd_l, name_given_l) OR list_contains(name_odd_r, name_given_r)))"
    " OR (name_given_l = name_given_r AND damerau_levenshtein(name_family_l, name_family_r) = 1))"
)

NAME = Comparison(
    "name",
    "any",
    "name_exact_l IS NULL OR name_exact_r IS NULL OR ((name_unnamed_l OR name_unnamed_r) AND name_bag_l <> name_bag_r)",
    (
        Level("same", "name_exact_l = name_exact_r", 0.55, 0.0001, "trùng họ tên", rare=True),
        Level("tones", "name_fold_l = name_fold_r", 0.15, 0.00005, "tên khác dấu", rare=True),
        Level("typed", "name_typed_l = name_typed_r", 0.05, 0.00001, "tên còn vết gõ Telex", rare=True),
        Level("order", "name_bag_l = name_bag_r", 0.05, 0.00002, "tên khác thứ tự", rare=True),
        Level("short", f"{_SAME_ENDS} AND ({_short('l', 'r')} OR {_short('r', 'l')})", 0.1, 0.0005, "tên thiếu hoặc viết tắt chữ đệm", rare=True),
        Level("part", f"{_part('l', 'r')} OR {_part('r', 'l')}", 0.01, 0.0003, "tên này là một phần của tên kia"),
        Level("slip", _SLIP, 0.03, 0.0001, "tên sai chính tả"),
        Level("middle", _SAME_ENDS, 0.01, 0.003, "cùng họ và tên, khác chữ đệm"),
        # Children of one house are named alike on purpose (Hùng, Tùng): among strangers it would look like a slip.
        Level("alike", "damerau_levenshtein(name_typed_l, name_typed_r) <= 1", 0.005, 0.05, "tên khác một chữ cái", held=True),
        Level("given", "name_given_l = name_given_r", 0.003, 0.02, "cùng tên, khác họ", held=True),
        Level("family", "name_family_l = name_family_r", 0.002, 0.4, "cùng họ, khác tên", held=True),
        Level("other", "ELSE", 0.003, 0.5, "khác họ tên", held=True),
    ),
    rare="name_bag",
)

BIRTH = Comparison(
    "birth",
    "any",
    "birth_digits_l IS NULL OR birth_digits_r IS NULL",
    (
        Level("same", "birth_digits_l = birth_digits_r AND NOT birth_vague_l AND NOT birth_vague_r", 0.75, 0.00005, "cùng ngày sinh"),
        Level("year", "birth_year_l = birth_year_r AND (birth_vague_l OR birth_vague_r)", 0.06, 0.002, "cùng năm sinh, có bên không rõ ngày"),
        Level("swapped", "birth_swapped_l = birth_swapped_r", 0.03, 0.00002, "ngày và tháng sinh đổi chỗ"),
        Level("slip", "damerau_levenshtein(birth_digits_l, birth_digits_r) = 1", 0.06, 0.001, "ngày sinh lệch một chữ số"),
        # A lunar date taken for a solar one lies 17 to 52 days early: the lunar year begins 21 January to 20 February.
        Level("lunar", "abs(birth_number_l - birth_number_r) BETWEEN 17 AND 52", 0.06, 0.002, "ngày sinh lệch như âm lịch với dương lịch"),
        Level("near", "birth_year_l = birth_year_r", 0.01, 0.01, "cùng năm sinh, khác ngày"),
        Level("day", "birth_month_l = birth_month_r AND birth_day_l = birth_day_r", 0.01, 0.003, "cùng ngày và tháng sinh, khác năm"),
        Level("other", "ELSE", 0.02, 0.98, "khác ngày sinh"),
    ),
)

SEX = Comparison(
    "sex",
    "born together",
    "sex_l IS NULL OR sex_r IS NULL",
    (Level("same", "sex_l = sex_r", 0.97, 0.5, "cùng giới tính"), Level("other", "ELSE", 0.03, 0.5, "khác giới tính")),
)

_NUMBER_WORDS = {"national_id": "số định danh", "insurance": "mã số BHXH"}


def _number(at: int, column: str, kind: str) -> Comparison:
    """Equal numbers of two people are copying errors, which no sample of people shows: their u stays as given.

    How often numbers are near is counted: a commune whose cards were issued in one campaign has them one after the other.
    """
    one, two = f"number{at}_l", f"number{at}_r"
    what = _NUMBER_WORDS.get(kind, f"số {column}")
    return Comparison(
        f"number{at}",
        "near numbers",
        # A person may hold an old number of 9 digits and a new one of 12: they say nothing about each other.
        f"{one} IS NULL OR {two} IS NULL OR len({one}) <> len({two})",
        (
            Level("same", f"{one} = {two}", 0.9, 1e-6, f"trùng {what}", held=True),
            # Cards of one house are often issued one after the other: rather twins than a slip of the last digit.
            Level("next", f"abs(try_cast({one} AS BIGINT) - try_cast({two} AS BIGINT)) < 10", 0.002, 0.02, f"{what} liền nhau", held=True),
            Level("slip", f"damerau_levenshtein({one}, {two}) = 1", 0.06, 1e-4, f"{what} lệch một chữ số", held=True),
            Level("other", "ELSE", 0.03, 0.98, f"khác {what}"),
        ),
    )


def _equal(column: str) -> str:
    return f"coalesce({column}_l = {column}_r, FALSE)"


SAME_PARENT = "coalesce(jaro_winkler_similarity(parent_l, parent_r) > 0.92, FALSE)"
OTHER_PARENT = "coalesce(jaro_winkler_similarity(parent_l, parent_r) <= 0.92, FALSE)"


def _household(roles: Roles) -> Comparison:
    """Telephone, parent and places together, because people of one house share them all: three proofs would be one."""
    homes = [_equal(f"home{at}") for at in range(len(roles.home))]
    house = f"({' AND '.join(homes)})" if homes else "FALSE"
    near = f"({' + '.join(f'{home}::INT' for home in homes)} >= {(len(homes) + 1) // 2})" if homes else "FALSE"
    phone = _equal("phone") if roles.phone else "FALSE"
    parent, strange = (SAME_PARENT, OTHER_PARENT) if roles.parent else ("FALSE", "FALSE")
    levels = (
        Level("two", f"{phone}::INT + {parent}::INT + {house}::INT >= 2 AND NOT {strange}", 0.5, 0.01, "cùng nhà"),
        Level("one", f"({phone} OR {parent}) AND NOT {strange}", 0.1, 0.002, "cùng số điện thoại hoặc tên mẹ"),
        Level("house", f"{house} AND NOT {strange}", 0.2, 0.01, "cùng nơi ở"),
        Level("near", f"{near} AND NOT {strange}", 0.05, 0.1, "gần nơi ở"),
        Level("strange", strange, 0.02, 0.3, "khác tên mẹ"),
        Level("other", "ELSE", 0.13, 0.58, "khác nơi ở"),
    )
    return Comparison("household", "born together", "FALSE", levels)


def _text(at: int, word: str) -> Comparison:
    one, two = f"text{at}_l", f"text{at}_r"
    levels = (
        Level("same", f"{one} = {two}", 0.8, 0.01, f"trùng {word}", rare=True),
        Level("slip", f"damerau_levenshtein({one}, {two}) <= 1 + (len({one}) > 6)::INT", 0.1, 0.01, f"{word} sai một hai chữ"),
        Level("near", f"jaro_winkler_similarity({one}, {two}) > 0.88", 0.02, 0.02, f"{word} gần giống"),
        Level("other", "ELSE", 0.08, 0.96, f"khác {word}"),
    )
    return Comparison(f"text{at}", "any", f"{one} IS NULL OR {two} IS NULL", levels, rare=f"text{at}")
