"""Bars, ranges and bands as server-rendered SVG; templates/components/charts draws what is worked out here.

Places are per cent of the drawing's own width, so text never scales; colours are classes (`f-ok`, `f-mkt`).
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django import template

from common.templatetags.parts import part

register = template.Library()

GAP = 0.25
BANDS = {
    "run": "Runs",
    "mkt": "Runs, marketing",
    "pause": "Paused",
    "closed": "Closed",
    "late": "Late",
}


def place(value: float) -> str:
    """A number for SVG, the same in every locale."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def share(value: float, whole: float) -> float:
    """Per cent of a whole, kept on the paper: between 0 and 100."""
    return min(max(value / whole * 100, 0), 100) if whole else 0


def shown(value: float | None, unit: str) -> str:
    return "no data" if value is None else f"{value:,.10g}{unit}"


@register.inclusion_tag("components/charts/meter.html")
def meter(
    percent: float | None, tone: str = "accent", target: float | None = None, label: str = ""
) -> dict[str, Any]:
    """A bar with a tick at the promise."""
    filled = share(percent or 0, 100)
    return {
        "width": place(filled),
        "tone": tone,
        "target": None if target is None else place(share(target, 100)),
        "label": label or f"{shown(percent, ' percent')}",
    }


@register.inclusion_tag("components/charts/rangebar.html")
def rangebar(
    low: float, high: float, top: float, tone: str = "c2", label: str = "", target: float | None = None
) -> dict[str, Any]:
    """A range, not a figure: for estimates and intervals."""
    start, end = share(low, top), share(high, top)
    return {
        "x": place(start),
        "width": place(end - start),
        "tone": tone,
        "target": None if target is None else place(share(target, top)),
        "label": label or f"{low:g} to {high:g}",
    }


def _slices(parts: Sequence[object], whole: float, gap: float, least: float) -> Iterator[dict[str, Any]]:
    """Parts side by side along a bar, each with a small gap after it."""
    at = 0.0
    for one in parts:
        width = share(part(one, "value", 0), whole)
        yield {
            "x": place(at),
            "width": place(max(width - gap, least)),
            "tone": part(one, "tone", "accent"),
            "label": part(one, "label", ""),
            "url": part(one, "url", ""),
            "value": part(one, "value", 0),
        }
        at += width


@register.inclusion_tag("components/charts/stackbar.html")
def stackbar(parts: Sequence[object], label: str, height: int = 14) -> dict[str, Any]:
    """A 100 % bar; each part (value, tone, label, url) is a link to its rows. Empty parts are left out."""
    counted = [one for one in parts if part(one, "value", 0)]
    whole = sum(part(one, "value") for one in counted)
    return {"parts": list(_slices(counted, whole, GAP, 0.3)), "label": label, "height": height}


@register.inclusion_tag("components/charts/hbar.html")
def hbar(value: float | None, top: float, tone: str = "accent") -> dict[str, Any]:
    """One bar of a bar list. Decoration: its figure stands beside it."""
    return {"parts": [{"x": "0", "width": place(share(value or 0, top)), "tone": tone}]}


@register.inclusion_tag("components/charts/hbar.html")
def hstack(parts: Sequence[object], top: float) -> dict[str, Any]:
    """One bar of a bar list made of parts (value, tone)."""
    return {"parts": list(_slices(parts, top, 0.4, 0))}


@register.inclusion_tag("components/charts/band.html")
def band(spans: Sequence[object], marks: Sequence[object] = (), label: str = "") -> dict[str, Any]:
    """One clock as a band: spans (start, end, kind, label) and marks (at, kind, label), places in per cent."""
    said = ", ".join(part(mark, "label", "") for mark in marks)
    return {
        "spans": [_span(one) for one in spans],
        "marks": [_mark(one) for one in marks],
        "label": label or said or "Clock",
    }


def _span(one: object) -> dict[str, str]:
    start, end, kind = part(one, "start"), part(one, "end"), part(one, "kind")
    return {
        "x": place(start),
        "width": place(max(end - start, 0)),
        "kind": kind,
        "label": part(one, "label", BANDS[kind]),
    }


def _mark(one: object) -> dict[str, str]:
    return {"at": place(part(one, "at")), "kind": part(one, "kind", "due"), "label": part(one, "label", "")}
