"""static/app.js in a real browser, under the strict policy and without a server behind it."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.template import engines
from django.test import RequestFactory
from playwright.sync_api import Route, expect

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.common.no_urls")]

STATIC = Path(settings.BASE_DIR) / "static"
POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
PAGE = """{% extends "base.html" %}{% load ui %}{% block title %}Desk{% endblock %}{% block main %}
<a class="btn" id="reject" href="/reject/" hx-get="/reject/" hx-target="#dialog" data-key="r">Reject</a>
<form method="post" action="/accept/" hx-post="/accept/" hx-swap="none">
<button class="btn" data-key="a">Accept</button></form>
<textarea aria-label="Comment" data-key="c"></textarea>
{% sla clock %}
<ul>{% for n in "123" %}<li data-row><input type="checkbox" name="pick" value="{{ n }}" form="bulk"
aria-label="Row {{ n }}"><a href="#{{ n }}">Row {{ n }}</a></li>{% endfor %}</ul>
{% include "components/bulkbar.html" %}
<div id="list" hx-get="/list/" hx-trigger="every 30s, catch-up from:body" hx-swap="morph:innerHTML">
<p id="old">Old</p>
<input type="checkbox" name="pick" value="9" aria-label="Row 9"></div>
{% endblock %}"""
DIALOG = """<form method="post" action="/reject/" hx-post="/reject/" hx-swap="none">
<h2 id="dialog-title">Reject</h2>
<div data-problem></div><label><input type="radio" name="reason" value="wrong" data-key="1"> Wrong</label>
<input name="note" aria-label="Note"><button class="btn">Reject lead</button></form>"""
LIST = '<p id="old">New</p><input type="checkbox" name="pick" value="9" aria-label="Row 9">'
TAKEN = '<div class="note bad" role="alert">Tom was first.</div>'
TOAST = {"HX-Trigger": json.dumps({"toast": {"text": "Done."}})}


class Site:
    """Answers every request of the browser, and remembers what was sent."""

    def __init__(self, html):
        self.html = html
        self.sent = []
        self.answers = {}

    def handle(self, route: Route):
        path = route.request.url.removeprefix("http://baton.test").split("?")[0]
        if route.request.method == "POST":
            self.sent.append((path, route.request.post_data, route.request.headers.get("x-csrftoken")))
            answer = self.answers.get(path, {"status": 200, "headers": TOAST, "body": ""})
            route.fulfill(**answer) if answer else route.abort()
        elif path.startswith("/static/"):
            file = STATIC / path.removeprefix("/static/")
            route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
        else:
            body = {"/reject/": DIALOG, "/list/": LIST}.get(path, self.html)
            route.fulfill(body=body, content_type="text/html", headers={"Content-Security-Policy": POLICY})


@pytest.fixture
def site():
    clock = {"state": "risk", "words": "2 s left", "left_seconds": 2, "running": True, "name": "Ann Berg"}
    person = SimpleNamespace(is_authenticated=True, get_full_name="Lena", theme="auto", shortcuts=True)
    nav = [
        {
            "label": "",
            "items": [{"key": "t", "url": "/today/", "icon": "sunrise", "label": "Today", "go": "t"}],
        }
    ]
    request = RequestFactory().get("/")
    context = {"clock": clock, "user": person, "nav": nav, "csrf_token": "secret", "request": request}
    return Site(engines["django"].from_string(PAGE).render(context | {"messages": []}, None))


@pytest.fixture
def page(browser, site):
    context = browser.new_context()
    context.route("**/*", site.handle)
    opened = context.new_page()
    opened.wrong = []
    opened.on("pageerror", lambda error: opened.wrong.append(str(error)))
    opened.on(
        "console", lambda line: opened.wrong.append(line.text) if "Content Security" in line.text else None
    )
    opened.goto("http://baton.test/")
    opened.wait_for_selector(".sla")
    yield opened
    assert opened.wrong == []
    context.close()


def test_the_keyboard_opens_a_dialog_chooses_by_digit_and_gives_the_focus_back(page, site):
    page.keyboard.press("r")
    page.wait_for_selector("#dialog[open]")
    page.keyboard.press("a")
    page.keyboard.press("1")
    chosen = page.evaluate("document.querySelector('[value=wrong]').checked")
    page.keyboard.press("Escape")

    assert chosen is True
    assert site.sent == []
    expect(page.locator("#dialog[open]")).to_have_count(0)
    expect(page.locator("#reject")).to_be_focused()  # by the event of closing, which comes a task later


def test_an_act_closes_its_dialog_and_says_what_happened(page, site):
    page.click("#reject")
    page.fill("#dialog [name=note]", "x")
    page.click("#dialog button")
    page.wait_for_selector("#toast:not([hidden])")

    assert site.sent == [("/reject/", "note=x", "secret")]
    assert page.inner_text("#toast [data-words]") == "Done."
    assert page.evaluate("document.querySelector('#dialog').open") is False


@pytest.mark.parametrize("status", [403, 409, 422])
def test_a_refusal_is_said_in_the_dialog_and_nothing_typed_is_lost(page, site, status):
    site.answers["/reject/"] = {"status": status, "body": TAKEN}

    page.click("#reject")
    page.fill("#dialog [name=note]", "what I wrote")
    page.click("#dialog button")
    page.wait_for_selector("#dialog .note.bad")

    assert page.inner_text("#dialog [data-problem]") == "Tom was first."
    assert page.input_value("#dialog [name=note]") == "what I wrote"


def test_a_wrong_form_comes_back_into_its_dialog(page, site):
    again = DIALOG.replace(
        "<div data-problem></div>", '<div class="note bad" tabindex="-1" data-errors>Say why.</div>'
    )
    site.answers["/reject/"] = {"status": 422, "body": again}

    page.click("#reject")
    page.click("#dialog button")
    page.wait_for_selector("#dialog [data-errors]:focus")

    assert page.inner_text("#dialog [data-errors]") == "Say why."


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (500, "Something broke on our side. Nothing was saved; try again."),
        (503, "The database cannot be reached. Nothing was saved; try again in a minute."),
    ],
)
def test_a_broken_server_is_told_in_place(page, site, status, said):
    site.answers["/accept/"] = {"status": status, "body": "<html>broken</html>"}

    page.keyboard.press("a")
    page.wait_for_selector("main > [data-problem] .note")

    assert page.inner_text("main > [data-problem]") == said


def test_a_refusal_is_said_right_above_what_was_pressed_and_is_seen(page, site):
    slots = "<div data-problem id='near'></div><div id='far'></div>"
    page.evaluate(
        "html => document.querySelector('main form').insertAdjacentHTML('beforebegin', html)", slots
    )
    page.evaluate("document.querySelector('#far').style.height = '3000px'")
    page.evaluate("scrollTo(0, 3000)")
    site.answers["/accept/"] = {"status": 409, "body": TAKEN}

    page.keyboard.press("a")
    page.wait_for_selector("#near .note")

    expect(page.locator("#near .note")).to_be_in_viewport()
    assert page.inner_text("main > [data-problem] >> nth=0") == ""


def test_pressing_twice_sends_once(page, site):
    page.evaluate("for (const time of [1, 2]) document.querySelector('[data-key=a]').click()")
    page.wait_for_selector("#toast:not([hidden])")

    assert site.sent == [("/accept/", None, "secret")]
    assert page.get_attribute("[data-key=a]", "aria-busy") is None


def test_offline_nothing_is_sent(page, site):
    page.context.set_offline(True)
    page.wait_for_selector(".offline:not([hidden])")
    page.click("[data-key=a]")

    assert site.sent == []
    assert "Nothing was sent" in page.inner_text("main > [data-problem]")


def test_offline_what_fills_the_window_ends_where_the_window_ends(page):
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<div class=split></div>')")
    page.context.set_offline(True)
    page.wait_for_selector(".offline:not([hidden])")

    heights = "['.side', '.split'].map((name) => innerHeight - document.querySelector(name).offsetHeight)"
    assert page.evaluate(heights) == [48, 48]


def test_a_clock_counts_down_then_up_and_is_told_once(page):
    page.wait_for_selector("[data-left]:has-text('late')", timeout=8000)

    assert re.fullmatch(r"\d s late", page.inner_text("[data-left]"))
    assert page.inner_text("#toast [data-words]") == "Ann Berg is over the time"


def test_rows_are_walked_and_selected_by_keys(page):
    for key in ("j", "j", "x"):
        page.keyboard.press(key)
    picked = page.evaluate("[...document.querySelectorAll('[name=pick]:checked')].map((mark) => mark.value)")
    shown = page.inner_text(".bulk .num")
    page.keyboard.press("Escape")

    assert (picked, shown) == (["2"], "1 selected")
    assert page.evaluate("document.querySelectorAll('[name=pick]:checked').length") == 0


def test_the_box_in_the_head_says_whether_every_row_is_ticked_and_takes_the_whole_list_back(page):
    boxes = "<input type=checkbox name=all><input type=checkbox name=whole data-total=120>"
    page.evaluate("html => document.querySelector('main').insertAdjacentHTML('beforeend', html)", boxes)
    ticked = "(name) => document.querySelectorAll(`[name=${name}]:checked`).length"
    states = f"['all', 'whole', 'pick'].map({ticked})"
    page.check("[name=pick] >> nth=0")
    some = page.evaluate("document.querySelector('[name=all]').indeterminate")
    page.check("[name=whole]")
    every = page.evaluate(states)
    page.click("[name=all]")

    assert (some, every, page.evaluate(states)) == (True, [1, 1, 4], [0, 0, 0])


def test_keys_are_off_inside_fields(page, site):
    page.keyboard.press("c")
    page.keyboard.type("a r?")

    assert page.input_value("[data-key=c]") == "a r?"
    assert site.sent == []


def test_all_single_keys_can_be_turned_off(page, site):
    page.evaluate("document.documentElement.dataset.shortcuts = 'off'")

    page.keyboard.press("a")
    page.keyboard.press("?")
    page.keyboard.press("Control+k")

    assert site.sent == []
    assert page.evaluate("[...document.querySelectorAll('dialog[open]')].map((one) => one.id)") == ["palette"]


def test_g_goes_to_a_page(page):
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.wait_for_url("http://baton.test/today/")

    assert page.url == "http://baton.test/today/"


def test_a_list_catches_up_when_the_network_is_back_and_keeps_its_ticks(page):
    page.check("#list [name=pick]")
    page.evaluate("document.querySelector('#old').mine = true")

    page.context.set_offline(True)
    page.context.set_offline(False)
    page.wait_for_selector("#old:has-text('New')")

    assert page.is_checked("#list [name=pick]")
    assert page.evaluate("document.querySelector('#old').mine") is True


def test_signed_out_keeps_what_was_typed_and_takes_the_new_token_over(page, site):
    page.click("#reject")
    page.fill("#dialog [name=note]", "what I wrote")
    page.evaluate("document.head.insertAdjacentHTML('beforeend', '<meta name=sign-in content=/reject/>')")
    page.click("#dialog button")
    page.wait_for_selector("#dialog .note.bad")
    site.html = site.html.replace("secret", "renewed")
    page.evaluate("document.querySelector('meta[name=sign-in]').remove()")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_selector("body[hx-headers*=renewed]")
    page.click("#dialog button")
    page.wait_for_selector("#toast:not([hidden])")

    assert site.sent[-1] == ("/reject/", "note=what%20I%20wrote", "renewed")


def test_a_dialog_stays_open_when_the_server_cannot_be_reached(page, site):
    site.answers["/reject/"] = None

    page.click("#reject")
    page.fill("#dialog [name=note]", "what I wrote")
    page.click("#dialog button")
    page.wait_for_selector("#dialog .note.bad")

    assert page.inner_text("#dialog [data-problem]").startswith("The server cannot be reached.")
    assert page.input_value("#dialog [name=note]") == "what I wrote"


def test_a_clock_stands_when_its_calendar_closes(page):
    page.evaluate("""() => {
        const clock = document.querySelector('[data-left]');
        clock.dataset.closes = '2';
        clock.dataset.left = '7200';
    }""")
    page.wait_for_selector("#old:has-text('New')")
    page.wait_for_timeout(2100)

    assert page.inner_text("[data-left]") == "1 h 59 m left"


def test_escape_closes_a_menu_also_from_its_fields(page):
    page.evaluate("""() => document.querySelector('main').insertAdjacentHTML('beforeend',
        '<details class="menu" data-focus-first><summary data-key="/">Filter</summary><input name="q"></details>')""")
    page.keyboard.press("/")
    page.wait_for_selector("input[name=q]:focus")
    page.keyboard.press("Escape")

    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert page.evaluate("document.querySelectorAll('details.menu[open]').length") == 0
