"""Units of measure, money and per cent: the spoken forms and what is written for them. Pure; any thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from voicetype.core.text.numbers.style import NumberStyle


@dataclass(frozen=True, slots=True)
class Measure:
    """What follows a number.

    Attributes:
        short: what to write, with the space before it if there is one.
        symbol: of money: what to write in the style of that name.
        cents: of money: the name of its hundredth part, as `Measure.short`.
        words: how many words were said.
    """

    short: str
    symbol: str = ""
    cents: str = ""
    words: int = 1

    def written(self, style: NumberStyle) -> str:
        """The text behind the digits."""
        return self.symbol if self.symbol and style.money == "symbol" else self.short


_MASCULINE = " а у ом е ы ов ам ами ах"
_FEMININE = "а ы е у ой ам ами ах "
_SOFT = "ь я ю ем е и ей ям ями ях"
_NONE = ""

_UNITS: tuple[tuple[str, str, str], ...] = (
    ("мкг", "микрограмм", _MASCULINE),
    ("мг", "миллиграмм", _MASCULINE),
    ("г", "грамм", _MASCULINE),
    ("кг", "килограмм", _MASCULINE),
    ("т", "тонн", _FEMININE),
    ("мл", "миллилитр", _MASCULINE),
    ("дл", "децилитр", _MASCULINE),
    ("л", "литр", _MASCULINE),
    ("нм", "нанометр", _MASCULINE),
    ("мкм", "микрометр", _MASCULINE),
    ("мм", "миллиметр", _MASCULINE),
    ("см", "сантиметр", _MASCULINE),
    ("м", "метр", _MASCULINE),
    ("км", "километр", _MASCULINE),
    ("га", "гектар", _MASCULINE),
    ("ммоль", "миллимол", _SOFT),
    ("мкмоль", "микромол", _SOFT),
    ("КБ", "килобайт", _MASCULINE),
    ("МБ", "мегабайт", _MASCULINE),
    ("ГБ", "гигабайт", _MASCULINE),
    ("ТБ", "терабайт", _MASCULINE),
    ("кбит", "килобит", _MASCULINE),
    ("Мбит", "мегабит", _MASCULINE),
    ("Гбит", "гигабит", _MASCULINE),
    ("Гц", "герц", _MASCULINE),
    ("кГц", "килогерц", _MASCULINE),
    ("МГц", "мегагерц", _MASCULINE),
    ("ГГц", "гигагерц", _MASCULINE),
    ("Вт", "ватт", _MASCULINE),
    ("кВт", "киловатт", _MASCULINE),
    ("МВт", "мегаватт", _MASCULINE),
    ("мВ", "милливольт", _MASCULINE),
    ("В", "вольт", _MASCULINE),
    ("кВ", "киловольт", _MASCULINE),
    ("мА", "миллиампер", _MASCULINE),
    ("А", "ампер", _MASCULINE),
    ("кДж", "килоджоул", _SOFT),
    ("Дж", "джоул", _SOFT),
    ("ккал", "килокалори", "я и е ю ей й ям ями ях"),
    ("кПа", "килопаскал", _SOFT),
    ("МПа", "мегапаскал", _SOFT),
    ("Па", "паскал", _SOFT),
    ("дБ", "децибел", _MASCULINE),
    ("мс", "миллисекунд", _FEMININE),
    ("мкс", "микросекунд", _FEMININE),
    ("нс", "наносекунд", _FEMININE),
)
"""Symbol, stem, endings. A day, an hour, a minute and a second are words of everyday speech and stay words."""

_MONEY: tuple[tuple[str, str, str, str, str], ...] = (
    (" руб.", " ₽", " коп.", "рубл", _SOFT),
    (" долл.", " $", " центов", "доллар", _MASCULINE),
    (" евро", " €", " центов", "евро", _NONE),
    (" грн", " ₴", " коп.", "грив", "на ны не ну ной ен нам нами нах"),
    (" тенге", " ₸", "", "тенге", _NONE),
)
"""Short form, symbol, short form of its hundredth, stem, endings."""
_MONEY_BY_TWO_WORDS = {
    ("доллар", "сша"): Measure(" долл. США", " $", " центов", 2),
    ("фунт", "стерлингов"): Measure(" фунтов стерлингов", " £", "", 2),
}

_DEGREE = "градус"
_DEGREE_SCALES = {"цельсия": " °C", "цельсию": " °C", "фаренгейта": " °F", "фаренгейту": " °F"}
_POWERS = {"квадратн": "²", "кубическ": "³"}
_POWERED = {"мм", "см", "м", "км"}
_ADJECTIVE = ["ый", "ий", "ого", "ому", "ым", "им", "ом", "ые", "ие", "ых", "их", "ыми", "ими"]
_PER: dict[tuple[str, str], tuple[str, frozenset[str]]] = {
    ("в", "час"): ("/ч", frozenset({"км", "м", "м³", "л", "мл"})),
    ("в", "секунду"): ("/с", frozenset({"км", "м", "мм", "м³", "кбит", "Мбит", "Гбит", "МБ", "ГБ", "КБ"})),
    ("в", "минуту"): ("/мин", frozenset({"мл", "л"})),
    ("на", "килограмм"): ("/кг", frozenset({"мкг", "мг", "мл"})),
    ("на", "литр"): ("/л", frozenset({"мкг", "мг", "г", "ммоль", "мкмоль"})),
    ("на", "миллилитр"): ("/мл", frozenset({"мкг", "мг"})),
    ("на", "децилитр"): ("/дл", frozenset({"мг", "г"})),
    ("на", "метр"): ("/м", frozenset({"дБ"})),
}
"""«километров в час»: what is written, and behind which units."""
_LENGTHS = {"мм", "см", "м", "км"}


def _forms(stem: str, endings: str) -> list[str]:
    return [stem + ending for ending in endings.split(" ")]


_BY_FORM: dict[str, str] = {form: symbol for symbol, stem, endings in _UNITS for form in _forms(stem, endings)}
_BY_FORM["миллимоль"] = "ммоль"
_MONEY_BY_FORM: dict[str, tuple[str, Measure]] = {
    form: (stem, Measure(short, symbol, cents))
    for short, symbol, cents, stem, endings in _MONEY
    for form in _forms(stem, endings)
}
_DEGREES = frozenset(_forms(_DEGREE, _MASCULINE))
_PERCENT = frozenset(_forms("процент", _MASCULINE))
KOPECKS = frozenset({*_forms("копе", "йка йки йке йку йкой ек йкам йками йках")})
CENTS = frozenset(_forms("цент", _MASCULINE))
PERCENT_ADJECTIVE = frozenset(_forms("процентн", "ый ого ому ым ом ая ой ую ое ых ыми ые"))


HEADS = frozenset(
    {*_BY_FORM, *_MONEY_BY_FORM, *_DEGREES, *_PERCENT, *_forms("фунт", _MASCULINE)}
    | {stem + ending for stem in (*_POWERS, "лошадин") for ending in (*_ADJECTIVE, "ая", "ую", "ой")}
)
"""The words that the name of a unit or a currency can begin with."""


def _word(words: Sequence[str], at: int) -> str:
    return words[at] if at < len(words) else ""


def money_at(words: Sequence[str], at: int) -> Measure | None:
    """The currency named at `at`."""
    known = _MONEY_BY_FORM.get(words[at]) if at < len(words) else None
    if known is None:
        pounds = at + 1 < len(words) and words[at].startswith("фунт") and words[at + 1] == "стерлингов"
        return _MONEY_BY_TWO_WORDS["фунт", "стерлингов"] if pounds else None
    stem, measure = known
    return _MONEY_BY_TWO_WORDS.get((stem, _word(words, at + 1)), measure)


def unit_at(words: Sequence[str], at: int) -> Measure | None:
    """The unit of measure or per cent named at `at`, as long as it goes: «километров в час»."""
    word = _word(words, at)
    if word in _PERCENT:
        return Measure(" %")
    if word in _DEGREES:
        return _degrees(words, at)
    if (symbol := _BY_FORM.get(word)) is not None:
        return _compound(words, at + 1, symbol, 1)
    for stem, power in _POWERS.items():
        if word.startswith(stem) and word[len(stem) :] in _ADJECTIVE:
            symbol = _BY_FORM.get(_word(words, at + 1), "")
            return _compound(words, at + 2, symbol + power, 2) if symbol in _POWERED else None
    if word.startswith("лошадин") and _word(words, at + 1) in ("силы", "сила", "сил", "силу", "силами", "силах"):
        return Measure(" л. с.", words=2)
    return None


def length_at(words: Sequence[str], at: int) -> Measure | None:
    """The unit of length named at `at`."""
    symbol = _BY_FORM.get(_word(words, at), "")
    return Measure(f" {symbol}") if symbol in _LENGTHS else None


def degrees_at(words: Sequence[str], at: int) -> Measure | None:
    """The degrees named at `at`."""
    return _degrees(words, at) if _word(words, at) in _DEGREES else None


def mercury_at(words: Sequence[str], at: int) -> Measure | None:
    """«миллиметров ртутного столба»."""
    measure = unit_at(words, at)
    return measure if measure is not None and measure.words > 2 and measure.short.endswith("рт. ст.") else None


def _degrees(words: Sequence[str], at: int) -> Measure:
    after = at + 2 if _word(words, at + 1) in ("по", "шкале") else at + 1
    scale = _DEGREE_SCALES.get(_word(words, after))
    return Measure(scale, words=after + 1 - at) if scale else Measure("°")


def _compound(words: Sequence[str], at: int, symbol: str, used: int) -> Measure:
    following = (_word(words, at), _word(words, at + 1))
    if symbol == "мм" and following == ("ртутного", "столба"):
        return Measure(" мм рт. ст.", words=used + 2)
    if symbol in ("кВт", "мА", "Вт") and following[0] in ("час", "часа", "часов"):
        return Measure(f" {symbol}·ч", words=used + 1)
    per, units = _PER.get(following, ("", frozenset()))
    if symbol in units:
        return Measure(f" {symbol}{per}", words=used + 2)
    return Measure(f" {symbol}", words=used)
