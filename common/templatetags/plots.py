"""Plots over time as server-rendered SVG: lines, columns and the spark without an axis.

A plot stands beside an axis of fixed width and uses per cent of its own, so text never scales.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Any

from django import template

from common.templatetags.charts import place, shown
from common.templatetags.parts import part

register = template.Library()

TOP, BOTTOM = 12, 22


@dataclass(frozen=True)
class Scale:
    """Values between `low` and `high` laid on pixels between `top` and `bottom`; more is higher up."""

    low: float
    high: float
    top: float
    bottom: float

    def y(self, value: float) -> float:
        reach = (self.high - self.low) or 1
        return self.top + (self.bottom - self.top) * (1 - (value - self.low) / reach)


def nice_step(reach: float, parts: int = 4) -> float:
    """A round step (1, 2, 2.5 or 5 times a power of ten) that covers the reach in about `parts` steps."""
    rough = (reach or 1) / parts
    power = 10.0 ** floor(log10(rough))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= rough * 0.999)


def axis(
    values: Sequence[float], height: int, unit: str, low: float | None = None
) -> tuple[Scale, list[dict[str, Any]]]:
    """The scale of a plot and its ticks. Without `low` the axis starts where the values do, and says so."""
    least = min(values) if low is None else low
    step = nice_step(max(values) - least)
    start = floor(least / step + 1e-9) * step
    steps = max(ceil((max(values) - start) / step - 1e-9), 1)
    scale = Scale(start, start + steps * step, TOP, height - BOTTOM)
    ticks = [start + step * number for number in range(steps + 1)]
    return scale, [
        {
            "y": place(scale.y(tick)),
            "text_y": place(scale.y(tick) + 4),
            "text": shown(tick, unit),
            "base": tick == start,
        }
        for tick in ticks
    ]


def runs(values: Sequence[float | None], scale: Scale, width: float) -> list[str]:
    """The points of a line, broken where a value is missing: a gap is not a zero."""
    last = max(len(values) - 1, 1)
    found: list[list[str]] = [[]]
    for number, value in enumerate(values):
        if value is None:
            found.append([])
        else:
            found[-1].append(f"{place(number / last * width)},{place(scale.y(value))}")
    return [" ".join(points) for points in found if points]


def table(labels: Sequence[str], series: Sequence[object], unit: str) -> dict[str, Any]:
    """The same figures as rows: for screen readers, and in place of a chart that says too little."""
    return {
        "names": [part(one, "name") for one in series],
        "rows": [
            {"label": label, "cells": [shown(part(one, "values")[number], unit) for one in series]}
            for number, label in enumerate(labels)
        ],
    }


def known_values(series: Sequence[object], target: float | None) -> list[float]:
    found = [value for one in series for value in part(one, "values") if value is not None]
    return found if target is None or not found else [*found, target]


def _frame(title: str, height: int, head: str) -> dict[str, Any]:
    return {
        "title": title,
        "height": height,
        "head": head,
        "top": TOP,
        "bottom": height - BOTTOM,
        "plot_height": height - TOP - BOTTOM,
    }


@register.inclusion_tag("components/charts/spark.html")
def spark(values: Sequence[float | None], tone: str = "mute") -> dict[str, Any]:
    """A trend without an axis. Decoration: its figure stands beside it; under two values nothing is drawn."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return {"runs": []}
    scale = Scale(min(known), max(known), 8, 92)
    return {"runs": runs(values, scale, 100), "tone": tone}


@register.inclusion_tag("components/charts/lines.html")
def lines(
    labels: Sequence[str],
    series: Sequence[object],
    title: str,
    target: float | None = None,
    unit: str = "%",
    **more: Any,
) -> dict[str, Any]:
    """Lines over time. Series: name, tone, values, dashed. More: height, low, head, urls by label, marks, and in
    words, not drawn, the series `beside`.
    """
    height = more.get("height", 200)
    values = known_values(series, target)
    said = [*series, *more.get("beside", ())]
    frame = _frame(title, height, more.get("head", "Week")) | {"table": table(labels, said, unit)}
    if len(labels) < 2 or not values:
        return frame | {"drawn": False, "empty": not values}
    scale, ticks = axis(values, height, unit, more.get("low"))
    return frame | {
        "drawn": True,
        "ticks": ticks,
        "target": None if target is None else place(scale.y(target)),
        "lines": [_line(one, scale) for one in series],
        "ends": _ends(series, scale, unit),
        "names": list(_names(labels, height)),
        "slots": list(_slots(labels, more.get("urls") or (), frame["table"])),
        "marks": [_version(mark, len(labels)) for mark in more.get("marks") or ()],
    }


def _line(one: object, scale: Scale) -> dict[str, Any]:
    return {
        "runs": runs(part(one, "values"), scale, 1000),
        "tone": part(one, "tone", "accent"),
        "dashed": part(one, "dashed", False),
    }


def _ends(series: Sequence[object], scale: Scale, unit: str) -> list[dict[str, str]]:
    """The last value of each line beside its end; the highest above it, the others below."""
    last = [part(one, "values")[-1] for one in series]
    known = [value for value in last if value is not None]
    return [
        {"y": place(scale.y(value) + (-8 if value == max(known) else 17)), "text": shown(value, unit)}
        for value in known
    ]


def _names(labels: Sequence[str], height: int) -> Iterator[dict[str, Any]]:
    """Names under a line; every second one, counted from the end, when there are many."""
    last = len(labels) - 1
    every = ceil(len(labels) / 8)
    for number, label in enumerate(labels):
        if (last - number) % every == 0:
            anchor = "start" if number == 0 else "end" if number == last else "middle"
            yield {"x": place(number / last * 100), "y": height - 4, "anchor": anchor, "text": label}


def _slots(labels: Sequence[str], urls: Sequence[str], figures: dict[str, Any]) -> Iterator[dict[str, str]]:
    """An upright strip around each moment: the link to the rows behind it."""
    width = 100 / len(labels)
    for number, (url, row) in enumerate(zip(urls, figures["rows"], strict=False)):
        named = ", ".join(
            f"{name}: {cell}" for name, cell in zip(figures["names"], row["cells"], strict=True)
        )
        start = max(number * 100 / (len(labels) - 1) - width / 2, 0)
        label = f"{row['label']}, {named}"
        yield {"x": place(start), "width": place(min(width, 100 - start)), "url": url, "label": label}


def _version(mark: object, moments: int) -> dict[str, str]:
    at = part(mark, "index") / (moments - 1) * 100
    return {"x": place(at), "label": part(mark, "label"), "anchor": "end" if at > 80 else "start"}


@register.inclusion_tag("components/charts/columns.html")
def columns(
    labels: Sequence[str],
    series: Sequence[object],
    title: str,
    target: float | None = None,
    unit: str = "",
    **more: Any,
) -> dict[str, Any]:
    """Grouped columns from zero. Series: name, tone, values and urls (each column links to its rows)."""
    height = more.get("height", 190)
    values = known_values(series, target)
    frame = _frame(title, height, more.get("head", "Month")) | {"table": table(labels, series, unit)}
    if not labels or not values:
        return frame | {"drawn": False, "empty": True}
    scale, ticks = axis([0.0, *values], height, unit, low=0)
    return frame | {
        "drawn": True,
        "ticks": ticks,
        "target": None if target is None else place(scale.y(target)),
        "bars": list(_bars(labels, series, scale, unit)),
        "linked": any(part(one, "urls") for one in series),
        "names": [
            {
                "x": place((number + 0.5) * 100 / len(labels)),
                "y": height - 5,
                "anchor": "middle",
                "text": label,
            }
            for number, label in enumerate(labels)
        ],
    }


def _bars(
    labels: Sequence[str], series: Sequence[object], scale: Scale, unit: str
) -> Iterator[dict[str, Any]]:
    slot, gap = 100 / len(labels), 0.3
    width = slot * (1 - gap) / len(series)
    for number, label in enumerate(labels):
        for place_in_group, one in enumerate(series):
            value = part(one, "values")[number]
            if value is None:
                continue
            x = number * slot + slot * gap / 2 + place_in_group * width
            urls = part(one, "urls") or ()
            yield {
                "x": place(x),
                "width": place(width * 0.92),
                "y": place(scale.y(value)),
                "height": place(max(scale.bottom - scale.y(value), 1)),
                "tone": part(one, "tone", "accent"),
                "url": urls[number] if number < len(urls) else "",
                "label": f"{label}, {part(one, 'name')}: {shown(value, unit)}",
            }
