"""The floor plan of the house, held by reading the source: who imports whom, and what each room may not do."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Lower floors first; a file may import from its own floor and those below. The tools of eios/lib know no models.
FLOORS = {"eios.lib": 0, "accounts": 1, "resources": 2, "journal": 3, "portfolio": 4, "eios": 5}
LONGEST = 450


def sources() -> list[Path]:
    apps = ("eios", "portfolio", "journal", "resources", "accounts")
    found = [path for app in apps for path in (ROOT / app).rglob("*.py")]
    return sorted(path for path in found if "migrations" not in path.parts)


FILES = {str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in sources()}


def module_of(name: str) -> str:
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def floor_of(module: str) -> int | None:
    """The floor of a module of ours; None for others' modules. «eios» alone stands for its top floor."""
    if module == "eios.lib" or module.startswith("eios.lib."):
        return FLOORS["eios.lib"]
    return FLOORS.get(module.split(".")[0])


def imported(tree: ast.AST, module: str) -> Iterator[tuple[int, str]]:
    """(line, module) of everything imported; `from eios import lib` counts as `eios.lib`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join([*module.split(".")[: -node.level], base]).rstrip(".")
            yield from ((node.lineno, _whole(base, alias.name)) for alias in node.names)


def _whole(base: str, name: str) -> str:
    """The name too, where it is a module of ours: `from accounts import audit` → accounts.audit."""
    path = ROOT / base.replace(".", "/") / name
    return f"{base}.{name}" if path.is_dir() or path.with_suffix(".py").exists() else base


def imports() -> Iterator[tuple[str, str, str]]:
    """(file:line, module of the file, imported module) of the whole project."""
    for name, tree in FILES.items():
        for line, target in imported(tree, module_of(name)):
            yield f"{name}:{line}", module_of(name), target


def nodes(kind: type) -> Iterator[tuple[str, ast.AST]]:
    """(file:line, node) of every node of that kind in the project."""
    for name, tree in FILES.items():
        yield from ((f"{name}:{node.lineno}", node) for node in ast.walk(tree) if isinstance(node, kind))


def test_imports_go_down_only():
    up = [
        f"{place} imports {target}"
        for place, module, target in imports()
        if (floor := floor_of(target)) is not None and floor > floor_of(module)
    ]
    assert up == []


def test_imports_stand_at_the_top_of_the_file():
    """No imports within functions or conditions, `if TYPE_CHECKING` among them: they only hide a way up."""
    top = {id(node) for tree in FILES.values() for node in tree.body}
    assert [place for place, node in nodes(ast.Import | ast.ImportFrom) if id(node) not in top] == []


def test_no_business_rules_by_signals():
    wrong = [
        place
        for place, _, target in imports()
        if target.startswith("django.dispatch") or target.split(".")[-1] == "signals"
    ]
    calls = [(place, node.func) for place, node in nodes(ast.Call) if isinstance(node.func, ast.Attribute)]
    wrong += [place for place, func in calls if func.attr == "connect" and _is_signal(func.value)]
    assert wrong == []


def _is_signal(node: ast.AST) -> bool:
    words = ("signal", "_save", "_delete", "_logged_in", "_logged_out", "_init", "_changed", "_created")
    return ast.unparse(node).endswith(words)


def test_files_are_not_too_long():
    lengths = {name: len((ROOT / name).read_text(encoding="utf-8").splitlines()) for name in FILES}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_no_catch_all():
    """A domain's mistakes have names; catching everything hides the ones without."""
    wide = [
        (place, node)
        for place, node in nodes(ast.ExceptHandler)
        if node.type is None or ast.unparse(node.type) in ("Exception", "BaseException")
    ]
    assert [place for place, node in wide if not _reraises(node)] == []


def _reraises(handler: ast.ExceptHandler) -> bool:
    """Tidying up and raising on is no catching."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def test_request_bodies_are_read_by_forms():
    """`request.POST["x"]` and `request.POST.get("x")` pass by the forms' cleaning."""
    read = [place for place, node in nodes(ast.Subscript | ast.Attribute) if _is_body(node.value)]
    assert read == []


def _is_body(node: ast.AST) -> bool:
    return ast.unparse(node) in ("request.POST", "self.request.POST")


def test_no_rooms_for_odds_and_ends():
    banned = {"common", "utils", "util", "helpers", "helper", "misc"}
    assert [name for name in FILES if Path(name).stem in banned or banned & set(Path(name).parts)] == []


ROOMS = {
    # room → what it never imports
    "models": ("django.http", "django.shortcuts", "django.forms", ".views", ".forms", ".actions"),
    "actions": ("django.http", "django.shortcuts", "django.template", ".views"),
    "forms": (".views", ".actions", "django.shortcuts"),
}
# Where another's package leaves no choice: allauth's reset form is asked to send the letter in its `save()`.
EXEMPT = {("accounts.forms.password", "accounts.actions.letters")}


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_do_not_reach_into_others(room):
    wrong = [
        f"{place} imports {target}"
        for place, module, target in imports()
        if module.split(".")[1:2] == [room] and (module, target) not in EXEMPT
        if any(_reaches(target, word) for word in ROOMS[room])
    ]
    assert wrong == []


def _reaches(target: str, word: str) -> bool:
    return f"{word}." in f"{target}." if word[0] == "." else f"{target}.".startswith(f"{word}.")


def test_views_neither_write_rows_nor_build_conditions():
    writes = {"create", "bulk_create", "update_or_create", "get_or_create", "bulk_update", "delete", "save"}
    wrong = [
        f"{place} {ast.unparse(node.func)}"
        for place, node in nodes(ast.Call)
        if "views" in Path(place).parts and getattr(node.func, "attr", "") in writes
    ]
    wrong += [place for place, node in nodes(ast.Name) if "views" in Path(place).parts and node.id in ("Q", "F")]
    assert wrong == []


def test_templates_hold_no_script_and_no_style():
    """The content policy forbids them, and a page that needs one breaks silently."""
    wrong = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        for number, line in enumerate(text.splitlines(), 1):
            inline = "<script>" in line or "<style" in line or ' style="' in line or ' onclick="' in line
            if inline or "javascript:" in line:
                wrong.append(f"{path.relative_to(ROOT)}:{number}")
    assert wrong == []


def test_the_test_sees_what_it_forbids():
    """The reader itself, on a few lines of a made-up file."""
    source = "from resources import access\nimport eios.middleware\nfrom . import gate\nfrom eios.lib import dates\n"
    found = [target for _, target in imported(ast.parse(source), "accounts.visitor")]
    assert found == ["resources.access", "eios.middleware", "accounts.gate", "eios.lib.dates"]
    assert [floor_of(target) for target in found] == [2, 5, 1, 0]
