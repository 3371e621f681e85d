"""Objects of pages of requests, pools, logins, privileges, the desk, for the matrix of pages and people."""

import datetime

from accounts.models import User
from resources.models import AccessRequest, Condition, Element, ExternalCredential, Pool, Privilege, Suggestion
from tests.factories import make_administrator, make_class, make_credential, make_library, make_logins, make_privilege
from tests.pages import every_page


def request_variants(people: dict[str, User | None]) -> dict[str, dict[str, dict]]:
    """A waiting request and a suggestion of the pupil's about a platform that nobody administers, and none."""
    element = Element.objects.get(slug="sferum")
    found, _ = AccessRequest.objects.get_or_create(
        element=element, person=people["pupil"], asked_by=people["classteacher"]
    )
    suggestion, _ = Suggestion.objects.get_or_create(author=people["pupil"], element=element, title="Тайное")
    one, slug = {"pk": found.pk}, {"slug": element.slug}
    named = [page.name for page in every_page() if page.name.startswith("resources:desk_request") and page.parameters]
    return {
        "resources:element_ask": {
            "open": slug,
            "closed": {"slug": "fis-oko"},
            "section": {"slug": "audit"},
            "none": {},
        },
        "resources:request_withdraw": {"own": one, "none": {}},
        **{name: {"one": {**slug, **one}, "none": {}} for name in named},
        "resources:desk_suggestions": {"one": slug, "none": {}},
        "resources:suggestion_detail": {"own": {"pk": suggestion.pk}, "none": {}},
        "resources:suggestion_answer": {"own": {"pk": suggestion.pk}, "none": {}},
    }


def pool_variants(people: dict[str, User | None]) -> dict[str, dict[str, dict]]:
    """The librarian's library with a pool, another library, and none."""
    library = Element.objects.filter(slug="kniga").first()
    if library is None:
        library = make_library(slug="kniga")
        make_administrator(library, people["librarian"])
        people["librarian"] = User.objects.get(pk=people["librarian"].pk)
        make_logins(library)
    pool = Pool.objects.get(element=library)
    own = {"slug": "kniga"}
    of_pool = {"own": own | {"pk": pool.pk}, "other": {"slug": "neb", "pk": pool.pk}, "none": {}}
    of_account = {"own": own | {"pk": pool.accounts.get().pk}, "none": {}}
    pages = [page for page in every_page() if page.name.startswith("resources:pool_")]
    return (
        {f"resources:{name}": {"own": own, "none": {}} for name in ("desk_library", "desk_pools")}
        | {page.name: {"own": own, "none": {}} for page in pages if page.parameters == ("slug",)}
        | {page.name: of_pool for page in pages if "pk" in page.parameters}
        | {page.name: of_account for page in pages if page.name.startswith("resources:pool_account")}
        | {"resources:pool_answer_file": {"none": {}}}
    )


def login_variants(people: dict[str, User | None]) -> dict[str, dict[str, dict]]:
    """The pupil's logins at an element that nobody but the system administrator administers: issued, and noted."""
    elements = {name: Element.objects.get(slug=name) for name in ("neb", "educont")}
    issued = ExternalCredential.objects.filter(source="typed").first() or make_credential(
        elements["neb"], people["pupil"], login="taynyi"
    )
    noted = ExternalCredential.objects.filter(source="noted").first() or make_credential(
        elements["educont"], people["pupil"], login="own", source="noted"
    )
    keys = {"issued": {"pk": issued.pk}, "noted": {"pk": noted.pk}, "none": {}}
    classes = {"own": {"pk": make_class(grade=8).pk}, "other": {"pk": make_class(grade=8, letter="Б").pk}, "none": {}}
    desk = {"any": {"slug": "neb"}, "none": {}}
    pages = [page.name for page in every_page()]
    return (
        {f"resources:login_{verb}": keys for verb in ("reveal", "change", "delete")}
        | {"resources:class_logins": classes}
        | {name: desk for name in pages if name.startswith(("resources:desk_credentials", "resources:desk_tasks"))}
        | {
            name: {"any": {"slug": "neb", "pk": issued.pk}, "none": {}}
            for name in pages
            if name == "resources:desk_credential" or name.startswith("resources:desk_credential_")
        }
    )


def desk_variants() -> dict[str, dict[str, dict]]:
    """Pages of the library's desk, with a part of it; of another element, a condition that binds it."""
    part = {"slug": "neb-part", "name": "Часть", "parent": Element.objects.get(slug="neb"), "closure": 0}
    part, _ = Element.objects.get_or_create(slug="neb-part", defaults=part)
    bound = Element.objects.get(slug="sgo")
    condition, _ = Condition.objects.get_or_create(element=bound, kind="second_factor")
    librarian = {"pk": User.objects.get(surname="Римская-Корсакова").pk}
    pages = {
        **dict.fromkeys(DESK_PAGES, {}),
        "desk_part_move": {"pk": part.pk, "way": "up"},
        "desk_condition_remove": {"slug": bound.slug, "pk": condition.pk},
        "desk_administrator_add": librarian,
        "desk_administrator_remove": librarian,
    }
    return {f"resources:{name}": {"one": {"slug": "neb", **values}, "none": {}} for name, values in pages.items()}


DESK_PAGES = [
    f"desk_{name}" for name in ("element", "card", "part_add", "closure", "closure_change", "acts", "condition_add",
                                "administrators", "history")
]  # fmt: skip


def privilege_variants(people: dict[str, User | None]) -> dict[str, dict[str, dict]]:
    """An element without an administrator of its own, with a privilege of the teacher's; and none."""
    element = Element.objects.get(slug="fis-oko")
    privilege = Privilege.objects.filter(element=element).first() or make_privilege(
        element, person=people["teacher"], ends=datetime.date.today() + datetime.timedelta(days=30)
    )
    own, none = {"slug": element.slug}, {}
    pages = ("privileges", "privilege_grant", "privilege_confirm", "who", "who_export")
    return {
        **{f"resources:desk_{page}": {"own": own, "none": none} for page in pages},
        **{
            f"resources:desk_privilege_{verb}": {"own": own | {"pk": privilege.pk}, "none": none}
            for verb in ("extend", "revoke")
        },
        "resources:desk_why": {"own": own | {"pk": people["pupil"].pk}, "none": none},
    }
