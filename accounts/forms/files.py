"""A form field that takes files for the store.

In a form of a portal page (enctype="multipart/form-data"):

    class WorkForm(forms.Form):
        scan = StoredFileField("order_scan", label="Скан приказа", required=False)

    form = WorkForm(request.POST, request.FILES, initial={"scan": order.scan})
    order.scan = files.settle(
        order.scan, form.cleaned_data["scan"], kind="order_scan", by=actor, owner=actor.person
    )

The field checks the content; `settle` (accounts/actions/files.py) stores it in the transaction of the change. Storing
may still refuse (quota, virus, full disk): catch FileRefused around the action, `form.add_error("scan", str(error))`.

In Django admin a ModelForm can't hold the model's own foreign key to StoredFile, so this field has another name:

    class SchoolCardForm(forms.ModelForm):
        logo_file = StoredFileField("logo", label="Логотип", required=False)

        class Meta:
            exclude = ["logo"]

        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.initial["logo_file"] = self.instance.logo

    in the ModelAdmin, before the object is saved and audited:
        wanted = form.cleaned_data["logo_file"]
        obj.logo = files.settle(obj.logo, wanted, kind="logo", by=actor, owner=actor.person)

    and around the whole page, so that a late refusal is told rather than a page of trouble shown:
        def changeform_view(self, request, *args, **kwargs):
            try:
                return super().changeform_view(request, *args, **kwargs)
            except FileRefused as refusal:
                self.message_user(request, str(refusal), messages.ERROR)
                return redirect(request.path)

The file that is replaced needs no care: once nothing points at it, `clean_files` removes it.
"""

from collections.abc import Callable

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import lazystr

from accounts.hints import FILE_KINDS
from eios.lib import filetypes, tables

MOST_AT_ONCE = 10


class Limits:
    """What a kind takes, said under its field: «PNG, JPEG, WebP, не больше 2 МБ.»"""

    def __init__(self, kind: str):
        self.kind = kind

    def __str__(self) -> str:
        rules = FILE_KINDS[self.kind]
        return f"{rules.type_names}, не больше {filetypes.size_text(rules.max_bytes)}."


class StoredFileInput(forms.ClearableFileInput):
    """The stored file as a link, a tick to take it away, and a place for a new one."""

    def __init__(self, kind: str):
        super().__init__()
        self.kind = kind

    def get_context(self, name, value, attrs):
        # The kind is looked up late: apps register theirs after forms may have been imported.
        return super().get_context(name, value, {"accept": FILE_KINDS[self.kind].endings, **(attrs or {})})


class StoredFileField(forms.FileField):
    """Cleans to an upload whose content fits the kind, to False (take the file away), or to what stood before."""

    def __init__(self, kind: str, **options):
        self.kind = kind
        options.setdefault("widget", StoredFileInput(kind))
        options.setdefault("help_text", lazystr(Limits(kind)))
        super().__init__(**options)

    def clean(self, data, initial=None):
        value = super().clean(data, initial)
        if isinstance(value, UploadedFile):
            self._examine(value)
        return value

    def _examine(self, upload: UploadedFile) -> None:
        rules = FILE_KINDS[self.kind]
        try:
            filetypes.check_size(upload.size, rules)
            filetypes.examine(upload.file, rules)
        except filetypes.FileRefused as refusal:
            raise ValidationError(str(refusal), code="refused") from refusal
        upload.seek(0)


class ManyFilesInput(StoredFileInput):
    allow_multiple_selected = True


class ManyFilesField(StoredFileField):
    """Any number of files of a kind, up to ten at a time; cleans to a list."""

    def __init__(self, kind: str, **options):
        super().__init__(kind, widget=ManyFilesInput(kind), required=False, **options)

    def clean(self, data, initial=None):
        given = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(given) > MOST_AT_ONCE:
            raise ValidationError(f"За один раз — не больше {MOST_AT_ONCE} файлов.")
        return [super(ManyFilesField, self).clean(one) for one in given]


class TableFileField(StoredFileField):
    """Cleans to an upload that `read` can read as a table; another one is refused at once, and kept nowhere."""

    def __init__(self, kind: str, read: Callable[[bytes], tables.Table], **options):
        self.read = read
        options.setdefault("help_text", "XLSX, XLS, ODS или CSV, не больше 5 МБ.")
        super().__init__(kind, **options)

    def _examine(self, upload: UploadedFile) -> None:
        super()._examine(upload)
        try:
            self.read(upload.read())
        except tables.TableError as error:
            raise ValidationError(str(error)) from error
        upload.seek(0)
