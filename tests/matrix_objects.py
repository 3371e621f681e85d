"""Objects of pages that show one, for the matrix of pages and people: own, another's, and none."""

import datetime

from accounts.models import Breach, Notification, Skill, SkillRecord, Training, User
from resources.models import (
    AcademicCalendar,
    Curriculum,
    Document,
    Edition,
    Element,
    ElementFile,
    LibraryEdition,
    MethodicalMaterial,
    MustRead,
    News,
    OutsideResource,
    SvedenValue,
    TechnologySheet,
)
from tests.factories import (
    make_breach,
    make_calendar,
    make_class,
    make_curriculum,
    make_document,
    make_element_file,
    make_library_edition,
    make_material,
    make_news,
    make_programme,
    make_resource,
    make_sheet,
)
from tests.matrix_access import desk_variants, login_variants, pool_variants, privilege_variants, request_variants
from tests.matrix_accounts import (
    BREACH_PAGES,
    order_variants,
    people_variants,
    report_of,
    rollover_variants,
    sheet_variants,
)
from tests.matrix_attestation import attestation_variants
from tests.matrix_books import book_variants
from tests.matrix_courses import complex_variants, course_variants
from tests.matrix_entry import entry_variants
from tests.matrix_journal import journal_variants
from tests.matrix_lessons import lesson_variants
from tests.matrix_paper import paper_variants
from tests.matrix_portfolio_achieve import achievement_variants
from tests.matrix_portfolio_events import event_variants
from tests.matrix_portfolio_out import out_variants
from tests.matrix_portfolio_show import show_variants
from tests.matrix_portfolio_works import work_variants
from tests.matrix_sheets import yearly_sheet_variants
from tests.matrix_timetable import timetable_variants
from tests.pages import every_page


def variants(people: dict[str, User | None]) -> dict[str, dict[str, dict]]:
    """Objects of pages that show one: page → name of the variant → parameters. A page not named here gets nobody's."""
    element = Element.objects.first()
    own, other = make_class(grade=8).pk, make_class(grade=8, letter="Б").pk
    issued = {name: {"pk": people[name].pk} for name in ("pupil", "parent", "teacher")}
    notification, _ = Notification.objects.get_or_create(
        person=people["pupil"], key="event", defaults={"text": "Новое"}
    )
    of_staff = {"teacher": {"pk": people["teacher"].pk}, "pupil": {"pk": people["pupil"].pk}}
    training, skill, record = (model.objects.first().pk for model in (Training, Skill, SkillRecord))
    of_training = {"teacher": {"pk": training}, "none": {}}
    classes = {"own": {"pk": own}, "other": {"pk": other}, "none": {}}
    reports = {"own": report_of(people["pupil"]), "other": report_of(people["other_pupil"]), "none": {}}
    breach = Breach.objects.first() or make_breach(person=people["pupil"])
    consents = {
        name: {"pk": people[name].pk, "kind": "processing"} for name in ("pupil", "junior", "other_pupil", "teacher")
    }
    given, mother = people["pupil"].consents.get(text__kind="processing").pk, people["pupil"].parent_relations.get().pk
    return (
        order_variants(people)
        | sheet_variants()
        | {
            "resources:element_detail": {
                "open": {"slug": "neb"},
                "closed": {"slug": "fis-oko"},
                "section": {"slug": "audit"},
                "none": {},
            },
            "accounts:class_agreement": classes,
            "accounts:class_agreement_paper": classes,
            "accounts:class_movement": classes,
            "accounts:class_slips": classes,
            "accounts:class_slips_give": classes,
            **{f"accounts:credentials_{page}": issued for page in ("person", "reprint", "link")},
            "accounts:class_consents": classes,
            "accounts:class_consents_export": classes,
            "accounts:class_consents_paper": classes,
            "accounts:class_consents_blank": {
                name: values | {"kind": "processing"} for name, values in classes.items()
            },
            "accounts:class_consent_withdraw": {name: values | {"consent": given} for name, values in classes.items()},
            "accounts:class_parents": classes,
            "accounts:class_parent_add": {
                name: values | {"pupil": people["pupil"].pk} for name, values in classes.items()
            },
            "accounts:class_relation_end": {name: values | {"relation": mother} for name, values in classes.items()},
            # Reports of the journal
            **{
                f"journal:{page}{tail}": classes
                for page in ("report_class", "report_attendance_class")
                for tail in ("", "_export")
            },
            **{
                f"journal:report_pupil{tail}": {name: issued[name] for name in ("pupil", "teacher")}
                for tail in ("", "_export")
            },
            "accounts:consent": consents,
            "accounts:consent_refuse": consents,
            "accounts:consent_withdraw": consents,
            "accounts:agreement_child": {"own": {"pk": people["junior"].pk}, "other": {"pk": people["other_pupil"].pk}},
            **people_variants(people, classes),
            **rollover_variants(),
            "accounts:incident_detail": reports,
            "accounts:incident_note": reports,
            "accounts:incident_close": reports,
            "accounts:person_block": {"own": {"pk": people["pupil"].pk}, "other": {"pk": people["other_pupil"].pk}},
            "accounts:person_unblock": {"staff": {"pk": people["blocked"].pk}, "none": {}},
            **dict.fromkeys(BREACH_PAGES, {"one": {"pk": breach.pk}, "none": {}}),
            "accounts:notification_open": {"own": {"pk": notification.pk}, "none": {}},
            **{f"accounts:staff_{page}": of_staff for page in ("detail", "skills", "qualification")},
            "accounts:training_add": of_staff,
            **{
                f"accounts:training_{verb}": of_training for verb in ("detail", "change", "confirm", "return", "delete")
            },
            "accounts:skill_people": {"skill": {"pk": skill}, "none": {}},
            "accounts:skill_record_remove": {"teacher": {"pk": record}, "none": {}},
            **request_variants(people),
            **pool_variants(people),
            **login_variants(people),
            **document_variants(),
            **news_variants(),
            **programme_variants(people),
            **course_variants(people),
            **complex_variants(people),
            **journal_variants(people),
            **lesson_variants(people),
            **yearly_sheet_variants(people),
            **sveden_variants(),
            "resources:element_training": {"open": {"slug": "neb"}, "none": {}},
            **desk_variants(),
            **privilege_variants(people),
            # Availability and the technological passport
            "resources:desk_availability": {"one": {"slug": "neb"}, "none": {}},
            **dict.fromkeys(TECHNOLOGY_PAGES, technology_variants()),
            # Curricula and calendars
            **curriculum_variants(),
            **reading_variants(people),
            **attestation_variants(people),
            # Registry files, reviews and connections
            "resources:element_export": {"csv": {"kind": "csv"}, "none": {}},
            "resources:element_connection": {"platform": {"slug": "sgo"}, "section": {"slug": "audit"}, "none": {}},
            "resources:element_connection_confirm": {"platform": {"slug": "sgo"}, "none": {}},
            "resources:desk_review": {"platform": {"slug": "sgo"}, "none": {}},
            "resources:desk_connection": {"platform": {"slug": "sgo"}, "section": {"slug": "audit"}, "none": {}},
            # Gradebooks and load
            **book_variants(people),
            **timetable_variants(people),
            **entry_variants(people),
            **paper_variants(people),
            **achievement_variants(people),
            **show_variants(people),
            **work_variants(people),
            **out_variants(people),
            **event_variants(people),
            "accounts:audit_history": {"element": {"label": "resources.element", "pk": str(element.pk)}},
        }
    )


def programme_variants(people) -> dict[str, dict[str, dict]]:
    """An approved programme, a colleague's draft, and none."""
    author, other = people["teacher"], people["classteacher"]
    shown, draft = make_programme(author=author), make_programme(author=author, state="draft")
    foreign = make_programme(author=other, state="draft")
    variants = {"approved": {"pk": shown.pk}, "own": {"pk": draft.pk}, "other": {"pk": foreign.pk}, "none": {}}
    verbs = ("detail", "plan_export", "change", "lists", "plan", "submit", "consider", "agree", "send_back", "end")
    return {f"resources:programme_{verb}": variants for verb in verbs}


def sveden_variants() -> dict[str, dict[str, dict]]:
    """Subsections with and without people's names, a typed row, and none."""
    place = {"path": "common", "block": "founders"}
    SvedenValue.objects.get_or_create(
        section="common", block="founders", field="nameUchred", row=1, defaults={"text": "Администрация"}
    )
    named, none = {"path": "employees"}, {"path": "nothing"}
    of_section = {"common": {"path": "common"}, "named": named, "none": none}
    of_block = {"founders": place, "none": place | {"block": "nothing"}}
    of_row = {"founders": place | {"row": 1}, "none": place | {"row": 999}}
    return {
        "resources:sveden_section": of_section,
        "resources:sveden_edit": of_section,
        "resources:sveden_check": of_section,
        **{f"resources:sveden_{page}": of_block for page in ("row_add", "none", "fill")},
        **{f"resources:sveden_{page}": of_row for page in ("row", "row_remove")},
    }


def document_variants() -> dict[str, dict[str, dict]]:
    """A document with a former edition, and a file in a card."""
    document = Document.objects.first()
    if document is None:
        document = make_document()
        Edition.objects.create(document=document, number=2, text="Новое", in_force_from=datetime.date(2021, 9, 1))
    file = ElementFile.objects.first() or make_element_file(Element.objects.get(slug="neb"))
    duty = MustRead.objects.first() or MustRead.objects.create(document=document, status="staff")
    of_document = {"own": {"pk": document.pk}, "none": {}}
    of_edition = {"own": {"pk": document.pk, "number": 1}, "none": {}}
    pages = ("detail", "acquaint", "readers", "change", "compare", "lose_force", "sheet", "duties")
    return {
        **{f"resources:document_{name}": of_document for name in pages},
        "resources:document_edition": of_edition,
        "resources:document_duty_remove": {"own": {"pk": document.pk, "row": duty.pk}, "none": {}},
        "resources:edition_add": of_document,
        "resources:edition_change": of_edition,
        "resources:desk_files": {"open": {"slug": "neb"}, "none": {}},
        "resources:desk_file_remove": {"open": {"slug": "neb", "pk": file.pk}, "none": {}},
    }


def news_variants() -> dict[str, dict[str, dict]]:
    """An item that everybody reads, a draft, and none."""
    shown = News.objects.filter(state="published").first() or make_news()
    draft = News.objects.filter(state="draft").first() or make_news(title="Тайный черновик", state="draft")
    of_news = {"shown": {"pk": shown.pk}, "draft": {"pk": draft.pk}, "none": {}}
    return {f"resources:news_{name}": of_news for name in ("detail", "change", "publish", "withdraw")}


def reading_variants(people: dict[str, User | None]) -> dict[str, dict[str, dict]]:
    """A resource and an edition of the library; the teacher's materials, published and a draft; and none."""
    resource = OutsideResource.objects.first() or make_resource()
    edition = LibraryEdition.objects.first() or make_library_edition()
    shown = MethodicalMaterial.objects.published().first() or make_material(people["teacher"], is_published=True)
    drafts = MethodicalMaterial.objects.filter(state="draft")
    draft = drafts.first() or make_material(people["teacher"], title="Тайный черновик")
    of_resource = {"one": {"pk": resource.pk}, "none": {}}
    of_edition = {"one": {"pk": edition.pk}, "none": {}}
    materials = {"published": {"pk": shown.pk}, "draft": {"pk": draft.pk}, "none": {}}
    verbs = ("detail", "change", "withdraw", "restore")
    return {
        **{f"resources:library_resource_{verb}": of_resource for verb in verbs},
        **{f"resources:library_edition_{verb}": of_edition for verb in verbs},
        "resources:library_material_detail": materials,
        **{f"resources:material_{verb}": materials for verb in ("detail", "change", "publish", "take_back", "delete")},
    }


def curriculum_variants() -> dict[str, dict[str, dict]]:
    """A curriculum and a calendar that are approved, drafts of both, and none."""
    found = {}
    for noun, model in (("curriculum", Curriculum), ("calendar", AcademicCalendar)):
        make = {"curriculum": make_curriculum, "calendar": make_calendar}[noun]
        public = model.objects.approved().first() or make(approved=True)
        draft = model.objects.filter(state="draft").first() or make()
        keys = {"approved": {"pk": public.pk}, "draft": {"pk": draft.pk}, "none": {}}
        named = [page.name for page in every_page() if page.name.startswith(f"resources:{noun}_") and page.parameters]
        found |= dict.fromkeys(named, keys)
    return found


TECHNOLOGY_PAGES = [f"resources:technology_{name}" for name in ("detail", "change", "sign")]


def technology_variants() -> dict[str, dict]:
    """A passport that is not signed yet, and none."""
    return {"draft": {"pk": (TechnologySheet.objects.first() or make_sheet()).pk}, "none": {}}
