"""Criteria as English sentences, in the words of the vocabulary."""

from datetime import UTC, date, datetime
from decimal import Decimal

from definitions.engine.criteria import AllOf, AnyOf, Criterion, Leaf, Not, TouchCount, TouchWindow, Tree
from definitions.engine.facts import Raw, Term, Vocabulary
from definitions.engine.operators import Number, Operand

_AMOUNTS = {
    "eq": "{}",
    "lt": "fewer than {}",
    "lte": "at most {}",
    "gt": "more than {}",
    "gte": "at least {}",
    "between": "{} to {}",
}
_COUNTS = {
    "eq": "exactly {}",
    "ne": "any number but {}",
    "lt": "fewer than {}",
    "lte": "{} or fewer",
    "gt": "more than {}",
    "gte": "{} or more",
    "between": "{} to {}",
    "exists": "any number",
    "missing": "never",
}
_NUMBERS = {
    "lt": "is less than {}",
    "lte": "is at most {}",
    "gt": "is more than {}",
    "gte": "is at least {}",
    "between": "is {} to {}",
}
_DATES = {
    "lt": "is before {}",
    "lte": "is {} or earlier",
    "gt": "is after {}",
    "gte": "is {} or later",
    "between": "is from {} to {}",
    "within_days": "is in the last {}",
    "older_than_days": "is more than {} ago",
}
_ANYTHING = {
    "eq": "is {}",
    "ne": "is not {}",
    "contains": "contains “{}”",
    "starts_with": "starts with “{}”",
    "exists": "is known",
    "missing": "is not known",
}


def sentence(test: Leaf, vocabulary: Vocabulary) -> str:
    """One test, such as "Company has 200 to 5,000 employees"."""
    if isinstance(test, TouchCount):
        return f"{touches(test.touches, vocabulary)} ({_count(test)})"
    term = vocabulary.lookup(test.fact)
    if term is None:
        return f"{test.fact} {_predicate(test, None, vocabulary)}"
    if term.phrase and test.op in _AMOUNTS and term.type == "number":
        return term.phrase.format(_AMOUNTS[test.op].format(*_shown_all(test.value)))
    if isinstance(test.value, bool):
        return f"{term.label}: {shown(test.value is (test.op == 'eq'))}"
    return f"{term.label} {_predicate(test, term, vocabulary)}"


def describe(tree: Tree, vocabulary: Vocabulary) -> str:
    """A whole tree on one line."""
    if isinstance(tree, Criterion | TouchCount):
        return sentence(tree, vocabulary)
    if isinstance(tree, Not):
        return f"not ({describe(tree.part, vocabulary)})"
    if not tree.parts:
        return "always" if isinstance(tree, AllOf) else "never"
    word = " and " if isinstance(tree, AllOf) else " or "
    return word.join(_bracketed(part, vocabulary) for part in tree.parts)


def touches(window: TouchWindow, vocabulary: Vocabulary) -> str:
    """Which touches are meant: "Attended a webinar in the last 30 days"."""
    words = "Any touch"
    if window.kind is not None:
        words = _either([vocabulary.touch_label(kind) for kind in window.kind])
    if window.campaign is not None:
        words += f" from {_either([vocabulary.campaign_label(slug) for slug in window.campaign])}"
    if window.within_days is not None:
        words += f" in the last {_days(window.within_days)}"
    return words


def shown(value: Raw) -> str:
    """A value as a person reads it."""
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return _date(value)
    if isinstance(value, int | float | Decimal):
        return _number(value)
    return value


def _predicate(test: Criterion, term: Term | None, vocabulary: Vocabulary) -> str:
    if test.op in ("in", "not_in"):
        return _membership(test, term, vocabulary)
    if test.op in ("within_days", "older_than_days"):
        return _DATES[test.op].format(_days(test.value))  # type: ignore[arg-type]
    words = _ANYTHING | (_DATES if test.kind == "date" else _NUMBERS)
    return words[test.op].format(*_named(test, term, vocabulary))


def _membership(test: Criterion, term: Term | None, vocabulary: Vocabulary) -> str:
    names = _named(test, term, vocabulary)
    verb = "is" if test.op == "in" else "is not"
    return f"{verb} {_either(names)}" if names else f"{verb} any of none"


def _named(test: Criterion, term: Term | None, vocabulary: Vocabulary) -> list[str]:
    """The operand in words; choices and texts by the names that people know."""
    if term is None or test.kind != "text":
        return _shown_all(test.value)
    values = test.value if isinstance(test.value, tuple) else (test.value,)
    return [vocabulary.value_label(term.name, value) for value in values if isinstance(value, str)]


def _count(test: TouchCount) -> str:
    if test.op == "eq" and test.value == 0:
        return "none"
    if test.op in ("in", "not_in"):
        return ("" if test.op == "in" else "not ") + (_either(_shown_all(test.value)) or "any of none")
    return _COUNTS[test.op].format(*_shown_all(test.value))


def _bracketed(tree: Tree, vocabulary: Vocabulary) -> str:
    words = describe(tree, vocabulary)
    return f"({words})" if isinstance(tree, AllOf | AnyOf) and len(tree.parts) > 1 else words


def _shown_all(operand: Operand) -> list[str]:
    return [shown(value) for value in (operand if isinstance(operand, tuple) else (operand,))]


def _either(names: list[str]) -> str:
    return " or ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def _days(days: Number) -> str:
    return f"{_number(days)} {'day' if days == 1 else 'days'}"


def _number(value: float | Decimal) -> str:
    return f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"


def _date(value: date) -> str:
    if not isinstance(value, datetime):
        return f"{value.day} {value:%B} {value.year}"
    moment = value.astimezone(UTC)
    day = f"{moment.day} {moment:%B} {moment.year}"
    bare = moment.timetz().replace(tzinfo=None) == datetime.min.time()
    return day if bare else f"{day} {moment:%H:%M} UTC"
