"""Imports run one way, pure parts stay pure, files stay short."""

import ast
import sys
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR

# Each room and the rooms below it that it may know. tcm_demo's own files (settings, urls, wsgi) compose; nobody imports
# them.
LIBRARY = {"tcm_demo.lib"}
TRAIL = LIBRARY | {"tcm_demo.audit"}
PEOPLE = TRAIL | {"tcm_demo.accounts"}
ROOMS = {
    "tcm_demo.lib": set(),
    "tcm_demo.audit": LIBRARY,
    "tcm_demo.accounts": TRAIL,
    "tcm_demo.notices": PEOPLE,
    "tcm_demo.jobs": PEOPLE,
    "indicators": PEOPLE,
    "institutions": PEOPLE | {"tcm_demo.notices", "indicators"},
    "assessments": PEOPLE | {"tcm_demo.notices", "tcm_demo.jobs", "indicators", "institutions"},
}
# Within a room: who may know whom, from the innermost out. Other modules stand where their own imports put them.
LAYERS = [
    {"enums"},
    {"models"},
    {"queries"},
    {"services"},
    {"forms", "resources", "reports"},
    {"views", "admin"},
    {"urls", "management", "apps"},
]
# Plain functions over plain values: the standard library and each other, nothing else.
PURE = (
    *("assessments.scoring", "indicators.formula", "indicators.naming", "indicators.plans"),
    *("institutions.period", "institutions.credit_code", "assessments.prefecture.ranking"),
    *(f"assessments.snapshots.{module}" for module in ("compare", "figures", "pieces")),
    *(f"assessments.matrix.{module}" for module in ("demands", "measure")),
)
# (module, what it imports): why this one may
EXCEPTIONS: dict[tuple[str, str], str] = {}
MAX_LINES = 400
PLACES = ("tcm_demo", "indicators", "institutions", "assessments", "scripts", "static", "templates", "tests")


@cache
def modules() -> dict[str, Path]:
    """Dotted name -> file, of all the product's own Python but migrations."""
    files = [path for top in ("tcm_demo", *ROOMS) for path in (ROOT / top.replace(".", "/")).rglob("*.py")]
    named = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in files}
    return {name: path for name, path in named.items() if ".migrations" not in name}


@cache
def named_imports(module: str) -> set[str]:
    """What a module imports anywhere, also in functions; of our own the exact module (a.b for `from a import b`)."""
    found = set()
    for node in ast.walk(ast.parse(modules()[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}:{node.lineno}: relative import"
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            own = whole & modules().keys()
            found |= own if own == whole else own | {node.module}
    return found


def imports(module: str) -> set[str]:
    return {name for name in named_imports(module) if (module, name) not in EXCEPTIONS}


def own_imports(module: str) -> set[str]:
    return imports(module) & modules().keys()


def room_of(module: str) -> str:
    """`tcm_demo` for the files that compose."""
    return next((room for room in ROOMS if is_within(module, room)), "tcm_demo")


def is_within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def layer_of(module: str) -> int | None:
    """Also inside a package of the room, as in institutions.people.services."""
    parts = module.removeprefix(f"{room_of(module)}").lstrip(".").split(".")
    return next((number for part in parts for number, names in enumerate(LAYERS) if part in names), None)


def reached(module: str) -> set[str]:
    """All modules of its own room that a module leads to, itself not counted unless it comes back to itself."""
    seen, queue = set(), [module]
    while queue:
        new = {m for m in own_imports(queue.pop()) if room_of(m) == room_of(module)} - seen
        seen |= new
        queue += new
    return seen


def test_a_room_knows_only_the_rooms_below_it():
    wrong = [
        f"{module} -> {imported}"
        for module in modules()
        if (room := room_of(module)) != "tcm_demo"
        for imported in own_imports(module)
        if room_of(imported) not in ROOMS[room] | {room}
    ]
    assert wrong == []


def test_within_a_room_imports_run_from_views_to_enums():
    wrong = [
        f"{module} -> {imported}"
        for module in modules()
        if layer_of(module) is not None and room_of(module) != "tcm_demo"
        for imported in reached(module)
        if (layer_of(imported) or 0) > layer_of(module)
    ]
    assert wrong == []


def test_no_module_comes_back_to_itself():
    assert [module for module in modules() if module in reached(module)] == []


@pytest.mark.parametrize("package", PURE)
def test_pure_parts_need_the_standard_library_alone(package):
    pure = [module for module in modules() if is_within(module, package)]
    assert pure, f"{package} is gone: take it off the list"
    wrong = [
        f"{module} -> {imported}"
        for module in pure
        for imported in imports(module)
        if imported.split(".")[0] not in sys.stdlib_module_names and not any(is_within(imported, p) for p in PURE)
    ]
    assert wrong == []


def test_nothing_listens_to_django_signals():
    signals = {"django.dispatch", "django.db.models.signals"}
    assert [module for module in modules() if imports(module) & signals] == []


def test_every_exception_is_still_needed():
    assert [pair for pair in EXCEPTIONS if pair[1] not in named_imports(pair[0])] == []


def test_files_are_short():
    kinds = {".py", ".html", ".js", ".css", ".sh"}
    places = [*ROOT.glob("*.*"), *(path for top in PLACES for path in (ROOT / top).rglob("*.*"))]
    files = [path for path in places if path.suffix in kinds and "migrations" not in path.parts]
    assert len(files) > 50
    lines = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    assert {path: count for path, count in lines.items() if count > MAX_LINES} == {}
