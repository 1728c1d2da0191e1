"""Every action that the code records has a Chinese word, found by reading the code."""

import ast
from collections.abc import Iterator
from functools import cache

import pytest

from tcm_demo.audit.words import Labels, action_choices, action_word, known_actions, subject_word
from tests.test_architecture import modules


@cache
def tree_of(module: str) -> ast.Module:
    return ast.parse(modules()[module].read_text(encoding="utf-8"))


def called(node: ast.Call) -> str:
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def functions_of(tree: ast.AST) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def texts(node: ast.expr, function: ast.FunctionDef | None, tree: ast.Module) -> set[str]:
    """All that an expression can be: a literal, one of two, an f-string of such, a variable of the function, or its
    parameter as the module's own calls give it. Raises where it is anything else, so that nothing is overlooked."""
    if isinstance(node, ast.Constant):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return texts(node.body, function, tree) | texts(node.orelse, function, tree)
    if isinstance(node, ast.JoinedStr):
        found = {""}
        for part in node.values:
            inner = part.value if isinstance(part, ast.FormattedValue) else part
            found = {left + right for left in found for right in texts(inner, function, tree)}
        return found
    if isinstance(node, ast.Name) and function:
        return of_variable(node.id, function, tree)
    raise AssertionError(f"which action is `{ast.unparse(node)}`? Name it where it is recorded.")


def of_variable(name: str, function: ast.FunctionDef, tree: ast.Module) -> set[str]:
    assigned = [
        node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and any(isinstance(each, ast.Name) and each.id == name for each in node.targets)
    ]
    parameters = [each.arg for each in function.args.args]
    if not assigned and name in parameters:
        place = parameters.index(name)
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and called(node) == function.name]
        assigned = [call.args[place] for call in calls]
    assert assigned, f"where does `{name}` in {function.name} come from?"
    return {text for value in assigned for text in texts(value, function, tree)}


def recorded(module: str) -> Iterator[str]:
    tree = tree_of(module)
    inside = {id(node): function for function in functions_of(tree) for node in ast.walk(function)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            yield from (
                text
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant) and key.value == "action" and names_subject(node)
                for text in texts(value, inside.get(id(node)), tree)
            )
        if not isinstance(node, ast.Call):
            continue
        named = {each.arg: each.value for each in node.keywords}
        if called(node) == "record" and node.args:
            yield from texts(node.args[0], inside.get(id(node)), tree)
        elif called(node) == "dict" and {"action", "subject"} <= named.keys():
            yield from texts(named["action"], inside.get(id(node)), tree)
        elif called(node) == "exported":
            yield from (f"export_{what}" for what in texts(node.args[1], inside.get(id(node)), tree))
    for node in ast.walk(tree):  # admins whose exports are recorded
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "export_word":
            yield f"export_{node.value.value}"


def names_subject(node: ast.Dict) -> bool:
    return any(isinstance(key, ast.Constant) and key.value == "subject" for key in node.keys)


def rooms() -> list[str]:
    """All modules but the two that hand an action on."""
    return [name for name in modules() if name not in ("tcm_demo.audit.services", "tcm_demo.audit.exports")]


def test_reading_the_code_finds_actions():
    found = {action for module in rooms() for action in recorded(module)}
    assert {"sign_in", "lock_account", "create_grant", "change_institution", "delete_grant", "export_events"} <= found
    assert len(found) > 40


def test_every_action_has_a_word():
    wordless = {module: set(recorded(module)) - known_actions() for module in rooms()}
    wordless = {module: actions for module, actions in wordless.items() if actions}
    assert wordless == {}, "say in the room's trail_words.py what they are called"


def test_no_two_rooms_have_a_word_for_the_same_action():
    actions = [action for _, entries in action_choices() for action, _ in entries]
    assert len(actions) == len(set(actions))


def test_words_of_actions_and_subjects():
    assert action_word("sign_in") == "登录"
    assert action_word("of_long_ago") == "of_long_ago"
    assert subject_word("accounts.User") == "用户"
    assert subject_word("gone.Room") == "gone.Room"
    assert subject_word("") == ""


@pytest.mark.django_db
def test_words_of_keys_and_values():
    grant = Labels("institutions.Grant")
    assert (grant.key("role"), grant.value("role", "county_office")) == ("角色", "创建办管理员")
    assert (grant.key("unheard_of"), grant.value("unheard_of", 5)) == ("unheard_of", "5")
    for value, word in [(None, "—"), ("", "—"), (True, "是"), (False, "否"), (["甲", "乙"], "甲、乙")]:
        assert grant.value("user", value) == word
    assert grant.value("missing", {"role": "auditor"}) == "角色：审计员"
