"""The forms in which a term is said: cases and numbers, with the words of a phrase in agreement. Pure; any thread."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from voicetype.core.text.vocabulary.entries import fold
from voicetype.core.text.vocabulary.morphology import NOMINATIVE, Form, Morphology, Reading

_CASES = {"nomn": 0, "gent": 1, "datv": 2, "accs": 3, "ablt": 4, "loct": 5}
ANY_SLOT = (1 << 2 * len(_CASES)) - 1
"""A slot is a case and a number, one bit; the words of a phrase that is said share one."""
WITH_YO = 1 << 2 * len(_CASES)
"""Beside the slots of a form: it counts only when it is said with ё. Королёва is a name, королева a queen."""
_LETTER_NAME = re.compile(
    "эй|би|си|ди|эф|джи|эйч|аш|ай|джей|кей|эль|эл|эм|эн|пи|кью|ар|эр|эс|ти|ю|ви|дабл|икс|уай|игрек|зет|зед|"
    "бэ|вэ|гэ|дэ|жэ|зэ|ка|пэ|тэ|цэ|че|ша|ща|а|е|и|о|у|э"
)
_NO_CONSONANTS = "аеиоуыэюяйъ"
_INDECLINABLE = "еиоуыэю"
_POSSESSIVE_SURNAMES = ("ов", "ев", "ин", "ын")

WordForms = Mapping[str, int]
"""Form of a word, as written with ё -> the slots that it fills."""


def phrase_forms(words: Sequence[str], capital: bool, morphology: Morphology) -> list[WordForms]:
    """The forms of each word of a term.

    Args:
        words: of the term as it is given: nominative, small letters.
        capital: written with a capital, so more likely a name.
        morphology: the dictionary.
    """
    if len(words) == 1:
        return [_single(words[0], capital, morphology)]
    as_given: list[WordForms] = [{word: ANY_SLOT} for word in words]
    # эс кью эль; кью ар | код; айпи | адрес
    begin = next((at for at, word in enumerate(words) if not _stays(word, morphology)), len(words))
    if begin == len(words):
        return as_given
    if begin == len(words) - 1:
        return [*as_given[:-1], {words[-1]: ANY_SLOT, **_single(words[-1], capital, morphology)}]
    forms = as_given
    groups = _groups([_nominatives(word, morphology) for word in words[begin:]])
    strict = len(groups) == 1 or all(_is_person(group[max(group)]) for group in groups)
    for group in groups:
        for at, reading in group.items():
            forms[begin + at] = _in_phrase(words[begin + at], reading, group[max(group)], strict=strict)
    return forms


def _is_person(reading: Reading) -> bool:
    return reading.proper and reading.form.animacy == "anim"


def _stays(word: str, morphology: Morphology) -> bool:
    return _LETTER_NAME.fullmatch(word) is not None or not (morphology.knows(word) or _nominatives(word, morphology))


def _single(word: str, capital: bool, morphology: Morphology) -> WordForms:
    chosen = _likeliest(_nominatives(word, morphology), capital)
    if not chosen or not chosen[0].known:
        if fold(word)[-1] in _INDECLINABLE:
            return {word: ANY_SLOT}
        if capital and fold(word).endswith(_POSSESSIVE_SURNAMES):
            return _guarded(word, _surname(word), morphology)
        if word.endswith("ь"):
            return _guarded(word, _noun(word), morphology)
    if not chosen:
        return {word: ANY_SLOT} if morphology.knows(word) else _guarded(word, _noun(word), morphology)
    forms = _slots(form for reading in chosen for form in reading.forms())
    for form in forms:
        if "ё" in form and _is_another(fold(form), form, morphology):
            forms[form] |= WITH_YO
    forms[word] = ANY_SLOT
    return forms if chosen[0].known else _guarded(word, forms, morphology)


def _is_another(folded: str, form: str, morphology: Morphology) -> bool:
    likeliest = next(iter(morphology.readings(folded)), None)
    return likeliest is not None and likeliest.known and not likeliest.proper and likeliest.form.text != form


def _nominatives(word: str, morphology: Morphology) -> list[Reading]:
    found = [
        reading
        for reading in morphology.readings(word)
        if reading.form.case == NOMINATIVE
        and (reading.known or not (reading.form.plural or word[-1] in _INDECLINABLE))  # айпи is no plural of айпа
    ]
    # A plural is the given form only where no singular is: федерации is the genitive of one.
    return sorted(found, key=lambda reading: reading.form.plural)


def _likeliest(readings: Sequence[Reading], capital: bool) -> list[Reading]:
    if capital and (names := [reading for reading in readings if reading.proper]):
        return names  # all of them: Королёв is a man and a town
    return list(readings[:1])


def _guarded(word: str, forms: Mapping[str, int], morphology: Morphology) -> WordForms:
    """Forms that are only guessed must not take an ordinary word: раст may be Rust, расту is a verb."""
    return {form: slots for form, slots in forms.items() if form == word or not _ordinary(form, morphology)}


def _ordinary(form: str, morphology: Morphology) -> bool:
    if not morphology.knows(form):
        return False
    return not any(reading.known and reading.proper for reading in morphology.readings(form))


def _slots(forms: Iterable[Form]) -> dict[str, int]:
    slots: dict[str, int] = {}
    for form in forms:
        slots[form.text] = slots.get(form.text, 0) | _slot(form)
    return slots


def _slot(form: Form) -> int:
    return 1 << (_CASES[form.case] + form.plural * len(_CASES))


def _groups(nominatives: Sequence[Sequence[Reading]]) -> list[dict[int, Reading]]:
    """Adjectives with their noun, then nouns that stand beside it: what comes after is a genitive or the like.

    Each group is word -> reading, its noun last.
    """
    groups: list[dict[int, Reading]] = []
    start = 0
    while (group := _group(nominatives, start)) and (not groups or _same_number(groups[0], group)):
        groups.append(group)
        start = max(group) + 1
    return groups


def _same_number(first: Mapping[int, Reading], other: Mapping[int, Reading]) -> bool:
    return first[max(first)].form.plural == other[max(other)].form.plural


def _group(nominatives: Sequence[Sequence[Reading]], start: int) -> dict[int, Reading]:
    best: dict[int, Reading] = {}
    for head in range(start, len(nominatives)):
        for noun in (reading for reading in nominatives[head] if reading.noun):
            before = [_agreeing(nominatives[at], noun) for at in range(start, head)]
            if all(before):
                best = {start + at: each for at, each in enumerate([*before, noun]) if each}
                break
    return best


def _agreeing(readings: Sequence[Reading], noun: Reading) -> Reading | None:
    for reading in readings:
        same_gender = reading.form.plural or reading.form.gender == noun.form.gender
        if not reading.noun and reading.form.plural == noun.form.plural and same_gender:
            return reading
    return None


def _in_phrase(word: str, reading: Reading, noun: Reading, *, strict: bool) -> WordForms:
    gender, animacy = noun.form.gender, noun.form.animacy
    forms = _slots(
        form
        for form in reading.forms()
        if (form.plural or not form.gender or form.gender == gender)
        and (reading.noun or not form.animacy or form.animacy == animacy)
    )
    # With two nouns (газпром нефть, пул реквест) either may keep its form: nobody can tell from the words.
    forms[word] = forms.get(word, 0) | (_slot(reading.form) if strict else ANY_SLOT)
    return forms


_GUESSED_ENDINGS = {
    "а": ("а", "ы", "и", "е", "у", "ой", "ою", "ам", "ами", "ах"),
    "ь": ("ь", "я", "ю", "ем", "е", "и", "ью", "ей", "ям", "ями", "ях"),  # masculine or feminine, who knows
    "": ("", "а", "у", "ом", "ем", "е", "ы", "и", "ов", "ей", "ам", "ами", "ах"),
}
_SURNAME_ENDINGS = ("", "а", "у", "ым", "е", "ой", "ою", "ы", "ых", "ыми")


def _noun(word: str) -> WordForms:
    """Forms of a word that the dictionary guesses wrong or not at all, by its last letter."""
    last = word[-1] if word[-1] in _GUESSED_ENDINGS else ""
    if not last and fold(word)[-1] in _NO_CONSONANTS:
        return {word: ANY_SLOT}
    stem = word.removesuffix(last)
    return {**{stem + ending: ANY_SLOT for ending in _GUESSED_ENDINGS[last]}, word: ANY_SLOT}


def _surname(word: str) -> WordForms:
    return {word + ending: ANY_SLOT for ending in _SURNAME_ENDINGS}
