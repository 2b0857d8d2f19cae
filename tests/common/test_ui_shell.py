"""The shell, dialogs, error pages and sign-in: safe under a strict policy, whole without script."""

import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory, override_settings
from django.urls import include, path

from common.templatetags.ui import icon

TEMPLATES = Path(settings.BASE_DIR) / "templates"
PERSON = SimpleNamespace(
    is_authenticated=True,
    get_full_name="Lena <Vogt>",
    theme="dark",
    shortcuts=False,
    email="lena@example.com",
)
NAV = [
    {
        "label": "",
        "items": [
            {
                "key": "inbox",
                "url": "/inbox/",
                "icon": "inbox",
                "label": "Inbox",
                "count": 6,
                "go": "i",
                "phone": True,
            },
        ],
    },
    {
        "label": "Shared view",
        "items": [
            {
                "key": "breaches",
                "url": "/breaches/",
                "icon": "alert-octagon",
                "label": "Breaches",
                "count": 3,
                "hot": True,
            },
        ],
    },
    {
        "label": "",
        "place": "foot",
        "items": [
            {"key": "settings", "url": "/settings/", "icon": "settings", "label": "Settings"},
        ],
    },
]


def nothing(request):
    return HttpResponse()


urlpatterns = [
    path("sign-in/", include("allauth.urls")),
    path("demo-sign-in/", nothing, name="demo-sign-in"),
    path("", include(([path("theme/", nothing, name="theme")], "accounts"), namespace="accounts")),
]
pytestmark = pytest.mark.urls(__name__)


class Elements(HTMLParser):
    """Every element of a page as (name, attributes)."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    handle_startendtag = handle_starttag


def page(template="base.html", **context):
    request = context.pop("request", RequestFactory().get("/inbox/"))
    given = {
        "request": request,
        "user": PERSON,
        "nav": NAV,
        "nav_key": "inbox",
        "csrf_token": "token",
        "messages": [],
    }
    return render_to_string(template, given | context)


def test_the_shell_holds_a_strict_policy():
    elements = Elements(page()).found

    assert [
        name for name, attrs in elements if "style" in attrs or any(key.startswith("on") for key in attrs)
    ] == []
    assert [attrs["src"] for name, attrs in elements if name == "script"] == [
        "/static/vendor/htmx.min.js",
        "/static/vendor/idiomorph-ext.min.js",
        "/static/app.js",
        "/static/clocks.js",
    ]


def test_every_page_has_every_stylesheet_in_the_order_of_the_cascade():
    """Layers decide, and within one the order: tokens.css declares the layers, charts.css comes after the parts."""
    sheets = [f"/static/{name}.css" for name in ("tokens", "app", "components", "charts", "pages")]

    for template in ("base.html", "base_bare.html"):
        found = [attrs for name, attrs in Elements(page(template)).found if name == "link"]
        assert [attrs["href"] for attrs in found if attrs["rel"] == "stylesheet"] == sheets
    there = {f"/static/{file.name}" for file in (Path(settings.BASE_DIR) / "static").glob("*.css")}
    assert there == set(sheets)


@pytest.mark.parametrize("name", ["500", "503", "503_overtaken", "503_too_long"])
def test_the_last_resorts_look_like_the_other_pages(name):
    found = [attrs for _, attrs in Elements(page(f"{name}.html")).found if attrs.get("rel") == "stylesheet"]

    sheets = ("tokens", "app", "components", "pages")
    assert [attrs["href"] for attrs in found] == [f"/static/{sheet}.css" for sheet in sheets]


def test_every_htmx_control_of_the_shell_works_without_script():
    elements = Elements(page()).found

    asking = [(name, attrs) for name, attrs in elements if "hx-get" in attrs or "hx-post" in attrs]

    assert [
        name
        for name, attrs in asking
        if not attrs.get("href") and not attrs.get("action") and name != "input"
    ] == []
    assert [attrs["hx-post"] for name, attrs in asking if name == "form"] == ["/theme/", "/theme/"]


def test_the_sidebar_marks_where_one_is_and_what_waits():
    elements = page()

    side = elements[elements.index('<nav class="nav" aria-label="Main">') : elements.index('class="foot"')]

    assert re.sub(r"<svg.*?</svg>", "", "".join(line.strip() for line in side.splitlines())).startswith(
        '<nav class="nav" aria-label="Main"><a href="/inbox/" aria-current="page" data-go="i">'
        'Inbox<span class="n" data-count="inbox">6</span></a>'
        '<h2>Shared view</h2><a href="/breaches/">Breaches<span class="n hot" data-count="breaches">3</span></a></nav>'
    )


def test_theme_and_shortcuts_of_the_person_are_on_the_page_and_the_name_is_escaped():
    html = page()

    assert '<html lang="en" data-theme="dark" data-shortcuts="off">' in html
    assert "Lena &lt;Vogt&gt;" in html
    assert "<Vogt>" not in html


def test_the_shell_leaves_out_what_does_not_exist_yet():
    with override_settings(ROOT_URLCONF="tests.common.no_urls"):
        html = page()

    assert "data-theme-form" not in html
    assert 'name="sign-in"' not in html


class TestDialog:
    def test_for_htmx_it_is_a_fragment(self):
        request = RequestFactory().get("/handoffs/1/reject/", headers={"HX-Request": "true"})

        html = page(
            "components/dialog.html",
            request=request,
            dialog_title="Reject <Ann>",
            button="Reject lead",
            danger=True,
        )

        elements = Elements(html).found
        assert elements[0] == (
            "form",
            {
                "method": "post",
                "action": "/handoffs/1/reject/",
                "hx-post": "/handoffs/1/reject/",
                "hx-swap": "none",
                "novalidate": None,
            },
        )
        assert '<h2 id="dialog-title">Reject &lt;Ann&gt;</h2>' in html
        assert '<button class="btn solid-danger">Reject lead</button>' in html

    def test_without_script_the_same_act_is_a_page(self):
        html = page(
            "components/dialog.html", dialog_title="Reject Ann", button="Reject lead", back_url="/leads/1/"
        )

        assert "<title>Reject Ann · Baton</title>" in html
        assert '<h1 id="dialog-title">Reject Ann</h1>' in html
        assert '<a class="btn" href="/leads/1/" data-close>Cancel</a>' in html


class TestErrors:
    @pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "409", "422", "429"])
    @pytest.mark.parametrize("signed_in", [True, False], ids=["signed in", "not signed in"])
    def test_an_error_page_has_one_heading_and_a_way_on(self, code, signed_in):
        user = PERSON if signed_in else SimpleNamespace(is_authenticated=False)

        elements = Elements(page(f"{code}.html", user=user)).found

        assert [name for name, _ in elements].count("h1") == 1
        assert ("aside" in [name for name, _ in elements]) is signed_in
        assert "/" in [attrs.get("href") for name, attrs in elements if name == "a"]

    @pytest.mark.parametrize("signed_in", [True, False])
    def test_only_who_may_search_is_told_to(self, signed_in):
        user = PERSON if signed_in else SimpleNamespace(is_authenticated=False)

        assert ("Search finds" in page("404.html", user=user)) is signed_in

    def test_403_says_who_may(self):
        assert "Only the team that holds it &lt;may&gt;" in page(
            "403.html", exception="Only the team that holds it <may>"
        )

    @pytest.mark.parametrize("code", ["500", "503", "503_overtaken", "503_too_long"])
    def test_the_last_resort_needs_no_context(self, code):
        html = get_template(f"{code}.html").render()

        assert html.count("<h1>") == 1
        assert "Nothing was saved" in html


class TestSignIn:
    def form(self, *errors):
        from allauth.account.forms import LoginForm

        if not errors:
            return LoginForm()
        form = LoginForm({"login": "lena@example.com", "password": "wrong"})
        form.clean = lambda: form.add_error(None, errors[0])
        return form

    def test_one_error_stands_for_both_fields(self):
        wrong = ValidationError("The email address is not correct", code="email_password_mismatch")

        html = page("account/login.html", user=SimpleNamespace(is_authenticated=False), form=self.form(wrong))

        inputs = [attrs for name, attrs in Elements(html).found if attrs.get("name") in ("login", "password")]
        assert [(one["aria-invalid"], one["aria-describedby"]) for one in inputs] == [
            ("true", "sign-in-error")
        ] * 2
        assert html.count("That email and password do not match.") == 1

    def test_too_many_attempts_are_told_apart(self):
        many = ValidationError("Too many", code="too_many_login_attempts")

        html = page("account/login.html", user=SimpleNamespace(is_authenticated=False), form=self.form(many))

        assert "Too many attempts. Wait a few minutes, then try again." in html

    def test_password_managers_may_fill_it_in(self):
        html = page("account/login.html", user=SimpleNamespace(is_authenticated=False), form=self.form())

        fields = {
            attrs["name"]: attrs.get("autocomplete")
            for name, attrs in Elements(html).found
            if name == "input"
        }
        assert {name: fields[name] for name in ("login", "password")} == {
            "login": "email",
            "password": "current-password",
        }

    def test_the_demo_signs_in_as_a_person_with_one_click(self):
        personas = [{"email": "lena@example.com", "name": "Lena Vogt", "line": "Sales rep", "side": "sales"}]

        shown = page("account/login.html", form=self.form(), demo_personas=personas)
        hidden = page("account/login.html", form=self.form())

        assert re.findall(r'<button class="opt" name="persona" value="([^"]*)">', shown) == [
            "lena@example.com"
        ]
        assert 'action="/demo-sign-in/"' in shown
        assert "demo-sign-in" not in hidden


def all_templates():
    return sorted(TEMPLATES.rglob("*.html"))


def test_no_template_has_inline_script_or_style():
    forbidden = re.compile(r"""\sstyle=|\son[a-z]+=["']|hx-on|["']js:|<style|<script(?![^>]*\ssrc=)""")

    assert [
        str(one.relative_to(TEMPLATES)) for one in all_templates() if forbidden.search(one.read_text())
    ] == []


def test_every_template_says_first_what_it_needs():
    pages = [one for one in all_templates() if "email" not in one.parts]

    assert [str(one.relative_to(TEMPLATES)) for one in pages if not one.read_text().startswith("{#")] == []


def test_every_icon_named_in_a_template_exists():
    named = {name for one in all_templates() for name in re.findall(r'{% icon "([^"]+)"', one.read_text())}

    assert len(named) > 10
    assert [name for name in sorted(named) if not icon(name)] == []
