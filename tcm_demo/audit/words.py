"""What stands on the trail, in Chinese. Each room says what its own actions are called, in a module `trail_words`:

- GROUP = "账号": heading over them, where one is chosen
- ACTIONS = {"sign_in": "登录"}: action -> word
- FIELDS = {"until": "锁定至"}: key of `before` and `after` -> word, where it is no model's field
- names() -> dict[str, str], if need be: further keys whose words are stored, such as codes
"""

from functools import cache
from importlib import import_module
from types import ModuleType

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.module_loading import module_has_submodule

_MODULE = "trail_words"


def action_word(action: str) -> str:
    """The code itself where no room has a word for it."""
    return next((room.ACTIONS[action] for room in _rooms() if action in room.ACTIONS), action)


def action_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Of a form field: [(group, [(action, word)])]."""
    return [(room.GROUP, list(room.ACTIONS.items())) for room in _rooms()]


def known_actions() -> set[str]:
    return {action for room in _rooms() for action in room.ACTIONS}


def subject_word(label: str) -> str:
    """What kind of thing an event is about: "accounts.User" -> 用户; "" where it is no row."""
    model = _model(label)
    return str(model._meta.verbose_name) if model else label


class Labels:
    """Words for the keys and values of one event's `before` and `after`. Asks the rooms for their names once."""

    def __init__(self, subject_type: str):
        self.fields = {key: word for room in _rooms() for key, word in room.FIELDS.items()}
        self.names = {key: word for room in _rooms() if hasattr(room, "names") for key, word in room.names().items()}
        self.model = _model(subject_type)

    def key(self, key: str) -> str:
        field = self._field(key)
        return self.fields.get(key) or (str(field.verbose_name) if field else self.names.get(key, key))

    def value(self, key: str, value) -> str:
        """Missing as —, yes and no as such, a choice by its word, lists in one line."""
        if value is None or value == "":
            return "—"
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, list):
            return "、".join(self.value(key, each) for each in value) or "—"
        if isinstance(value, dict):
            return "，".join(f"{self.key(name)}：{self.value(name, each)}" for name, each in value.items()) or "—"
        field = self._field(key)
        choices = dict(field.flatchoices) if field else {}
        return str(choices.get(value) or self.names.get(str(value)) or value)

    def _field(self, name: str):
        try:
            field = self.model and self.model._meta.get_field(name)
        except FieldDoesNotExist:
            return None
        return field if field and field.concrete else None


@cache
def _rooms() -> list[ModuleType]:
    configs = [config for config in apps.get_app_configs() if module_has_submodule(config.module, _MODULE)]
    return [import_module(f"{config.name}.{_MODULE}") for config in configs]


def _model(label: str):
    try:
        return apps.get_model(label) if label else None
    except LookupError:
        return None  # of a room that is gone
