"""The budgets of the style guide: over budget means that a name is missing."""

from __future__ import annotations

from tests.architecture.sources import (
    PROJECT,
    functions,
    length,
    modules,
    modules_of_tests,
    templates,
    where,
)

LONGEST_FUNCTION = 40
LONGEST_TEST = 25
LONGEST_FILE = 400
LONGEST_TEMPLATE = 150
MOST_ARGUMENTS = 6
SHARED = 8
NOT_COUNTED = {"self", "cls", "at"}  # every verb can be told its moment, by tests and by history


def test_no_function_is_too_long() -> None:
    long = [
        where(path, node.lineno)
        for path in modules()
        for node in functions(path)
        if length(node) > LONGEST_FUNCTION
    ]

    assert long == []


def test_no_test_is_too_long() -> None:
    found = (
        (path, node)
        for path in modules_of_tests()
        for node in functions(path)
        if node.name.startswith("test_") and "e2e" not in path.parts  # a story is as long as it is
    )

    assert [where(path, node.lineno) for path, node in found if length(node) > LONGEST_TEST] == []


def test_no_file_is_too_long() -> None:
    assert [where(path) for path in modules() if len(path.read_text().splitlines()) > LONGEST_FILE] == []


def test_what_all_apps_share_stays_small() -> None:
    """A module for everything that fits nowhere else would grow for ever: what is new in `common` has a place there."""
    parts = [
        part
        for part in (PROJECT / "common").iterdir()
        if part.suffix == ".py" or (part / "__init__.py").exists()
    ]

    assert len([part.stem for part in parts if part.stem not in ("__init__", "migrations")]) <= SHARED


def test_no_stylesheet_and_no_script_is_too_long() -> None:
    own = [*(PROJECT / "static").glob("*.css"), *(PROJECT / "static").glob("*.js")]

    assert own != []
    assert [path.name for path in own if len(path.read_text().splitlines()) > LONGEST_FILE] == []


def test_no_template_is_too_long() -> None:
    assert [
        where(path) for path in templates() if len(path.read_text().splitlines()) > LONGEST_TEMPLATE
    ] == []


def test_no_function_takes_too_many_arguments() -> None:
    taken = (
        (path, node, [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs])
        for path in modules()
        for node in functions(path)
    )
    own = ((path, node, [arg for arg in args if arg.arg not in NOT_COUNTED]) for path, node, args in taken)

    assert [where(path, node.lineno) for path, node, args in own if len(args) > MOST_ARGUMENTS] == []
