"""Files inside a card: instructions, memos, templates; they open as the element does."""

from django.conf import settings
from django.db import models

from eios.lib.filetypes import size_text
from resources.models.elements import Element


class ElementFile(models.Model):
    """A file of an element or a part; whoever may open the element may read it."""

    element = models.ForeignKey(Element, models.PROTECT, verbose_name="элемент", related_name="files")
    title = models.CharField("название", max_length=200)
    file = models.OneToOneField("accounts.StoredFile", models.PROTECT, verbose_name="файл", related_name="element_file")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="кто добавил", null=True, related_name="+"
    )
    added_at = models.DateTimeField("когда", auto_now_add=True)

    class Meta:
        verbose_name = "файл элемента"
        verbose_name_plural = "файлы элементов"
        ordering = ["title", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def size_text(self) -> str:
        """«1,4 МБ»."""
        return size_text(self.file.size)
