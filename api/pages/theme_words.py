"""What is said of themes in sentences: what became of one, and with whom it was talked over."""

from collections.abc import Sequence

from api.pages.rendering import capital, day_long, number
from kdt import words
from kdt.rising.queries import Rise
from kdt.themes.adjustments import Adjustment
from kdt.themes.consultations import Consultation
from kdt.themes.trend import Trend


def effect_sentence(told: Trend) -> str | None:
    """Whether it went down after its answer, and how sure that is; None where there is none."""
    if told.effect is None or told.since is None:
        return None
    found, day = told.effect, day_long(told.since)
    before, after = found.months
    if found.ratio is None or found.means is None:
        return words.say(f"theme_effect.{found.verdict}", day=day, before=before, after=after)
    said = words.say(
        f"theme_effect.{found.verdict}",
        day=day,
        ratio=round(100 * found.ratio.ratio),
        low=round(100 * found.ratio.low),
        high=round(100 * found.ratio.high),
    )
    was, is_now = (number(round(one, 1)) for one in found.means)
    means = words.say("theme_effect.means", was=was, now=is_now, before=before, after=after)
    return f"{said} {means}"


def seen_line(one: Rise, where: str | None = None) -> str:
    """How often it was seen and in how long, and how often is usual; `where`: the name of the
    location."""
    said = {
        "cases": words.amount("cases", one.cases),
        "weeks": words.amount("week", one.weeks),
        "usual": number(round(one.usual, 1)),
    }
    seen = words.say("rising.seen", **said)
    return f"{where or words.say('rising.nationwide')}: {seen}"


def rising_line(found: Sequence[Rise]) -> str:
    """In short where a theme rises, of what was found of it: nationwide, or at how many
    locations."""
    if found[0].location is None:
        return seen_line(found[0])
    return capital(words.amount("at_location", len(found)))


def chance_line(one: Rise) -> str:
    """How seldom chance alone brings something like it."""
    if not one.yearly:
        return words.say("rising.seldom")
    years = round(1 / one.yearly)
    return words.say("rising.once" if years < 2 else "rising.yearly", years=number(years))


def adjustment_line(one: Adjustment) -> str:
    """How far an adjustment is, and since when as far as that is known."""
    key = "themes.adjustment_by" if one.at_latest else "themes.adjustment_since"
    return words.say(
        key, status=words.say(f"adjustment_status.{one.status}"), day=day_long(one.since)
    )


def talk_line(one: Consultation) -> str:
    """The form of a talk, and with whom it was."""
    form = capital(words.say(f"consultation_form.{one.form}"))
    partners = ", ".join(words.say(f"partner.{partner}") for partner in one.partners)
    return words.say("themes.talk", form=form, partners=partners)
