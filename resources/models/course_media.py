"""Pictures, sound, video and files of a course (1.6, 3.6). Texts name them: `![подпись](media/opyt.mp4)`."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from eios.lib.filetypes import size_text
from resources.models.courses import Course

NAME = RegexValidator(
    r"\A[a-z0-9][a-z0-9_-]{0,80}\.[a-z0-9]{2,5}\Z", "Имя файла: латинские буквы, цифры, «-» и «_», затем точка и вид."
)


class CourseMedia(models.Model):
    """A file of a course under the name by which its pages call it."""

    course = models.ForeignKey(Course, models.CASCADE, verbose_name="курс", related_name="media")
    name = models.CharField("имя в тексте", max_length=90, validators=[NAME])
    file = models.ForeignKey("accounts.StoredFile", models.PROTECT, verbose_name="файл", related_name="+")
    alt = models.CharField(
        "что изображено", max_length=500, blank=True,
        help_text="Прочтёт программа для незрячих; у звука и видео — о чём запись.",
    )  # fmt: skip
    credit = models.CharField("источник и права", max_length=300, blank=True)
    width = models.PositiveIntegerField("ширина, точек", null=True, blank=True, editable=False)
    height = models.PositiveIntegerField("высота, точек", null=True, blank=True, editable=False)
    seconds = models.PositiveIntegerField("длится, секунд", null=True, blank=True, editable=False)
    subtitles = models.ForeignKey(
        "accounts.StoredFile", models.PROTECT, verbose_name="субтитры", null=True, blank=True, related_name="+"
    )
    poster = models.ForeignKey(
        "accounts.StoredFile", models.PROTECT, verbose_name="заставка", null=True, blank=True, related_name="+"
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, verbose_name="кто добавил", null=True, editable=False,
        related_name="+",
    )  # fmt: skip
    added_at = models.DateTimeField("когда добавлен", auto_now_add=True)

    class Meta:
        verbose_name = "файл курса"
        verbose_name_plural = "файлы курсов"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "name"],
                name="coursemedia_name_once",
                violation_error_message="Файл с таким именем в курсе уже есть.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.file.media_type.startswith("image/")

    @property
    def is_sound(self) -> bool:
        return self.file.media_type.startswith("audio/")

    @property
    def is_video(self) -> bool:
        return self.file.media_type.startswith("video/")

    @property
    def size(self) -> str:
        """«1,4 МБ»."""
        return size_text(self.file.size)


class CourseRendition(models.Model):
    """A picture of a course made smaller, for narrow screens; derived, may be made anew."""

    media = models.ForeignKey(CourseMedia, models.CASCADE, verbose_name="файл курса", related_name="renditions")
    width = models.PositiveIntegerField("ширина, точек")
    file = models.ForeignKey("accounts.StoredFile", models.PROTECT, verbose_name="файл", related_name="+")

    class Meta:
        verbose_name = "уменьшенная картинка"
        verbose_name_plural = "уменьшенные картинки"
        ordering = ["media", "width"]
        constraints = [models.UniqueConstraint(fields=["media", "width"], name="courserendition_width_once")]

    def __str__(self) -> str:
        return f"{self.media}, {self.width}"


class EmbeddedPlayer(models.Model):
    """An outside player that pages of courses may embed; the administrator keeps the list."""

    name = models.CharField("название", max_length=80)
    prefix = models.URLField(
        "начало адреса", max_length=200, unique=True,
        help_text="Полный адрес проигрывателя до номера записи: «https://rutube.ru/play/embed/».",
    )  # fmt: skip
    is_active = models.BooleanField("разрешён", default=True)

    class Meta:
        verbose_name = "внешний проигрыватель"
        verbose_name_plural = "внешние проигрыватели"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raises ValidationError: a beginning without a path would let in all that the site holds."""
        parts = urlsplit(self.prefix)
        if parts.scheme != "https" or "@" in parts.netloc or not parts.path.strip("/") or ".." in self.prefix:
            raise ValidationError(
                {"prefix": "Нужен адрес с «https://» и путём до номера записи: «https://rutube.ru/play/embed/»."}
            )
        if not self.prefix.endswith(("/", "?", "=")):
            raise ValidationError({"prefix": "Начало адреса кончается на «/», «?» или «=»: дальше идёт номер записи."})
