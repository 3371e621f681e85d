"""What several sources ask: what a stored file says."""

from django.conf import settings

from accounts.models import StoredFile
from eios.lib import file_text

NO_TEXT = "В файле нет текста, найдено только название"


def text_of(file: StoredFile | None) -> str:
    """Words of a stored file; "" of a scan, a picture, one that waits for its check, or where the bytes are gone."""
    if file is None or file.state != StoredFile.State.READY:
        return ""
    try:
        data = (settings.MEDIA_ROOT / file.path).read_bytes()
    except OSError:
        return ""
    return file_text.read(data, file.media_type)


def lack_of(file: StoredFile | None, words: str) -> str:
    """What is said of a file that is found by its title alone."""
    return "" if file is None or words else NO_TEXT
