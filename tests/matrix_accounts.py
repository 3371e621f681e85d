"""Objects of pages of people, orders, sheets, the rollover, for the matrix of pages and people."""

from accounts.models import AccessReport, Order, OrderLine, RegistrationSheet, SheetRow, User
from tests.factories import make_class, make_report, make_rollover
from tests.pages import every_page


def sheet_variants() -> dict[str, dict[str, dict]]:
    """Submitted sheets of both classes, each with a row, and none."""
    keys = {}
    for name, letter in (("own", "А"), ("other", "Б")):
        school_class = make_class(grade=8, letter=letter)
        sheet, _ = RegistrationSheet.objects.get_or_create(school_class=school_class, state="submitted")
        row, _ = SheetRow.objects.get_or_create(sheet=sheet, number=1, surname="Тайный", name="Лев")
        keys[name] = {"pk": school_class.pk, "row": row.pk, "sheet": sheet.pk}
    of_class = {name: {"pk": found["pk"], "row": found["row"]} for name, found in keys.items()} | {"none": {}}
    of_school = {"one": {"pk": keys["own"]["sheet"], "row": keys["own"]["row"]}, "none": {}}
    of_kind = {"staff": {"kind": "staff"}, "none": {}}
    pages = [page.name for page in every_page() if page.parameters]
    return (
        {name: of_class for name in pages if name.startswith("accounts:class_sheet")}
        | {name: of_school for name in pages if name.startswith("accounts:registration_")}
        | {f"accounts:registration_{name}": of_kind for name in ("load", "confirm", "template")}
    )


def order_variants(people: dict[str, User | None]) -> dict[str, dict[str, dict]]:
    """A draft and a signed order about the pupil, and none."""
    keys = {}
    for state in ("draft", "signed"):
        order = Order.objects.filter(state=state).first()
        order = order or Order.objects.create(kind="expulsion", register="pupils", state=state, number=state, title="О")
        line, _ = OrderLine.objects.get_or_create(order=order, number=1, person=people["pupil"])
        keys[state] = {"pk": order.pk, "line": line.pk}
    of_orders = [page.name for page in every_page() if page.name.startswith("accounts:order_") and page.parameters]
    return {name: {**keys, "none": {}} for name in of_orders}


def people_variants(people: dict[str, User | None], classes: dict[str, dict]) -> dict[str, dict[str, dict]]:
    """The pupil's card and class, another's, and a pupil asked for by the address of the wrong class."""
    pupil, other = people["pupil"].pk, people["other_pupil"].pk
    return {
        "accounts:person_detail": {"pupil": {"pk": pupil}, "none": {}},
        "accounts:class_detail": classes,
        "accounts:class_year": {"now": {"pk": make_class(grade=8).year_id}, "none": {}},
        "accounts:class_pupil": {
            "own": {**classes["own"], "pupil_pk": pupil},
            "other": {**classes["other"], "pupil_pk": other},
            "mixed": {**classes["own"], "pupil_pk": other},
            "none": {},
        },
    }


def rollover_variants() -> dict[str, dict[str, dict]]:
    """A rollover with the class of the pupil, and none."""
    keys = {"pk": make_rollover().pk, "class_pk": make_class(grade=8).pk}
    named = [page.name for page in every_page() if page.name.startswith("accounts:rollover_") and page.parameters]
    return {name: {"begun": keys, "none": {}} for name in named}


BREACH_PAGES = [
    f"accounts:breach_{name}" for name in ("detail", "edit", "decide", "close", "reopen", "evidence")
]  # fmt: skip


def report_of(person: User) -> dict:
    report = AccessReport.objects.filter(person=person).first() or make_report(person=person)
    return {"pk": report.pk}
