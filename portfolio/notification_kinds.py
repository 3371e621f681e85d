"""What the portfolio tells people of."""

from accounts.hints import NOTIFICATION_KINDS
from accounts.models import Mail
from accounts.notifications import Letter, NotificationKind

# Achievements
CHECKED = "achievement"
NOTIFICATION_KINDS.register(
    CHECKED,
    NotificationKind(
        title="Достижения",
        group="Портфолио",
        about="Ученику: запись подтверждена или возвращена с пояснением. Родителям: запись подтверждена.",
        icon="award",
        letters={
            "confirmed": Letter("достижение подтверждено", "В портфолио подтверждено достижение."),
            "returned": Letter("достижение возвращено", "Запись портфолио вернули с пояснением, её можно исправить."),
        },
    ),
)

ENTERED = "achievement_entered"
NOTIFICATION_KINDS.register(
    ENTERED,
    NotificationKind(
        title="Достижения, внесённые школой",
        group="Портфолио",
        about="Ученику и родителям: школа внесла участие в мероприятии или загрузила достижения из списка.",
        icon="award",
        letters={"entered": Letter("новое в портфолио", "Школа внесла в портфолио новое достижение.")},
    ),
)

# Works
CO_AUTHOR = "co_author"
NOTIFICATION_KINDS.register(
    CO_AUTHOR,
    NotificationKind(
        title="Соавторство",
        group="Портфолио",
        about="Ученику: его назвали соавтором работы; тот, кого он назвал, согласился или отказался; соавтор вышел.",
        icon="people",
    ),
)

WORK_OPENED = "portfolio_work_opened"
NOTIFICATION_KINDS.register(
    WORK_OPENED,
    NotificationKind(
        title="Работы для рецензий",
        group="Портфолио",
        about="Классному руководителю, учителю предмета и руководителю работы: ученик открыл работу для рецензий.",
        icon="doc",
    ),
)

# Reviews
REVIEW = "portfolio_review"
NOTIFICATION_KINDS.register(
    REVIEW,
    NotificationKind(
        title="Рецензии",
        group="Портфолио",
        about="Авторам: новая рецензия на работу. Рецензенту: автор ответил или закрепил следующую версию, школа "
        "опубликовала или сняла рецензию.",
        icon="chat",
        letters={
            "published": Letter("новая рецензия", "На вашу работу опубликована рецензия."),
            "passed": Letter("рецензия опубликована", "Ваша рецензия проверена и опубликована."),
            "revoked": Letter("рецензия снята", "Школа сняла вашу рецензию, причина — в портфолио."),
            "declined": Letter("рецензия не опубликована", "Ваша рецензия не опубликована, причина — в портфолио."),
            "answered": Letter("ответ на рецензию", "Автор работы ответил на вашу рецензию."),
            "next": Letter("новая версия работы", "Автор закрепил следующую версию работы, на которую вы писали."),
        },
    ),
)

# Shares
SHOWN = "portfolio_shown"
NOTIFICATION_KINDS.register(
    SHOWN,
    NotificationKind(
        title="Показанные портфолио",
        group="Портфолио",
        about="Ученик показал вам своё портфолио.",
        icon="star",
    ),
)
SHOWN_TO_CLASS = "portfolio_shown_to_class"
NOTIFICATION_KINDS.register(
    SHOWN_TO_CLASS,
    NotificationKind(
        title="Портфолио, показанные классу",
        group="Портфолио",
        about="Ученик показал своё портфолио классу, в котором вы учитесь или которым руководите.",
        mail=Mail.NONE,
        icon="star",
    ),
)
