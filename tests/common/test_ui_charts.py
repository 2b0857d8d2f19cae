"""Charts are drawn on the server, from real figures, with links, and never claim what was not measured."""

import re

import pytest
from django.template import Context, Template

from common.templatetags.plots import Scale, axis, nice_step, runs

LOAD = "{% load charts plots %}"


def drawn(source, **context):
    lines = Template(LOAD + source).render(Context(context)).splitlines()
    return "".join(line.strip() for line in lines)


def test_each_part_of_a_split_bar_links_to_its_rows():
    parts = [
        {"value": 3, "tone": "ok", "label": "Met", "url": "/leads/?clock=met"},
        {"value": 0, "tone": "exc", "label": "Excused", "url": "/x/"},
        {"value": 1, "tone": "bad", "label": "Late <now>", "url": ""},
    ]

    assert drawn('{% stackbar parts "Split" 12 %}', parts=parts) == (
        '<svg class="chart" height="12" role="group" aria-label="Split">'
        '<a href="/leads/?clock=met" aria-label="Met: 3">'
        '<rect class="f-ok" x="0%" width="74.75%" height="12" rx="2"><title>Met: 3</title></rect></a>'
        '<rect class="f-bad" x="75%" width="24.75%" height="12" rx="2">'
        "<title>Late &lt;now&gt;: 1</title></rect>"
        "</svg>"
    )


def test_a_split_of_nothing_is_no_data():
    assert drawn('{% stackbar parts "Split" %}', parts=[]) == '<p class="sm muted">Split: no data</p>'


def test_a_meter_stays_on_the_paper_and_ticks_at_the_promise():
    assert drawn('{% meter 130 "sal" 90 "In time" %}') == (
        '<svg class="meter" role="img" aria-label="In time">'
        '<rect class="f-base" width="100%" height="6" rx="3"/>'
        '<rect class="f-sal" width="100%" height="6" rx="3"/>'
        '<line class="tick" x1="90%" x2="90%" y1="-3" y2="9"/></svg>'
    )


def test_a_range_is_drawn_from_low_to_high():
    assert drawn("{% rangebar 31 38 200 %}") == (
        '<svg class="meter rng" role="img" aria-label="31 to 38">'
        '<rect class="f-base" width="100%" height="8" rx="4"/>'
        '<rect class="f-c2" x="15.5%" width="3.5%" height="8" rx="4"/></svg>'
    )


def test_a_band_names_its_spans_and_its_due_mark():
    spans = [{"start": 5, "end": 8.1, "kind": "run"}, {"start": 8.1, "end": 31, "kind": "pause"}]
    marks = [{"at": 58.1, "kind": "due", "label": "Due 17:45"}]

    assert drawn("{% band spans marks %}", spans=spans, marks=marks) == (
        '<svg class="chart band" height="16" role="img" aria-label="Due 17:45">'
        '<rect class="f-base" width="100%" height="16" rx="3"/>'
        '<rect class="b-run" x="5%" width="3.1%" height="16" rx="2"><title>Runs</title></rect>'
        '<rect class="b-pause" x="8.1%" width="22.9%" height="16" rx="2"><title>Paused</title></rect>'
        '<line class="tick due" x1="58.1%" x2="58.1%" y1="-3" y2="19"><title>Due 17:45</title></line></svg>'
    )


def test_an_act_is_a_dot_on_its_band_that_says_who_did_what():
    marks = [{"at": 20, "kind": "act", "label": "Paused by Lena Vogt, Tue 11:00"}]

    assert (
        '<circle class="act" cx="20%" cy="8" r="3.5"><title>Paused by Lena Vogt, Tue 11:00</title></circle>'
    ) in drawn("{% band spans marks %}", spans=[], marks=marks)


@pytest.mark.parametrize(
    ("reach", "step"), [(40, 10), (100, 25), (0, 0.25), (7, 2), (320, 100), (0.03, 0.01)]
)
def test_axis_steps_are_round(reach, step):
    assert nice_step(reach) == pytest.approx(step)


def test_an_axis_covers_all_values_and_starts_where_they_start():
    scale, ticks = axis([72, 92], 200, "%")

    assert (scale.low, scale.high) == (70, 95)
    assert [tick["text"] for tick in ticks] == ["70%", "75%", "80%", "85%", "90%", "95%"]


def test_a_missing_value_breaks_the_line():
    assert runs([0, 10, None, 5], Scale(0, 10, 0, 100), 300) == ["0,100 100,0", "300,50"]


def test_lines_carry_their_figures_as_a_table():
    series = [{"name": "Answer", "tone": "sal", "values": [78, None]}]

    html = drawn('{% lines labels series "In time" %}', labels=["W46", "W47"], series=series)

    assert re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", html) == [
        "Week",
        "Answer",
        "W46",
        "78%",
        "W47",
        "no data",
    ]
    assert html.count('role="img" aria-label="In time"') == 1


def test_under_two_points_only_the_table_stands_there():
    series = [{"name": "Answer", "values": [90]}]

    html = drawn('{% lines labels series "In time" %}', labels=["W47"], series=series)

    assert html.startswith('<table class="tbl"><caption class="sr">In time</caption>')
    assert "<svg" not in html


def test_moments_of_a_line_link_to_their_rows():
    series = [{"name": "Answer", "values": [80, 90]}]

    html = drawn(
        '{% lines labels series "In time" urls=urls %}',
        labels=["W46", "W47"],
        series=series,
        urls=["/a/", "/b/"],
    )

    assert re.findall(r'<a href="([^"]*)" aria-label="([^"]*)">', html) == [
        ("/a/", "W46, Answer: 80%"),
        ("/b/", "W47, Answer: 90%"),
    ]


def test_columns_start_at_zero_and_link_to_their_rows():
    series = [{"name": "v4", "tone": "mute", "values": [200, None], "urls": ["/nov/", "/dec/"]}]

    html = drawn('{% columns labels series "MQLs" target=240 %}', labels=["Nov", "Dec"], series=series)

    assert re.findall(r'<a href="([^"]*)" aria-label="([^"]*)">', html) == [("/nov/", "Nov, v4: 200")]
    assert re.findall(r'<text x="0"[^>]*>([^<]*)</text>', html) == ["0", "100", "200", "300"]


def test_no_values_at_all_are_no_data():
    series = [{"name": "Answer", "values": [None, None]}]
    labels = ["W46", "W47"]

    assert drawn(
        '{% lines labels series "In time" %}{% columns labels series "MQLs" %}', labels=labels, series=series
    ) == ('<p class="sm muted">In time: no data</p><p class="sm muted">MQLs: no data</p>')


def test_a_spark_of_one_value_draws_nothing():
    assert drawn("{% spark values %}", values=[1]) == '<svg class="chart spark" aria-hidden="true"></svg>'
