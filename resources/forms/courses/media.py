"""Files of a course: what is sent and what is said of them."""

from django import forms

from eios.lib.filetypes import size_text
from resources.file_owners import OF_COURSES
from resources.models import CourseMedia


class ManyFilesInput(forms.FileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files at once; each is judged by its content when it is stored."""

    def clean(self, data, initial=None):
        given = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFilesField, self).clean(one, initial) for one in given]


class UploadForm(forms.Form):
    files = ManyFilesField(
        label="Файлы", widget=ManyFilesInput(attrs={"accept": OF_COURSES.endings}), allow_empty_file=True,
        help_text=f"Можно несколько, каждый не больше {size_text(OF_COURSES.max_bytes)}: {OF_COURSES.type_names}.",
    )  # fmt: skip
    alt = forms.CharField(
        label="Что изображено", max_length=500, required=False,
        help_text="Прочтёт программа для незрячих. Для нескольких файлов опишите каждый в списке ниже.",
    )  # fmt: skip


class MediaForm(forms.ModelForm):
    """What a file shows, whose it is, subtitles, another file in its place."""

    subtitles_file = forms.FileField(label="Субтитры", required=False, help_text="VTT или SRT.")
    without_subtitles = forms.BooleanField(label="убрать субтитры", required=False)
    another = forms.FileField(label="Заменить файл", required=False, help_text="Имя на страницах останется тем же.")

    class Meta:
        model = CourseMedia
        fields = ["alt", "credit"]
        help_texts = {"alt": "Если картинка ничего не сообщает, поставьте тире: «—»."}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not (self.instance.is_sound or self.instance.is_video):
            del self.fields["subtitles_file"]
        if not self.instance.subtitles_id:
            del self.fields["without_subtitles"]
