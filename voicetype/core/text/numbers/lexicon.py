"""The Russian numerals, each written form with what it means: «двадцатью» is 20 in the instrumental case.

Tables first, then the forms made of them, all with «е» in place of «ё». Pure; any thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

NOMINATIVE, GENITIVE, DATIVE, ACCUSATIVE, INSTRUMENTAL, PREPOSITIONAL = CASES = (1, 2, 4, 8, 16, 32)
ANY_CASE = sum(CASES)
DIRECT = NOMINATIVE | ACCUSATIVE
MASCULINE, FEMININE, NEUTER, PLURAL = 1, 2, 4, 8
ANY_GENDER = MASCULINE | FEMININE | NEUTER | PLURAL

ZERO, UNIT, TEEN, TEN, HUNDRED, SCALE = range(6)
"""Levels: in one group of three digits each numeral must be of a lower level than the one before it."""

THOUSAND, MILLION, MILLIARD = 10**3, 10**6, 10**9


@dataclass(frozen=True, slots=True)
class Numeral:
    """What one word form means.

    Attributes:
        value: the number; for thousands and more what the words before it are multiplied by.
        level: ZERO ... SCALE.
        cases, genders: bit masks of all readings of the form.
        suffix: the ending to write after the digits of an ordinal («го» for «пятого»); "" for a cardinal.
        singular: of a SCALE: it may stand without a number before it («тысячу», but not «тысяч»).
        after_one: of a SCALE: it can follow nothing but one («миллион»).
    """

    value: int
    level: int
    cases: int
    genders: int = ANY_GENDER
    suffix: str = ""
    singular: bool = False
    after_one: bool = False


_CARDINALS: tuple[tuple[int, int, str], ...] = (
    (0, ANY_GENDER, "ноль/нуль ноля/нуля нолю/нулю ноль/нуль нолем/нулем ноле/нуле"),
    (1, MASCULINE, "один одного одному один/одного одним одном"),
    (1, FEMININE, "одна одной одной одну одной/одною одной"),
    (1, NEUTER, "одно одного одному одно одним одном"),
    (2, MASCULINE | NEUTER, "два двух двум два/двух двумя двух"),
    (2, FEMININE, "две двух двум две/двух двумя двух"),
    (3, ANY_GENDER, "три трех трем три/трех тремя трех"),
    (4, ANY_GENDER, "четыре четырех четырем четыре/четырех четырьмя четырех"),
    (5, ANY_GENDER, "пять пяти пяти пять пятью пяти"),
    (6, ANY_GENDER, "шесть шести шести шесть шестью шести"),
    (7, ANY_GENDER, "семь семи семи семь семью семи"),
    (8, ANY_GENDER, "восемь восьми восьми восемь восемью/восьмью восьми"),
    (9, ANY_GENDER, "девять девяти девяти девять девятью девяти"),
    (10, ANY_GENDER, "десять десяти десяти десять десятью десяти"),
    (20, ANY_GENDER, "двадцать двадцати двадцати двадцать двадцатью двадцати"),
    (30, ANY_GENDER, "тридцать тридцати тридцати тридцать тридцатью тридцати"),
    (40, ANY_GENDER, "сорок сорока сорока сорок сорока сорока"),
    (50, ANY_GENDER, "пятьдесят пятидесяти пятидесяти пятьдесят пятьюдесятью/пятидесятью пятидесяти"),
    (60, ANY_GENDER, "шестьдесят шестидесяти шестидесяти шестьдесят шестьюдесятью/шестидесятью шестидесяти"),
    (70, ANY_GENDER, "семьдесят семидесяти семидесяти семьдесят семьюдесятью/семидесятью семидесяти"),
    (
        80,
        ANY_GENDER,
        "восемьдесят восьмидесяти восьмидесяти восемьдесят восемьюдесятью/восьмьюдесятью/восьмидесятью восьмидесяти",
    ),
    (90, ANY_GENDER, "девяносто девяноста девяноста девяносто девяноста девяноста"),
    (100, ANY_GENDER, "сто ста ста сто ста ста"),
    (200, ANY_GENDER, "двести двухсот двумстам двести двумястами/двухстами двухстах"),
    (300, ANY_GENDER, "триста трехсот тремстам триста тремястами/трехстами трехстах"),
    (400, ANY_GENDER, "четыреста четырехсот четыремстам четыреста четырьмястами/четырехстами четырехстах"),
    (500, ANY_GENDER, "пятьсот пятисот пятистам пятьсот пятьюстами/пятистами пятистах"),
    (600, ANY_GENDER, "шестьсот шестисот шестистам шестьсот шестьюстами/шестистами шестистах"),
    (700, ANY_GENDER, "семьсот семисот семистам семьсот семьюстами/семистами семистах"),
    (800, ANY_GENDER, "восемьсот восьмисот восьмистам восемьсот восемьюстами/восьмьюстами/восьмистами восьмистах"),
    (900, ANY_GENDER, "девятьсот девятисот девятистам девятьсот девятьюстами/девятистами девятистах"),
)
"""Value, genders, and the forms in the order of CASES; "/" parts forms that are both said."""

_TEENS = "один две три четыр пят шест сем восем девят"
_TEEN_ENDINGS = "надцать надцати надцати надцать надцатью надцати"

_SCALES: tuple[tuple[int, str, str], ...] = (
    (THOUSAND, "тысяча тысячи тысяче тысячу тысячей/тысячью тысяче", "тысячи тысяч тысячам тысячи тысячами тысячах"),
    (THOUSAND, "тыща тыщи тыще тыщу тыщей тыще", "тыщи тыщ тыщам тыщи тыщами тыщах"),
    (
        MILLION,
        "миллион миллиона миллиону миллион миллионом миллионе",
        "миллионы миллионов миллионам миллионы миллионами миллионах",
    ),
    (
        MILLIARD,
        "миллиард миллиарда миллиарду миллиард миллиардом миллиарде",
        "миллиарды миллиардов миллиардам миллиарды миллиардами миллиардах",
    ),
)
"""Value, the forms of the singular and of the plural in the order of CASES."""
_ALSO_DIRECT = ["тысячи", "тыщи", "миллиона", "миллиарда", "тысяч", "тыщ", "миллионов", "миллиардов"]
"""Genitive forms that follow a number in the nominative: «две тысячи», «пять миллионов»."""

_ORDINAL_STEMS: tuple[tuple[int, str], ...] = (
    (0, "нулев"),
    (1, "перв"),
    (2, "втор"),
    (4, "четверт"),
    (5, "пят"),
    (6, "шест"),
    (7, "седьм"),
    (8, "восьм"),
    (9, "девят"),
    (10, "десят"),
    (20, "двадцат"),
    (30, "тридцат"),
    (40, "сороков"),
    (50, "пятидесят"),
    (60, "шестидесят"),
    (70, "семидесят"),
    (80, "восьмидесят"),
    (90, "девяност"),
    (100, "сот"),
    (200, "двухсот"),
    (300, "трехсот"),
    (400, "четырехсот"),
    (500, "пятисот"),
    (600, "шестисот"),
    (700, "семисот"),
    (800, "восьмисот"),
    (900, "девятисот"),
)
_SCALE_STEMS = {"тысячн": THOUSAND, "миллионн": MILLION, "миллиардн": MILLIARD}

_ADJECTIVE: tuple[tuple[int, str], ...] = (
    (MASCULINE, "ый/ой ого ому ый/ой/ого ым ом"),
    (FEMININE, "ая ой ой ую ой/ою ой"),
    (NEUTER, "ое ого ому ое ым ом"),
    (PLURAL, "ые ых ым ые/ых ыми ых"),
)
_THIRD: tuple[tuple[int, str], ...] = (
    (MASCULINE, "ий ьего ьему ий/ьего ьим ьем"),
    (FEMININE, "ья ьей ьей ью ьей/ьею ьей"),
    (NEUTER, "ье ьего ьему ье ьим ьем"),
    (PLURAL, "ьи ьих ьим ьи/ьих ьими ьих"),
)
_END_STRESSED = {0, 2, 6, 7, 8, 40}
"""Ordinals on «-ой», not «-ый»; the other of the two is no word, or no numeral («пятой» is feminine only)."""

_JOINED_PARTS: tuple[tuple[str, int, int], ...] = tuple(
    (text, value, level)
    for level, row in (
        (HUNDRED, "сто 100 двухсот 200 трехсот 300 четырехсот 400 пятисот 500 шестисот 600 семисот 700 восьмисот 800"),
        (HUNDRED, "девятисот 900"),
        (TEEN, "одиннадцати 11 двенадцати 12 тринадцати 13 четырнадцати 14 пятнадцати 15 шестнадцати 16 семнадцати 17"),
        (TEEN, "восемнадцати 18 девятнадцати 19 десяти 10"),
        (TEN, "двадцати 20 тридцати 30 сорока 40 пятидесяти 50 шестидесяти 60 семидесяти 70 восьмидесяти 80"),
        (TEN, "девяносто 90 девяноста 90"),
        (UNIT, "одно 1 двух 2 трех 3 четырех 4 пяти 5 шести 6 семи 7 восьми 8 девяти 9"),
    )
    for text, value in zip(row.split()[::2], map(int, row.split()[1::2]), strict=True)
)
"""How a numeral begins a longer word, as in «двадцатипятитысячный»; longer texts before those that begin them."""


def level_of(value: int) -> int:
    """The level of a numeral that is one word."""
    bounds = ((1, ZERO), (10, UNIT), (20, TEEN), (100, TEN), (THOUSAND, HUNDRED))
    return next((level for bound, level in bounds if value < bound), SCALE)


def written_suffix(ending: str) -> str:
    """What follows the hyphen after the digits: one letter after a vowel, two after a consonant."""
    ending = ending.removeprefix("ь") if len(ending) > 2 else ending
    if len(ending) == 3:
        return ending[1:]
    return ending[-1]


_Forms = dict[str, Numeral]


def _add(forms: _Forms, word: str, numeral: Numeral) -> None:
    known = forms.get(word)
    if known is None:
        forms[word] = numeral
        return
    forms[word] = Numeral(
        known.value,
        known.level,
        known.cases | numeral.cases,
        known.genders | numeral.genders,
        known.suffix,
        known.singular and numeral.singular,
        known.after_one and numeral.after_one,
    )


def _in_cases(row: str) -> list[tuple[int, str]]:
    return [(case, form) for case, forms in zip(CASES, row.split(), strict=True) for form in forms.split("/")]


def _cardinals() -> _Forms:
    forms: _Forms = {}
    for value, genders, row in _CARDINALS:
        for case, word in _in_cases(row):
            _add(forms, word, Numeral(value, level_of(value), case, genders))
    for value, stem in enumerate(_TEENS.split(), start=11):
        for case, ending in _in_cases(_TEEN_ENDINGS):
            _add(forms, stem + ending, Numeral(value, TEEN, case))
    for value, singular, plural in _SCALES:
        for row in (plural, singular):
            for case, word in _in_cases(row):
                cases = case | DIRECT if word in _ALSO_DIRECT else case
                one = row == singular and case in (NOMINATIVE, ACCUSATIVE)
                _add(forms, word, Numeral(value, SCALE, cases, singular=row == singular, after_one=one))
    return forms


def _ordinal_forms(stem: str, numeral_value: int, level: int) -> list[tuple[str, Numeral]]:
    table = _THIRD if stem == "трет" else _ADJECTIVE
    wrong = "ый" if numeral_value in _END_STRESSED else "ой"
    made = []
    for gender, row in table:
        for case, ending in _in_cases(row):
            if gender == MASCULINE and ending == wrong:
                continue
            made.append((stem + ending, Numeral(numeral_value, level, case, gender, written_suffix(ending))))
    return made


def _ordinals() -> _Forms:
    forms: _Forms = {}
    teens = [(value, f"{stem}надцат") for value, stem in enumerate(_TEENS.split(), start=11)]
    scales = [(value, stem) for stem, value in _SCALE_STEMS.items()]
    for value, stem in [*_ORDINAL_STEMS, (3, "трет"), *teens, *scales]:
        for word, numeral in _ordinal_forms(stem, value, level_of(value)):
            _add(forms, word, numeral)
    return forms


FORMS: _Forms = {**_ordinals(), **_cardinals()}
"""Every single-word numeral."""


def numeral(word: str) -> Numeral | None:
    """What the word means as a numeral, «двадцатипятитысячный» too; None if it is none."""
    found = FORMS.get(word)
    if found is None and ("тысячн" in word or "миллио" in word or "миллиар" in word):
        return _joined_ordinal(word)
    return found


@lru_cache(maxsize=1024)
def _joined_ordinal(word: str) -> Numeral | None:
    for stem, scale in _SCALE_STEMS.items():
        at = word.find(stem)
        if at > 0 and (last := FORMS.get(word[at:])) is not None:
            head = joined_value(word[:at])
            return Numeral(head * scale, SCALE, last.cases, last.genders, last.suffix) if head else None
    return None


def joined_value(text: str) -> int:
    """The number that begins a longer word, 25 for «двадцатипяти»; 0 if it is none."""
    total, below = 0, SCALE
    while text:
        for part, value, level in _JOINED_PARTS:
            if text.startswith(part) and level < below:
                total, below = total + value, TEEN if level == TEN else level if level == HUNDRED else UNIT
                text = text[len(part) :]
                break
        else:
            return 0
    return total
