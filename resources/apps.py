from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from accounts.hints import AUDIT_FIELDS, AUDIT_TITLES, PERSONAL_FIELDS

TITLES = {
    "element.added": "добавлен элемент ЭИОС",
    "element.changed": "изменён элемент ЭИОС",
    "element.opened": "открыт закрытый раздел",
    "element.governed": "названы акты, которые регулируют доступ",
    "element.administrator_named": "назначен администратор элемента",
    "element.administrator_removed": "снят администратор элемента",
    "condition.added": "установлено условие доступа",
    "condition.deleted": "снято условие доступа",
    "privilege.granted": "дана привилегия",
    "privilege.revoked": "отозвана привилегия",
    "external_credential.issued": "выданы учётные данные платформы",
    "external_credential.ended": "прекращены учётные данные платформы",
    # Logins and passwords at platforms
    "external_credential.noted": "владелец записал свой логин на платформе",
    "external_credential.note_changed": "владелец исправил запись о логине",
    "external_credential.note_removed": "владелец убрал запись о логине",
    "external_credential.revealed": "владелец открыл пароль платформы",
    "external_credential.printed": "напечатан листок с паролем платформы",
    "external_credential.term_changed": "изменён срок учётных данных платформы",
    "external_credential.closed_outside": "учётные данные закрыты на платформе",
    "external_credentials.exported": "выгружен список учётных данных платформы",
    "credential_link.sent": "отправлена одноразовая ссылка на пароль платформы",
    "credential_link.opened": "открыт пароль платформы по одноразовой ссылке",
    "training_element.added": "обучение отнесено к элементу",
    "training_element.deleted": "обучение больше не относится к элементу",
    # Libraries and their pools
    "pool.made": "создана партия обезличенных учётных записей",
    "pool.columns_changed": "изменены столбцы файлов партии",
    "pool.exported": "составлен файл партии для библиотеки",
    "pool.answered": "загружен ответ библиотеки",
    "pool.answer_read": "взят файл ответа библиотеки",
    "pool_account.moved": "изменено состояние обезличенной учётной записи",
    "external_credential.renewed": "изменены библиотекой учётные данные",
    # Registry files, reviews and connections
    "registry.loaded": "реестр загружен из файла",
    "review.added": "элемент проверен на соответствие",
    "connection.changed": "изменены сведения о подключении службы",
    "connection.confirmed": "подтверждено подключение службы",
    # Work programmes
    "programme.added": "добавлена рабочая программа",
    "programme.changed": "изменена рабочая программа",
    "programme.plan_changed": "изменён тематический план",
    "programme.moved": "изменено состояние рабочей программы",
    "programme.ended": "рабочая программа не продлевается",
    # «Сведения об образовательной организации»
    "sveden_value.added": "заполнено поле сведений",
    "sveden_value.changed": "изменено поле сведений",
    "sveden_value.deleted": "очищено поле сведений",
    "sveden.checked": "проверен подраздел сведений, изменений нет",
    "sveden.exported": "сведения выгружены для официального сайта",
    "sveden_settings.added": "выбрано, где размещаются сведения",
    "sveden_settings.changed": "изменено, где размещаются сведения",
    # Documents and files inside cards
    "document.added": "добавлен документ",
    "document.changed": "изменён документ",
    "document.acquainted": "ознакомление с документом",
    "document.force_changed": "отмечено, что документ утратил силу, или отметка снята",
    "must_read.added": "названы те, кто обязан прочитать документ",
    "must_read.deleted": "снята обязанность прочитать документ",
    "edition.added": "опубликована редакция документа",
    "edition.changed": "исправлена редакция документа",
    "element_file.added": "добавлен файл элемента",
    "element_file.deleted": "убран файл элемента",
    # Availability and the technological passport
    "availability.down": "элемент перестал отвечать",
    "availability.up": "элемент снова отвечает",
    "technology_sheet.added": "составлен технологический паспорт",
    "technology_sheet.changed": "изменён технологический паспорт",
    "technology_sheet.signed": "подписан технологический паспорт",
    # Subjects, curricula and calendars
    "subject_area.added": "добавлена предметная область",
    "subject_area.changed": "изменена предметная область",
    "subject.added": "добавлен учебный предмет",
    "subject.changed": "изменён учебный предмет",
    "curriculum.added": "составлен проект учебного плана",
    "curriculum.changed": "изменены сведения учебного плана",
    "curriculum.filled": "изменены строки учебного плана",
    "curriculum.approved": "утверждён учебный план",
    "curriculum.replaced": "заменён учебный план",
    "curriculum.deleted": "удалён проект учебного плана",
    "academic_calendar.added": "составлен проект календарного графика",
    "academic_calendar.changed": "изменены сведения календарного графика",
    "academic_calendar.filled": "изменены дни календарного графика",
    "academic_calendar.approved": "утверждён календарный график",
    "academic_calendar.replaced": "заменён календарный график",
    "academic_calendar.deleted": "удалён проект календарного графика",
    "level.changed": "изменено название уровня доступа",
    # What there is to read
    "outside_resource.added": "внесён внешний электронный ресурс",
    "outside_resource.changed": "изменён внешний электронный ресурс",
    "outside_resource.subjects_named": "названы предметы внешнего ресурса",
    "outside_resource.withdrawn": "внешний ресурс выведен из обращения",
    "outside_resource.restored": "внешний ресурс возвращён в обращение",
    "library_edition.added": "внесено издание библиотеки",
    "library_edition.changed": "изменено издание библиотеки",
    "library_edition.subjects_named": "названы предметы издания",
    "library_edition.withdrawn": "издание выведено из обращения",
    "library_edition.restored": "издание возвращено в обращение",
    "methodical_material.added": "начат методический материал",
    "methodical_material.changed": "изменён методический материал",
    "methodical_material.published": "опубликован методический материал",
    "methodical_material.taken_back": "методический материал возвращён в черновики",
    "methodical_material.deleted": "удалён черновик методического материала",
    # Requests and suggestions
    "access_request.asked": "подана заявка на доступ",
    "access_request.confirmed": "подтверждена заявка на доступ",
    "access_request.declined": "отклонена заявка на доступ",
    "access_request.withdrawn": "отозвана заявка на доступ",
    "access_request.revoked": "прекращён доступ по заявке",
    "suggestion.made": "подано предложение",
    "suggestion.accepted": "принято предложение",
    "suggestion.declined": "отклонено предложение",
    # News
    "news.added": "написана новость",
    "news.changed": "изменена новость",
    "news.published": "опубликована новость",
    "news.withdrawn": "новость снята с публикации",
    # Courses
    "course.added": "начат курс",
    "course.changed": "изменена карточка курса",
    "course.deleted": "удалён черновик курса",
    "course.linked": "названы программы и темы курса",
    "course.imported": "загружен курс из архива",
    "course.part_added": "добавлена часть курса",
    "course.part_renamed": "переименована часть курса",
    "course.part_moved": "переставлена часть курса",
    "course.part_removed": "убрана часть курса",
    "course.page_saved": "сохранена новая версия страницы курса",
    "course.media_added": "добавлен файл курса",
    "course.media_changed": "изменён файл курса",
    "course.media_removed": "убран файл курса",
    "course.author_added": "добавлен соавтор курса",
    "course.author_removed": "убран соавтор курса",
    "course.submitted": "курс передан на проверку",
    "course.withdrawn": "курс отозван с проверки",
    "course.sent_back": "курс возвращён на доработку",
    "course.published": "опубликован курс",
    "course.revised": "курс пересмотрен без изменений",
    "course.archived": "курс отправлен в архив",
    "course.restored": "курс возвращён из архива",
    "course.copied": "курс списан с другого",
    "course.commented": "сделано замечание к курсу",
    "course.comment_settled": "закрыто замечание к курсу",
    "study_complex.added": "начат учебно-методический комплекс",
    "study_complex.changed": "изменено описание комплекса",
    "study_complex.filled": "в комплекс добавлено",
    "study_complex.thing_removed": "из комплекса убрано",
    "study_complex.opened": "комплекс открыт всем",
    "study_complex.closed": "комплекс закрыт",
    "study_complex.deleted": "удалён закрытый комплекс",
    "study_complex.carried": "комплекс перенесён с прошлого года",
    "embedded_player.added": "разрешён внешний проигрыватель",
    "embedded_player.changed": "изменён внешний проигрыватель",
    # Privileges, who can open what
    "element.deleted": "удалён элемент черновика",
    "element.audience_exported": "выгружен список «кто может открыть»",
}
FIELDS = {
    "pages": "страниц",
    "page": "страница",
    "author": "соавтор",
    "file": "файл",
    "archive": "хеш архива",
    "topics": "тем в плане",
    "things": "составляющие",
    "acts": "акты",
    "administrator": "администратор",
    "people": "человек в списке",
    "subjects": "предметы",
}
# Answers about the requirements of 5.1, which the trail keeps with the connection.
REQUIREMENTS = {
    "requirement_access": "разграничение доступа",
    "requirement_personal_data": "защита персональных данных",
    "requirement_information": "защита информации",
    "requirement_network": "локальная сеть",
    "requirement_technical": "технические требования",
    "requirement_web_services": "веб-сервисы",
    "requirement_users": "требования к пользователям",
}

# Libraries and their pools
POOL_FIELDS = {
    "accounts": "учётных записей",
    "format": "вид файла",
    "answer_accepted": "принято",
    "answer_changed": "принято с изменениями",
    "answer_refused": "отклонено",
    "answer_held": "отклонено, но выдано",
    "answer_unknown": "нет в партии",
    "answer_repeated": "повторов строк",
    "answer_silent": "без ответа",
    "answer_same": "без изменений",
}


class ResourcesConfig(AppConfig):
    name = "resources"
    verbose_name = "Реестр и материалы"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        PERSONAL_FIELDS.register("resources.externalcredential", frozenset({"login"}))
        for action, title in TITLES.items():
            AUDIT_TITLES.register(action, title)
        for name, title in (FIELDS | REQUIREMENTS | POOL_FIELDS).items():
            AUDIT_FIELDS.register(name, title)
        # Requests and suggestions: people write there whatever they like
        PERSONAL_FIELDS.register("resources.accessrequest", frozenset({"note", "answer"}))
        PERSONAL_FIELDS.register("resources.suggestion", frozenset({"title", "address", "text", "answer"}))
        # News may name children
        PERSONAL_FIELDS.register("resources.news", frozenset({"title", "lead", "text", "picture_alt"}))
        # What is searched stands beside models: each app's `search_sources.py` adds its own.
        autodiscover_modules("search_sources")
