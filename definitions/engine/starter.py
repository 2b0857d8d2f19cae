"""A definition in a few answers: the criteria they make, and the answers behind criteria that came from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from definitions.engine.literals import JsonValue

EMPLOYEES, INDUSTRY, COUNTRY = "company.employees", "company.industry", "lead.country"
ROLE, RELATION = "lead.title", "company.relation"
USUAL_DAYS = 30


@dataclass(frozen=True, slots=True)
class Answers:
    """What is asked of a lead; whatever is empty is not asked. Every part that is asked must be met."""

    least_employees: int | None = None
    most_employees: int | None = None
    industries: tuple[str, ...] = ()  # one of them
    countries: tuple[str, ...] = ()  # one of them
    roles: tuple[str, ...] = ()  # words in the role: one of them is enough
    kinds: tuple[str, ...] = ()  # kinds of touch: one touch of any of them, in the last `within_days`
    within_days: int | None = USUAL_DAYS  # none: at any time
    known: tuple[str, ...] = ()  # facts that are known, whatever they say
    never: tuple[str, ...] = ()  # relations of the company that rule a lead out


def criteria(answers: Answers) -> dict[str, JsonValue]:
    """The tree in the exchange form; without any answer it holds nothing, and everybody would meet it."""
    return {"all": list(_parts(answers))}


def answers_of(tree: JsonValue) -> Answers | None:
    """The answers that make this tree; None where it says what no answers can, or what nobody can type as one."""
    parts = tree.get("all") if isinstance(tree, dict) else None
    if not isinstance(parts, list):
        return None
    found = Answers()
    try:
        for part in parts:
            found = _with(found, part)
        typed = _is_typed(found)
    except (KeyError, TypeError, ValueError, IndexError):
        return None
    return found if typed and criteria(found) == tree else None


def listed(text: str) -> tuple[str, ...]:
    """What is typed with commas between: each once, in the order in which they were written."""
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _is_typed(answers: Answers) -> bool:
    """Whether its lists read the same once they are typed: one word with a comma in it would come back as two."""
    lists = (answers.industries, answers.countries, answers.roles)
    return all(listed(", ".join(words)) == words for words in lists)


def _parts(answers: Answers) -> Iterator[dict[str, JsonValue]]:
    yield from _size(answers)
    for fact, values in ((INDUSTRY, answers.industries), (COUNTRY, answers.countries)):
        if values:
            yield {"fact": fact, "op": "in", "value": list(values)}
    if answers.roles:
        yield {"any": [{"fact": ROLE, "op": "contains", "value": word} for word in answers.roles]}
    if answers.kinds:
        touches = {"kind": list(answers.kinds), "within_days": answers.within_days}
        yield {"touches": touches, "op": "gte", "value": 1}
    yield from ({"fact": fact, "op": "exists"} for fact in answers.known)
    if answers.never:
        yield {"not": {"fact": RELATION, "op": "in", "value": list(answers.never)}}


def _size(answers: Answers) -> Iterator[dict[str, JsonValue]]:
    least, most = answers.least_employees, answers.most_employees
    if least is not None and most is not None:
        yield {"fact": EMPLOYEES, "op": "between", "value": [least, most]}
    elif least is not None:
        yield {"fact": EMPLOYEES, "op": "gte", "value": least}
    elif most is not None:
        yield {"fact": EMPLOYEES, "op": "lte", "value": most}


def _with(found: Answers, part: Mapping[str, JsonValue]) -> Answers:
    """The answers with what one part of the tree says; a part of another shape is lost, and so comes to light."""
    if "any" in part:
        return replace(found, roles=tuple(test["value"] for test in part["any"]))
    if "not" in part:
        return replace(found, never=tuple(part["not"]["value"]))
    if "touches" in part:
        asked = part["touches"]
        return replace(found, kinds=tuple(asked["kind"]), within_days=asked["within_days"])
    if part["op"] == "exists":
        return replace(found, known=(*found.known, part["fact"]))
    if part["fact"] == EMPLOYEES:
        return _sized(found, part["op"], part["value"])
    if part["fact"] == INDUSTRY:
        return replace(found, industries=tuple(part["value"]))
    return replace(found, countries=tuple(part["value"]))


def _sized(found: Answers, op: JsonValue, value: JsonValue) -> Answers:
    if op == "between":
        return replace(found, least_employees=value[0], most_employees=value[1])
    field = {"gte": "least_employees", "lte": "most_employees"}[op]
    return replace(found, **{field: value})
