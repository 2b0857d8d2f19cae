"""Tags for the parts every page is made of: icons, clocks, people, fields and table heads."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.contrib.messages import WARNING
from django.contrib.messages.storage.base import Message
from django.forms import BoundField, CheckboxInput
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from common.templatetags.parts import part, side_class

register = template.Library()
register.filter("side_class", side_class)

ICONS = Path(__file__).parent.parent / "icons"
ICON_NAME = re.compile(r"[a-z0-9-]+")
CANVAS = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'
STROKE = mark_safe('fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round"')
FILL = mark_safe('fill="currentColor"')
HIDDEN = mark_safe('aria-hidden="true"')

STATES = {
    "track": "On track",
    "risk": "At risk",
    "bad": "Breached",
    "met": "Met",
    "exc": "Excused",
    "hold": "Paused",
    "off": "Not running",
}
STATE_ICONS = {
    "risk": "alert-triangle",
    "bad": "alert-octagon",
    "met": "circle-check",
    "exc": "shield-check",
    "hold": "player-pause",
    "off": "circle",
}


@cache
def _drawing(name: str, *, filled: bool) -> SafeString:
    """The paths of one icon. An unknown name is a mistake of ours and raises."""
    if not ICON_NAME.fullmatch(name):
        raise ValueError(f"Not the name of an icon: {name!r}")
    raw = (ICONS / ("filled" if filled else "outline") / f"{name}.svg").read_text()
    body = raw[raw.index(">", raw.index("<svg")) + 1 : raw.index("</svg>")]
    drawn = re.sub(r"\s+", " ", body).replace(CANVAS, "").strip()
    return mark_safe(drawn)  # noqa: S308 - a file of ours, under a name that was checked


@register.simple_tag
def icon(name: str, size: str = "", label: str = "", filled: bool = False) -> SafeString:
    """One icon as inline SVG. Without a label it is decoration and hidden from screen readers."""
    if not label:
        return _decoration(name, size, filled)
    return _svg(name, size, filled, format_html('role="img" aria-label="{}"', label))


@cache
def _decoration(name: str, size: str, filled: bool) -> SafeString:
    """Kept: a list draws the same ones in every row."""
    return _svg(name, size, filled, HIDDEN)


def _svg(name: str, size: str, filled: bool, said: SafeString) -> SafeString:
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" {} {}>{}</svg>',
        f" {size}" if size else "",
        FILL if filled else STROKE,
        said,
        _drawing(name, filled=filled),
    )


@register.inclusion_tag("components/ring.html")
def ring(percent: float | None) -> dict[str, int]:
    """The ring that empties while a clock runs: `percent` of it is left."""
    return {"percent": round(min(max(float(percent or 0), 0), 100))}


@register.inclusion_tag("components/sla.html")
def sla(clock: object, pill: bool = False, name: str = "") -> dict[str, Any]:
    """One clock: state, words; may have percent_left, left_seconds, running, open_seconds, prefix, name.

    `prefix` is what stands before the time ("Offer in"); `name` is said when it runs out while the page is open.
    """
    if not clock:
        return {"state": ""}
    state = part(clock, "state")
    words = part(clock, "words") or STATES[state]
    label = STATES[state]
    return {
        "state": state,
        "pill": pill,
        "percent": part(clock, "percent_left", 0),
        "icon_name": STATE_ICONS.get(state, ""),
        "filled": state == "bad",
        "words": words,
        "label": "" if label.lower() in words.lower() else label,
        "left": _seconds(clock),
        "in_full": part(clock, "in_full", ""),
        "closes": part(clock, "open_seconds"),
        "prefix": part(clock, "prefix", ""),
        "name": name or part(clock, "name", ""),
    }


def _seconds(clock: object) -> int | None:
    """Business seconds left, only while the clock runs: a paused or ended one must not tick."""
    left = part(clock, "left_seconds")
    return int(left) if part(clock, "running") and left is not None else None


@register.simple_tag
def avatar(name: str, side: str = "", extra: str = "") -> SafeString:
    """The initials of a name in a disc, in the colour of the side. Decoration: the name stands beside it."""
    initials = "".join(word[0] for word in str(name).split()[:2]).upper()
    classes = " ".join(filter(None, ["av", side_class(side), extra]))
    return format_html('<span class="{}" aria-hidden="true">{}</span>', classes, initials or "?")


@register.filter
def good_news(messages: Iterable[Message]) -> str:
    """The messages that no page has to stop for; warnings and errors stand at the top of the page instead."""
    return " ".join(str(one) for one in messages if one.level < WARNING) if messages else ""


@register.inclusion_tag("components/person.html")
def person(name: str, side: str = "", url: str = "") -> dict[str, str]:
    return {"name": str(name), "side": side, "url": url}


@register.inclusion_tag("components/tag.html")
def tag(text: str, tone: str = "", icon: str = "") -> dict[str, str]:
    return {"text": text, "tone": tone, "icon_name": icon}


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, kind: str = "") -> dict[str, Any]:
    """A form field with label, hint or error. `kind="opts"` stacks choices as cards instead of chips."""
    return {
        "field": bound,
        "kind": kind,
        "checkbox": isinstance(bound.field.widget, CheckboxInput),
        "optional": not (
            bound.field.required
            or getattr(bound.field, "needed", False)
            or isinstance(bound.field.widget, CheckboxInput)
        ),
        "described_by": described_by(bound),
    }


def described_by(bound: BoundField) -> str:
    """The id of what explains a field: its error takes the place of its hint."""
    if bound.errors:
        return f"{bound.auto_id}_error"
    return f"{bound.auto_id}_helptext" if bound.help_text else ""


@register.simple_tag
def control(bound: BoundField, **attrs: str) -> SafeString:
    """The input of a form field with our classes; Django adds `required` and `aria-invalid` itself."""
    widget = bound.field.widget
    if not isinstance(widget, CheckboxInput):
        attrs["class"] = " ".join(filter(None, ["input", widget.attrs.get("class"), attrs.get("class")]))
    if explained_by := described_by(bound):
        attrs.setdefault("aria_describedby", explained_by)
    named: dict[str, str | bool] = {name.replace("_", "-"): value for name, value in attrs.items()}
    return bound.as_widget(attrs=named)


@register.inclusion_tag("components/sort_head.html", takes_context=True)
def sort_head(context: Context, label: str, key: str, sort: str = "", classes: str = "") -> dict[str, str]:
    """A sortable table head. `sort` is the order now: the key, or the key after a minus when it descends."""
    query = context["request"].GET.copy()
    query["sort"] = f"-{key}" if sort == key else key
    query.pop("cursor", None)
    direction = {key: "ascending", f"-{key}": "descending"}.get(sort, "")
    return {"label": label, "url": f"?{query.urlencode()}", "direction": direction, "classes": classes}
