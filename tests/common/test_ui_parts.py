"""The parts of a page: icons, clocks, people, fields, table heads and the components that pages include."""

import re
from types import SimpleNamespace

import pytest
from django import forms
from django.contrib.messages import ERROR, INFO
from django.contrib.messages.storage.base import Message
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from common.templatetags.ui import good_news, icon


def drawn(source, **context):
    lines = Template("{% load ui %}" + source).render(Context(context)).splitlines()
    return "".join(line.strip() for line in lines)


def squeezed(html):
    return "".join(line.strip() for line in html.splitlines())


class Draft(forms.Form):
    hours = forms.DecimalField(
        label="Answer time",
        min_value=1,
        help_text="In hours.",
        error_messages={"min_value": "Enter 1 or more."},
    )
    note = forms.CharField(required=False)
    side = forms.ChoiceField(choices=[("m", "Marketing"), ("s", "Sales")], widget=forms.RadioSelect)
    told = forms.BooleanField(label="Tell me", required=False)


def test_an_icon_is_decoration_unless_it_has_a_label():
    assert icon("check") == (
        '<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-linecap="round" '
        'stroke-linejoin="round" aria-hidden="true"><path d="M5 12l5 5l10 -10" /></svg>'
    )
    assert 'role="img" aria-label="Done &lt;b&gt;"' in icon("check", "sm", label="Done <b>")


@pytest.mark.parametrize("name", ["../models", "check.svg", ""])
def test_only_names_of_icons_reach_the_disk(name):
    with pytest.raises(ValueError, match="Not the name of an icon"):
        icon(name)


def test_a_running_clock_ticks_and_says_its_state_to_screen_readers():
    clock = SimpleNamespace(state="risk", words="38 m left", percent_left=16, left_seconds=2294, running=True)

    html = re.sub(r"<svg.*?</svg>", "[icon]", drawn("{% sla clock pill=True %}", clock=clock))

    assert html == (
        '<span class="sla risk pill">[icon]<span class="sr">At risk: </span>'
        '<span data-left="2294">38 m left</span></span>'
    )


@pytest.mark.parametrize(
    ("clock", "ticking"),
    [
        ({"state": "hold", "words": "Waiting", "left_seconds": 200, "running": False}, ""),
        ({"state": "met", "words": "Met in 44 m"}, ""),
        (
            {"state": "bad", "words": "26 m late", "left_seconds": -1582, "running": True},
            ' data-left="-1582"',
        ),
        (
            {
                "state": "track",
                "words": "Offer in 47 m",
                "left_seconds": 60,
                "running": True,
                "prefix": "Offer in",
            },
            ' data-left="60" data-prefix="Offer in"',
        ),
    ],
    ids=["paused", "met", "late", "with a prefix"],
)
def test_only_a_running_clock_ticks(clock, ticking):
    html = drawn("{% sla clock %}", clock=clock)

    assert re.findall(r"<span((?: data-[^>]*)?)>[^<]*</span></span>$", html) == [ticking]


def test_a_clock_whose_words_name_its_state_does_not_say_it_twice():
    assert 'class="sr"' not in drawn("{% sla clock %}", clock={"state": "exc", "words": "Excused: holiday"})


def test_no_clock_draws_nothing():
    assert drawn("{% sla clock %}", clock=None) == ""


def test_the_ring_shows_how_much_is_left():
    clock = {"state": "track", "words": "3 h 22 m left", "percent_left": 84.2}

    assert 'stroke-dasharray="84 100"' in drawn("{% sla clock %}", clock=clock)


def test_people_wear_the_colour_of_their_side_and_names_are_escaped():
    assert drawn('{% person name "sales" %}', name="Ann <b> O") == (
        '<span class="person"><span class="av sal" aria-hidden="true">A&lt;</span>'
        "<span>Ann &lt;b&gt; O</span></span>"
    )


def test_a_field_explains_itself_with_its_hint():
    assert drawn("{% field form.hours %}", form=Draft()) == (
        '<div class="field"><label for="id_hours">Answer time</label>'
        '<input type="number" name="hours" min="1" step="any" class="input" '
        'aria-describedby="id_hours_helptext" required id="id_hours">'
        '<span class="hint" id="id_hours_helptext">In hours.</span></div>'
    )


def test_an_error_takes_the_place_of_the_hint():
    html = re.sub(r"<svg.*?</svg>", "[icon]", drawn("{% field form.hours %}", form=Draft({"hours": "0"})))

    assert html == (
        '<div class="field"><label for="id_hours">Answer time</label>'
        '<input type="number" name="hours" value="0" min="1" step="any" class="input" '
        'aria-describedby="id_hours_error" required aria-invalid="true" id="id_hours">'
        '<span class="err" id="id_hours_error">[icon]<span>Enter 1 or more.</span></span></div>'
    )


def test_optional_fields_are_marked_and_needed_ones_are_not():
    assert drawn("{% field form.note %}", form=Draft()).count('<span class="muted">optional</span>') == 1
    assert drawn("{% field form.told %}", form=Draft()).count("optional") == 0


def test_choices_are_a_group_with_a_name():
    assert drawn("{% field form.side %}", form=Draft()) == (
        '<fieldset class="field"><legend class="label">Side</legend><div class="picks">'
        '<label class="pick"><input type="radio" name="side" value="m" id="id_side_0" required>'
        "<span>Marketing</span></label>"
        '<label class="pick"><input type="radio" name="side" value="s" id="id_side_1" required>'
        "<span>Sales</span></label>"
        "</div></fieldset>"
    )


def test_the_summary_of_errors_stands_there_from_two_wrong_fields_on():
    one = render_to_string("components/form_errors.html", {"form": Draft({"hours": "0", "side": "m"})})
    two = render_to_string("components/form_errors.html", {"form": Draft({"hours": "0"})})

    assert squeezed(one) == ""
    assert re.findall(r'<a class="link" href="([^"]*)">([^<]*)</a>: ([^<]*)<', two) == [
        ("#id_hours", "Answer time", "Enter 1 or more."),
        ("#id_side", "Side", "Choose one."),
    ]


@pytest.mark.parametrize(
    ("sort", "url", "direction"),
    [
        ("", "?view=open&amp;sort=left", ""),
        ("left", "?view=open&amp;sort=-left", ' aria-sort="ascending"'),
        ("-left", "?view=open&amp;sort=left", ' aria-sort="descending"'),
    ],
    ids=["not sorted by it", "ascending", "descending"],
)
def test_a_head_sorts_keeps_the_filters_and_starts_at_the_first_page(sort, url, direction):
    request = RequestFactory().get("/leads/?view=open&cursor=abc")

    html = drawn('{% sort_head "SLA" "left" sort=sort %}', request=request, sort=sort)

    assert re.sub(r" ?<svg.*?</svg>", "", html) == f'<th scope="col"{direction}><a href="{url}">SLA</a></th>'


def test_warnings_are_kept_out_of_the_toast():
    told = [Message(INFO, "Lead offered."), Message(ERROR, "Nothing was saved.")]

    assert good_news(told) == "Lead offered."
    assert good_news("") == ""


def test_a_promise_under_ten_shows_the_count_and_no_bar():
    promise = {
        "name": "Rework",
        "figure": "6 of 7",
        "url": "/r/",
        "target": "90%",
        "verdict": "few",
        "note": "Under 10",
    }

    html = squeezed(render_to_string("components/promise.html", {"promise": promise}))

    assert html == (
        '<div class="promise"><span>Rework</span><span class="row">'
        '<span class="tag">Too few for a rate</span>'
        '<a class="fig big" href="/r/">6 of 7</a></span>'
        '<span class="foot"><span>Promised 90%</span><span>Under 10</span></span></div>'
    )


@pytest.mark.parametrize(("previous", "buttons"), [("", (0, 0)), ("?cursor=x", (1, 1))])
def test_a_pager_links_to_no_page_that_there_is_not(previous, buttons):
    """An only page has no buttons at all; on a last one the way on is seen to be closed."""
    page = {"summary": "1 to 3 of 3", "previous_url": previous, "next_url": ""}

    html = render_to_string("components/pager.html", {"page": page})

    assert (html.count("<a "), html.count('aria-disabled="true"')) == buttons


def test_filters_are_removed_by_links():
    chips = [{"field": "Source", "value": "Partner", "remove_url": "?view=open"}]

    html = squeezed(render_to_string("components/chips.html", {"chips": chips}))

    assert re.findall(r'<a href="([^"]*)" aria-label="([^"]*)">', html) == [
        ("?view=open", "Remove filter Source")
    ]
