"""Does a page of «Сведения» carry the itemprop names that the law asks for, each filled, «нет», or said to be empty?

Written from the requirements (приказ 1493 with 1353, методические рекомендации v9), not from the portal's own table:
the two must agree.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser

# Subsection → names that stand once, and groups: name of a row → names within it.
REQUIRED: dict[str, tuple[set[str], dict[str, set[str]]]] = {
    "common": (
        {"fullName", "shortName", "regDate", "address", "workTime", "telephone", "email", "licenseDocLink",
         "addressPlaceSet", "addressPlacePrac", "addressPlacePodg", "addressPlaceGia"},
        {"uchredLaw": {"nameUchred", "addressUchred", "telUchred", "mailUchred", "websiteUchred"}},
    ),
    "struct": (
        set(),
        {
            "structOrgUprav": {"name", "fio", "post", "addressStr", "site", "email", "divisionClauseDocLink"},
            "filInfo": {"nameFil", "fioFil", "postFil", "addressFil", "emailFil", "websiteFil",
                        "divisionClauseDocLink"},
            "repInfo": {"nameRep", "fioRep", "postRep", "addressRep", "emailRep", "websiteRep",
                        "divisionClauseDocLink"},
        },
    ),
    "document": (
        {"ustavDocLink", "localActStud", "localActOrder", "localActCollec", "reportEduDocLink", "prescriptionDocLink",
         "priemDocLink", "modeDocLink", "tekKontrolDocLink", "perevodDocLink", "vozDocLink"},
        {},
    ),
    "education": (
        {"accreditationDocLink", "languageEl", "eduPerevodEl", "eduChislenEl"},
        {
            "eduAccred": {"eduCode", "eduName", "eduProf", "eduLevel", "eduForm", "learningTerm", "eduPred",
                          "eduPrac"},
            "eduOp": {"eduCode", "eduName", "eduLevel", "eduProf", "eduForm", "opMain", "educationPlan",
                      "educationRpd", "educationShedule", "eduPr", "methodology"},
        },
    ),
    "eduStandarts": ({"eduFedDoc"}, {}),
    "managers": (
        set(),
        {"rucovodstvo": {"fio", "post", "telephone", "email"}, "rucovodstvoZam": {"fio", "post", "telephone", "email"}},
    ),
    "employees": (
        set(),
        {"teachingStaff": {"fio", "post", "teachingDiscipline", "teachingLevel", "degree", "academStat",
                           "qualification", "profDevelopment", "specExperience", "teachingOp"}},
    ),
    "objects": (
        {"ovz", "purposeFacil", "purposeFacilOvz", "comNet", "comNetOvz", "erList"},
        {
            "purposeCab": {"addressCab", "nameCab", "osnCab", "ovzCab"},
            "purposePrac": {"addressPrac", "namePrac", "osnPrac", "ovzPrac"},
            "purposeLibr": {"objName", "objAddress", "objOvz"},
            "purposeSport": {"objName", "objAddress", "objOvz"},
        },
    ),
    "grants": ({"grant", "support", "hostelInfo", "interInfo"}, {}),
    "paid_edu": ({"paidEdu", "paidDog", "paidSt", "paidParents"}, {}),
    "budget": (
        {"finBFVolume", "finBRVolume", "finBMVolume", "finPVolume", "finPlanDocLink"},
        {"volume": {"finYear", "finPost", "finRas"}},
    ),
    "vacant": (
        set(),
        {"vacant": {"eduCode", "eduName", "eduLevel", "eduProf", "eduCourse", "eduForm", "numberBFVacant",
                    "numberBRVacant", "numberBMVacant", "numberPVacant"}},
    ),
    "inter": (set(), {"internationalDog": {"stateName", "orgName", "dogReg"}}),
    "catering": ({"health"}, {"meals": {"objName", "objAddress", "objOvz"}}),
}  # fmt: skip
# «Где есть» by the rules: may be empty in a row.
WHERE_THERE_IS = {"site", "email"}
NONE, ABSENT = "нет", "информация отсутствует"
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class Node:
    """An element with an itemprop: its words, the addresses in it, and such elements within."""

    name: str
    text: str = ""
    links: list[str] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)


class Reader(HTMLParser):
    """The tree of elements that carry an itemprop; other elements are passed through."""

    def __init__(self):
        super().__init__()
        self.root = Node("")
        self.path: list[tuple[str, Node]] = [("", self.root)]
        self.links: list[str] = []

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        node = self.path[-1][1]
        if values.get("itemprop"):
            node.children.append(node := Node(values["itemprop"]))
        if tag not in VOID:
            self.path.append((tag, node))
        if values.get("href"):
            self.links.append(values["href"])
            for above in self._above():
                above.links.append(values["href"])

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.path.pop()[0] == tag, f"unbalanced </{tag}>"

    def handle_data(self, data):
        for above in self._above():
            above.text += data

    def _above(self) -> list[Node]:
        """Every element with an itemprop that is open now, once."""
        return list({id(node): node for _, node in self.path}.values())


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


def problems(path: str, html: str, *, may_be_empty: bool = False) -> list[str]:
    """What the page of the subsection lacks; with `may_be_empty` a field may honestly say that nothing is there."""
    root = read(html).root
    once, groups = REQUIRED[path]
    found = []
    for name in sorted(once):
        found += _field(path, name, [node for node in root.children if node.name == name], may_be_empty)
    for group, names in groups.items():
        rows = [node for node in root.children if node.name == group]
        found += [] if rows else [f"{path}: no row {group}"]
        for row in rows:
            for name in sorted(names):
                inside = [node for node in row.children if node.name == name]
                found += _field(f"{path}/{group}", name, inside, may_be_empty or name in WHERE_THERE_IS)
    return found


def _field(place: str, name: str, nodes: list[Node], may_be_empty: bool) -> list[str]:
    if not nodes:
        return [f"{place}: no {name}"]
    texts = [" ".join(node.text.split()) for node in nodes]
    if not all(texts):
        return [f"{place}: {name} is blank"]
    return [] if may_be_empty or ABSENT not in texts else [f"{place}: {name} is not filled"]
