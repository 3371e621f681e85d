from django.apps import AppConfig

from accounts.hints import AUDIT_FIELDS, AUDIT_TITLES, PERSONAL_FIELDS

TITLES: dict[str, str] = {
    # Achievements
    "achievement.added": "внесено достижение",
    "achievement.changed": "изменено достижение",
    "achievement.deleted": "удалён черновик достижения",
    "achievement.submitted": "достижение передано на проверку",
    "achievement.taken_back": "достижение забрано с проверки",
    "achievement.confirmed": "достижение подтверждено",
    "achievement.returned": "достижение возвращено",
    "achievement.replaced": "достижение заменено новой версией",
    "achievement.same_marked": "отмечен повтор достижения",
    "evidence.added": "приложено подтверждение достижения",
    "evidence.deleted": "убрано подтверждение достижения",
    # Events
    "event.added": "внесено мероприятие",
    "event.changed": "изменено мероприятие",
    "event.deleted": "удалено мероприятие",
    # Imports
    # Works
    "work.added": "добавлена работа",
    "work.changed": "изменена работа",
    "work.deleted": "удалён черновик работы",
    "work.submitted": "работа открыта для рецензий",
    "work.taken_back": "работа закрыта от рецензий",
    "work_version.changed": "изменена открытая версия работы",
    "work_version.begun": "начата новая версия работы",
    "work_version.sealed": "закреплена версия работы",
    "work_file.added": "приложен файл работы",
    "work_file.deleted": "убран файл работы",
    "work_link.added": "добавлена ссылка работы",
    "work_link.deleted": "убрана ссылка работы",
    "work_author.added": "назван соавтор работы",
    "work_author.agreed": "соавтор согласился",
    "work_author.deleted": "соавтор убран, отказался или вышел",
    "work.author_left": "соавтор вышел из авторов работы",
    # Reviews
    "work_review.added": "написана рецензия",
    "work_review.published": "опубликована рецензия",
    "work_review.declined": "рецензия не опубликована",
    "work_review.revoked": "отозвана рецензия",
    "work_review.answered": "автор ответил на рецензию",
    "invitation.added": "приглашён рецензент",
    "invitation.revoked": "отозвано приглашение рецензента",
    "rubric.added": "добавлена рубрика",
    "rubric.changed": "изменена рубрика",
    "rubric.criteria_changed": "изменены критерии рубрики",
    "rubric.retired": "рубрика больше не предлагается",
    # Shares
    "portfolio.added": "заполнена обложка портфолио",
    "portfolio.changed": "изменена обложка портфолио",
    "share.added": "портфолио показано",
    "share.withdrawn": "показ портфолио отозван",
    # Exports
    "export.made": "сделана выгрузка портфолио",
    "export.withdrawn": "отозвана выгрузка портфолио",
    # Rating and rules
    "points_table.added": "сохранена таблица баллов",
    "portfolio_rules.added": "установлены правила портфолио",
    "portfolio_rules.changed": "изменены правила портфолио",
    # Life
    "portfolio.frozen": "закрыто портфолио",
    "portfolio.unfrozen": "портфолио снова открыто",
    "handover.issued": "выдана ссылка на архив портфолио",
    "handover.revoked": "отозвана ссылка на архив портфолио",
    "handover.used": "архив портфолио скачан по ссылке",
}
FIELDS: dict[str, str] = {
    # Achievements
    # Events
    # Imports
    # Works
    # Reviews
    "criteria": "критерии",
    # Shares
    # Exports
    # Rating and rules
    # Life
    "shares": "показов",
    "invitations": "приглашений",
}
# What a child has written or was told of, and where a place of the child's own is named.
PERSONAL: dict[str, frozenset[str]] = {
    "portfolio.achievement": frozenset({"title", "place", "team", "mentor", "note", "organiser", "reason"}),
    "portfolio.evidence": frozenset({"title", "link"}),
    "portfolio.work": frozenset({"title", "task", "mentor_words", "other_authors"}),
    "portfolio.workauthor": frozenset({"contribution"}),
    "portfolio.workversion": frozenset({"text", "reflection"}),
    "portfolio.workfile": frozenset({"title"}),
    "portfolio.worklink": frozenset({"title", "url"}),
    "portfolio.review": frozenset({"text", "mark", "answer", "reason"}),
    "portfolio.reviewpoints": frozenset({"points"}),
    "portfolio.invitation": frozenset({"name", "role"}),
    "portfolio.portfolio": frozenset({"motto", "about"}),
    "portfolio.share": frozenset({"title"}),
}


class PortfolioConfig(AppConfig):
    name = "portfolio"
    verbose_name = "Портфолио"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        for model, fields in PERSONAL.items():
            PERSONAL_FIELDS.register(model, fields)
        for action, title in TITLES.items():
            AUDIT_TITLES.register(action, title)
        for name, title in FIELDS.items():
            AUDIT_FIELDS.register(name, title)
