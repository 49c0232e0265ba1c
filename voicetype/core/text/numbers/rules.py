"""The rules, in the order in which they are tried: the first that applies at a place counts. Pure; any thread."""

from __future__ import annotations

from voicetype.core.text.numbers import conditions, words
from voicetype.core.text.numbers.conditions import all_of
from voicetype.core.text.numbers.idioms import IDIOMS
from voicetype.core.text.numbers.patterns import Rule

_FROM = frozenset(("от", "с", "со"))
_BETWEEN = frozenset(("между",))
_SCALED = conditions.below_head
_NOT_COUNTED = all_of(conditions.uncounted, conditions.unnumbered_behind)
_RANGE = all_of(conditions.close, conditions.unnumbered_before)

LABELLED = (
    Rule("{r:reference}", "{r}"),
    Rule("номер|номером|номеру {a:nominative} дробь {b:nominative}", "№ {a.plain}/{b.plain}"),
    Rule("{a:nominative} дробь {b:nominative}", "{a.plain}/{b.plain}"),
    Rule("номер|номером|номеру {n:nominative}", "№ {n.plain}", when=_NOT_COUNTED),
    Rule("{n:nominative}", "{n.plain}", after=words.LABELS, when=conditions.own_number),
)
DICTATED = (
    Rule("{p:phone}", "{p}"),
    Rule("{r:numbered_run}", "{r}"),
    Rule("{d:dotted}", "{d}", when=conditions.after_dot_label),
    Rule("{c:code}", "{c}"),
    Rule("двадцать четыре на семь", "24/7"),
)
DATES = (
    Rule("{d:day_digits} {m:month_digits} {y:any_year} {g=года}?", "{d}.{m}.{y.plain}", when=conditions.date_in_digits),
    Rule("{d:day} {m:month} {y:year}", "{d.plain} {m} {y.plain}"),
    Rule("{a:day} {b:day} {m:month}", "{a.plain}–{b.plain} {m}", when=conditions.consecutive),
    Rule("{a:day} {w=и|или|по|до} {b:day} {m:month}", "{a.plain} {w} {b.plain} {m}"),
    Rule("{d:day} {m:month}", "{d.plain} {m}"),
    Rule("{a:year} {w=и|или|по|до} {b:year}", "{a.plain} {w} {b.plain}", before=words.YEARS),
    Rule("{a:year} {b:ordinal}", "{a.plain}–{a.next}", before=words.YEARS, when=conditions.following_year),
    Rule("{a:year} {b:ordinal}", "{a.plain}/{b.two}", before=words.SCHOOL_YEAR, when=conditions.following_year),
    Rule("{y:year}", "{y.plain}", before=words.YEAR),
    # Said by many in place of «две тысячи двадцать пятого».
    Rule("двух тысяч {y:ordinal}", "20{y.two}", before=words.YEAR, when=conditions.two_digit_year),
)
CENTURIES = (
    Rule(
        "{a:century} {w=и|или} {b:century}",
        "{a.roman} {w} {b.roman}",
        before=words.CENTURIES,
        when=conditions.roman_style,
    ),
    Rule(
        "{a:century} {b:century}",
        "{a.roman}–{b.roman}",
        before=words.CENTURIES,
        when=all_of(conditions.roman_style, conditions.consecutive),
    ),
    Rule("{c:century}", "{c.roman}", before=words.CENTURIES, when=conditions.roman_style),
    Rule("{c:century}", "{c.roman}", after=words.MONARCHS, when=conditions.monarch),
)
TIMES = (
    Rule("{h:hour} {H:hours} {m:minutes} {M:minutes_word}", "{h}:{m}", when=conditions.clock_time),
    Rule("{h:hour} {H:hours} {m:minute} {M:minutes_word}", "{h}:{m.two}", when=conditions.clock_time),
    Rule("{h:hour} {H:hours} {m:minute} {M:minutes_word}", "{h} {H} {m} {M}"),
    Rule("{h:hour} {m:minutes}", "{h}:{m}", after=words.CLOCK_BEFORE, when=all_of(_NOT_COUNTED, conditions.no_range)),
    Rule("{h:hour} {m:zeros}", "{h}:{m}", when=conditions.lone),
    Rule("{m:zeros}", "0:{m}", after=words.CLOCK_WITH_HOURS, when=_NOT_COUNTED),
    Rule("час|часа|часу {m:minutes}", "1:{m}", after=words.CLOCK_WITH_HOURS, when=_NOT_COUNTED),
    Rule("{h:hour}", "{h}", after=words.CLOCK_BEFORE_MORNING, before=words.MORNING_OR_EVENING),
    # «на два дня», «в три ночи»: with some prepositions these are days and nights.
    Rule("{h:hour}", "{h}", after=words.CLOCK_BEFORE_DAY, before=frozenset(("дня",))),
    Rule("{h:hour}", "{h}", after=words.CLOCK_BEFORE_NIGHT, before=frozenset(("ночи",))),
    Rule("{h:hour} {H:hours} {p=утра|вечера|дня|ночи}", "{h} {H} {p}", after=words.CLOCK_BEFORE),
)
MEASURES = (
    # «от пяти до десяти тысяч» are thousands at both ends.
    Rule("{a:small} {w=до|или|либо} {b:thousands} {u:measure}?", "{a} {w} {b.head} {b.scale}{u}", when=_SCALED),
    Rule("{a:small} и {b:thousands} {u:measure}?", "{a} и {b.head} {b.scale}{u}", after=_BETWEEN, when=_SCALED),
    Rule("{a:signed} до {b:signed} {u:measure}", "{a} до {b}{u}", after=_FROM),
    Rule("{a:amount} и {b:amount} {u:measure}", "{a} и {b}{u}", after=_BETWEEN),
    Rule("{a:cardinal} и {b:cardinal} {u:measure}", "{a},{b}{u}", when=conditions.decimal_by_unit),
    Rule("{a:cardinal} и {b:cardinal}", "{a},{b}", when=conditions.body_temperature),
    Rule("{a:amount} {w=или|либо} {b:amount} {u:measure}", "{a} {w} {b}{u}"),
    Rule("{a:nominative} и {b:nominative} {u:measure}", "{a} и {b}{u}", when=conditions.several),
    Rule("{a:nominative} на {b:nominative} {u:mercury}", "{a}/{b}{u}"),
    Rule("{a:nominative} на {b:nominative}", "{a}/{b}", after=words.PRESSURE, when=conditions.pressure),
    Rule("{a:amount} на {b:amount} на {c:amount} {u:length}", "{a} × {b} × {c}{u}"),
    Rule("{a:amount} на {b:amount} {u:length}", "{a} × {b}{u}"),
    Rule("{a:small} {b:thousands} {u:measure}?", "{a}–{b.head} {b.scale}{u}", when=conditions.close_heads),
    Rule("полтора|полторы {b:thousands} {u:measure}?", "1,5–{b.head} {b.scale}{u}", when=conditions.two_heads),
    Rule("{a:cardinal} {b:cardinal} {u:measure}", "{a}–{b}{u}", when=_RANGE),
    Rule("плюс минус {a:amount} {u:measure}?", "±{a}{u}"),
    Rule("{s:minus} {u:measure}?", "{s}{u}", when=conditions.unnumbered_before),
    Rule("{s:plus} {u:degrees}", "{s}{u}", when=conditions.unnumbered_before),
    Rule("{s:sum}", "{s}"),
    Rule("{z:zero_decimal} {u:measure}", "{z}{u}"),
    Rule("{a:amount} {u:measure}", "{a}{u}"),
    Rule("{t:tenths} {u:measure}", "{t}{u}"),
    Rule("{a:amount} {p:percent_adjective} {n:point}", "{a} {p} {n}"),
    Rule("{z:zero_decimal} {p:percent_adjective}", "{z}-{p}"),
    Rule("{a:amount} {p:percent_adjective}", "{a}-{p}"),
)
ALONE = (
    Rule("{h:scaled_half}", "{h}"),
    Rule("{d:decimal}", "{d}"),
    Rule("{f:fraction}", "{f}", when=conditions.share),
    Rule("{t:tenths}", None),
    Rule("{a:cardinal} до {b:cardinal}", "{a} до {b}", after=_FROM, when=conditions.any_big),
    Rule("{a:cardinal} {w=из|плюс|минус} {b:cardinal}", "{a} {w} {b}", when=conditions.any_big),
    Rule("{a:nominative} на {b:nominative}", "{a} на {b}", when=all_of(conditions.any_big, conditions.uncounted)),
    Rule("{a:cardinal} {w=или|либо} {b:cardinal}", "{a} {w} {b}", when=conditions.alternatives),
    Rule("{a:cardinal} или|либо {b:cardinal}", None, when=conditions.shared_hundreds),
    Rule("{a:cardinal} {m:time} {b:cardinal} {n:time}", "{a} {m} {b} {n}", when=conditions.any_big),
    Rule("{a:cardinal} {m:time} и {b:cardinal} {n:time}", "{a} {m} и {b} {n}", when=conditions.any_big),
    Rule("{a:cardinal} {b:cardinal}", "{a}–{b}", when=all_of(_RANGE, conditions.counted)),
    Rule("{a:cardinal} {b:cardinal}", "{a}–{b}", after=words.COUNTED, when=all_of(_RANGE, conditions.any_big)),
    # Perhaps a range of things with a name that no list has: «восемь десять процедур».
    Rule("{a:cardinal} {b:cardinal}", None, when=all_of(_RANGE, conditions.small_and_big)),
    # «метр восемьдесят», «рубль двадцать»: half of it in digits would look odd.
    Rule("{n:cardinal}", None, after=frozenset(("метр", "рубль")), when=conditions.two_digits),
    Rule("{r:row}", "{r}", when=conditions.uncounted),
    Rule("{n:cardinal}", "{n}", when=conditions.cardinal_alone),
    Rule("{a:ordinal} {w=по|до} {b:ordinal}", "{a} {w} {b}", after=_FROM, when=conditions.any_big),
    Rule("{n:ordinal}", "{n}", when=conditions.ordinal_alone),
    # What stays in words stays as a whole: its last words are no number of their own.
    Rule("{n:number}", None),
)

RULES: tuple[Rule, ...] = (*IDIOMS, *DICTATED, *LABELLED, *CENTURIES, *DATES, *TIMES, *MEASURES, *ALONE)
