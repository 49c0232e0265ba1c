"""Russian numbers in words, as people dictate them. Standard library only."""

from __future__ import annotations

ONES = (
    "ноль один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать четырнадцать "
    "пятнадцать шестнадцать семнадцать восемнадцать девятнадцать"
).split()
TENS = "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто".split()
HUNDREDS = "сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот".split()
ORDINAL_GENITIVE = (
    "первого второго третьего четвёртого пятого шестого седьмого восьмого девятого десятого одиннадцатого двенадцатого "
    "тринадцатого четырнадцатого пятнадцатого шестнадцатого семнадцатого восемнадцатого девятнадцатого двадцатого"
).split()
ORDINAL_NEUTER = (
    "первое второе третье четвёртое пятое шестое седьмое восьмое девятое десятое одиннадцатое двенадцатое "
    "тринадцатое четырнадцатое пятнадцатое шестнадцатое семнадцатое восемнадцатое девятнадцатое двадцатое"
).split()

Forms = tuple[str, str, str]
"""A noun's forms after 1, 2 and 5."""


def cardinal(number: int) -> str:
    """A number from 0 to 9,999 in words."""
    words = []
    thousands, rest = divmod(number, 1000)
    if thousands:
        words.append(_thousands(thousands))
    hundreds, below_hundred = divmod(rest, 100)
    if hundreds:
        words.append(HUNDREDS[hundreds - 1])
    if below_hundred >= len(ONES):
        words.append(TENS[below_hundred // 10 - 2])
        below_hundred %= 10
    if below_hundred or not words:
        words.append(ONES[below_hundred])
    return " ".join(words)


def ordinal(number: int, forms: list[str]) -> str:
    """The day of a month, 1 to 31; `forms` is ORDINAL_GENITIVE or ORDINAL_NEUTER."""
    if number <= len(forms):
        return forms[number - 1]
    ending = "ого" if forms is ORDINAL_GENITIVE else "ое"
    if number < 30:
        return f"двадцать {forms[number - 21]}"
    return f"тридцат{ending}" if number == 30 else f"тридцать {forms[0]}"


def agreeing(number: int, forms: Forms) -> str:
    """The form of a noun that goes with a number."""
    if 10 < number % 100 < 20:
        return forms[2]
    last = number % 10
    return forms[0] if last == 1 else forms[1] if 1 < last < 5 else forms[2]


def _thousands(number: int) -> str:
    if number == 1:
        return "тысяча"
    return f"{'две' if number == 2 else ONES[number]} {'тысячи' if number < 5 else 'тысяч'}"
