"""What several sources ask: what a stored file says."""

from django.conf import settings

from accounts.models import StoredFile
from eios.lib import file_text

NO_TEXT = "В файле нет текста, найдено только название"


def text_of(file: StoredFile) -> str:
    """Words of a stored file; "" of a scan, a picture, one that waits for its check, or where the bytes are gone."""
    if file.state != StoredFile.State.READY:
        return ""
    try:
        data = (settings.MEDIA_ROOT / file.path).read_bytes()
    except OSError:
        return ""
    return file_text.read(data, file.media_type)
