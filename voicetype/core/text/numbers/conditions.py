"""What else must hold for a rule to apply. Pure; any thread."""

from __future__ import annotations

from voicetype.core.text.numbers import words
from voicetype.core.text.numbers.lexicon import PLURAL
from voicetype.core.text.numbers.patterns import Condition, Phrase, Place
from voicetype.core.text.numbers.reading import Number
from voicetype.core.text.numbers.units import KOPECKS, PERCENT_ADJECTIVE, money_at, unit_at

_WIDEST_RANGE = 3
"""«десять тридцать дней» may be ten to thirty days; more than that ratio is two numbers."""
_NARROW_RANGE, _STEP = 3, 5
"""People say «двенадцать четырнадцать» and «двадцать пятьдесят», and hardly «четыре десять»."""
_WEAK = ("сорока", "семью")
"""A magpie and a family."""
_FIRST_CLOCK_HOUR = 13
_MILLENNIUM = 2000
_BODY_TEMPERATURE = range(34, 43)
_LOWEST_PRESSURE, _HIGHEST_PRESSURE = 20, 300


def all_of(*conditions: Condition) -> Condition:
    """Whether all hold."""
    return lambda place: all(condition(place) for condition in conditions)


def lone(place: Place) -> bool:
    """Whether no other number stands directly before or behind."""
    phrase = place.phrase
    return not phrase.number_before(place.start) and phrase.number(place.stop) is None


def unnumbered_before(place: Place) -> bool:
    """Whether no number stands directly before."""
    return not place.phrase.number_before(place.start)


def unnumbered_behind(place: Place) -> bool:
    """Whether no number stands directly behind."""
    return place.phrase.number(place.stop) is None


def uncounted(place: Place) -> bool:
    """Whether nothing behind is counted by the number: it is that of an hour, a house ..."""
    phrase, stop = place.phrase, place.stop
    if words.is_counted(phrase.word(stop)) or phrase.word(stop) in PERCENT_ADJECTIVE:
        return False
    return unit_at(phrase.words, stop) is None and money_at(phrase.words, stop) is None


def closed(place: Place) -> bool:
    """Whether no noun follows that the number could count."""
    return place.phrase.is_closed(place.stop)


def counted(place: Place) -> bool:
    """Whether a noun follows that is counted."""
    word = place.phrase.word(place.stop)
    return word in words.COUNTED or word in KOPECKS or (word.endswith(("ов", "ев")) and len(word) > 4)


def close(place: Place) -> bool:
    """Whether `a` and `b` make a range as people say it: «пять семь»."""
    first, second = place.number("a"), place.number("b")
    if first.scale > 1 or not first.cases & second.cases or place.phrase.word(place.start) in _WEAK:
        return False
    return first.value > 1 and _is_range(first.value, second.value)


def close_heads(place: Place) -> bool:
    """Whether `a` and the thousands of `b` make a range: «пять семь тысяч»."""
    first, second = place.number("a"), place.number("b")
    return bool(first.cases & second.cases) and _is_range(first.value, second.value // second.scale)


def two_heads(place: Place) -> bool:
    """Whether it is «две тысячи», as in «полторы две тысячи»."""
    number = place.number("b")
    return number.value == 2 * number.scale


def _is_range(lower: int, upper: int) -> bool:
    if not lower < upper <= lower * _WIDEST_RANGE:
        return False
    return upper - lower <= _NARROW_RANGE or lower % _STEP == upper % _STEP == 0


def below_head(place: Place) -> bool:
    """Whether `a` counts the thousands of `b` too: «от пяти до десяти тысяч»."""
    second = place.number("b")
    return place.number("a").value < second.value // second.scale


def any_big(place: Place) -> bool:
    """Whether one of the numbers is written in digits anyway, so that all must be."""
    numbers = [value for value in place.fields.values() if isinstance(value, Number)]
    return any(number.value >= place.phrase.style.smallest for number in numbers)


def small_and_big(place: Place) -> bool:
    """Whether `a` stays in words by itself and `b` does not."""
    smallest = place.phrase.style.smallest
    return place.number("a").value < smallest <= place.number("b").value and unnumbered_behind(place)


def alternatives(place: Place) -> bool:
    """Whether «пять или десять» are both in digits; the six of «сорок пять или шесть» is no number of its own."""
    return any_big(place) and place.number("a").value < place.number("b").value and not shared_hundreds(place)


def shared_hundreds(place: Place) -> bool:
    """«двух или трёхсот»: the first counts hundreds too."""
    first, second = place.number("a").value, place.number("b").value
    return 1 < first < 10 and 100 < second < 1000 and second % 100 == 0 and first < second // 100


def several(place: Place) -> bool:
    """Whether `a` counts the same as `b`; «один» may be alone."""
    first, second = place.number("a"), place.number("b")
    return first.value > 1 and first.scale == 1 and bool(first.cases & second.cases)


def two_digits(place: Place) -> bool:
    """Whether the number has two digits and no unit of its own."""
    return 10 <= place.number("n").value < 100 and uncounted(place)


def following_year(place: Place) -> bool:
    """Whether `b` is the last two digits of the year after `a`."""
    return place.number("b").value == (place.number("a").value + 1) % 100


def consecutive(place: Place) -> bool:
    """Whether `b` follows `a` directly."""
    return place.number("b").value == place.number("a").value + 1


def two_digit_year(place: Place) -> bool:
    """Whether a year has only its last two digits."""
    return place.number("y").value < 100


def clock_time(place: Place) -> bool:
    """Whether hours and minutes are a time of day, no duration."""
    before = place.phrase.word(place.start - 1)
    if before in words.DURATION_BEFORE:
        return False
    if before in words.CLOCK_WITH_HOURS:
        return True
    hour = place.number("h").value
    return hour >= _FIRST_CLOCK_HOUR or hour == 0


def own_number(place: Place) -> bool:
    """Whether a number behind a noun like «дом» is the noun's."""
    if not closed(place) and place.phrase.word(place.stop) not in words.LAW_WORDS:
        return False
    label = place.phrase.word(place.start - 1)
    # «дом один», «в комнате одна»: alone.
    return place.number("n").value > 1 or (place.phrase.word(place.start) == "один" and label in words.LABELS_OF_ONE)


def after_dot_label(place: Place) -> bool:
    """Whether one dot is enough: a version, an address; two dots are by themselves, and «два точка ноль»."""
    text = str(place.fields["d"])
    phrase = place.phrase
    if text.count(".") > 1 or text.endswith(".0"):
        return True
    return phrase.word(place.start - 1) in words.DOT_LABELS or phrase.word(place.start - 2) in words.DOT_LABELS


def body_temperature(place: Place) -> bool:
    """«тридцать шесть и шесть»: degrees and tenths."""
    degrees, tenth = place.number("a").value, place.number("b").value
    if degrees not in _BODY_TEMPERATURE or not 0 < tenth < 10:
        return False
    named = place.phrase.word(place.start - 1) in words.TEMPERATURE
    return named or (degrees in (36, 37, 38, 39) and closed(place))


def decimal_by_unit(place: Place) -> bool:
    """«тридцать восемь и пять градуса»: after whole ones the unit would be in the plural."""
    first, second = place.number("a"), place.number("b")
    behind = place.phrase.word(second.stop)
    if not 0 < second.value < 10 or first.scale > 1:
        return False
    return behind.startswith("миллимол") or (second.value > 4 and behind.endswith(("а", "ы")))


def share(place: Place) -> bool:
    """Whether «две третьих» is a fraction, not two of the third ones."""
    phrase, behind = place.phrase, place.phrase.word(place.stop)
    if behind in words.SHARES:
        denominator = str(place.fields["f"]).partition("/")[2]
        return not denominator.startswith("10")
    is_one_or_two = phrase.word(place.start) in ("одна", "одну", "одной", "две")
    return is_one_or_two and phrase.is_closed(place.stop)


def no_range(place: Place) -> bool:
    """Whether «после восьми десяти» can be no range, as it could before «процедур»."""
    return place.phrase.word(place.start - 1) not in words.CLOCK_OR_COUNT or closed(place)


def roman_style(place: Place) -> bool:
    """Whether the style has Roman centuries."""
    return place.phrase.style.roman_centuries


def monarch(place: Place) -> bool:
    """Whether the number of a king is beyond those that are also plain adjectives: «карл первый пришёл»."""
    return place.number("c").value >= 10


def cardinal_alone(place: Place) -> bool:
    """Whether a cardinal that measures nothing is written in digits."""
    phrase, number, style = place.phrase, place.number("n"), place.phrase.style
    word = phrase.word(place.start)
    if number.stop == place.start + 1 and word in _WEAK and not _is_governed(phrase, place.start, word):
        return False
    if style.smallest and (number.bare or number.is_vague):
        return False
    return number.value >= style.smallest or _has_big_neighbour(phrase, place, number)


def _is_governed(phrase: Phrase, at: int, word: str) -> bool:
    return word == "сорока" and (phrase.word(at - 1) in words.GOVERNING or phrase.word(at + 1) in words.COUNTED)


def _has_big_neighbour(phrase: Phrase, place: Place, number: Number) -> bool:
    """«пять двадцать»: half in words and half in digits looks odd."""
    if number.value == 1:
        return False
    behind = phrase.cardinal(place.stop)
    return behind is not None and behind.value >= phrase.style.smallest and bool(behind.cases & number.cases)


def ordinal_alone(place: Place) -> bool:
    """Whether an ordinal is written in digits where nothing asks for them."""
    phrase, number, smallest = place.phrase, place.number("n"), place.phrase.style.smallest
    if number.value < smallest:
        return False
    if not smallest:
        return True
    if number.stop == place.start + 1 and _is_many(phrase.word(place.start), number):
        return False
    return phrase.word(place.stop) not in words.SHARES and not (number.value <= 12 and _is_hour(place))


def _is_hour(place: Place) -> bool:
    """«половина двенадцатого», «в одиннадцатом часу»."""
    phrase = place.phrase
    before = phrase.word(place.start - 1)
    if before in words.PAST_HOUR or phrase.word(place.stop) in ("час", "часа", "часу"):
        return True
    return before == "в" and phrase.word(place.start - 2) == "часу"


def _is_many(word: str, number: Number) -> bool:
    """Whether it is «сотый», «тысячный», said of many, or «десятитысячный», which may mean as big as that."""
    is_decade = number.value == _MILLENNIUM and number.genders & PLURAL
    return not is_decade and (number.value == 100 or any(stem in word for stem in ("тысячн", "миллио", "миллиар")))


def date_in_digits(place: Place) -> bool:
    """Whether three adjacent numbers are a date: a zero in it, or ordinals, tell it from a row of numbers."""
    phrase = place.phrase
    said = phrase.words[place.start : place.stop]
    return lone(place) and ("ноль" in said or phrase.ordinal(place.start) is not None)


def pressure(place: Place) -> bool:
    """Whether two numbers can be the upper and the lower blood pressure."""
    return _LOWEST_PRESSURE <= place.number("b").value < place.number("a").value <= _HIGHEST_PRESSURE
