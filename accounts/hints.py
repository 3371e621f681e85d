"""Lists that the apps above fill in their `ready()`; no models here, so that `apps.py` may import it."""

from eios.lib.hints import HintList

# Titles of audited actions on screen: "element.added" → «добавлен элемент ЭИОС».
AUDIT_TITLES: HintList[str] = HintList("audit titles")
# Fields whose values identify a person: the trail keeps their names only. "app.model" → names of fields.
PERSONAL_FIELDS: HintList[frozenset[str]] = HintList("personal fields")
# Counters of «Ждёт вас»: name → accounts.counters.Counter.
COUNTERS: HintList = HintList("cabinet counters")
# Who may read a stored file: its kind → function(person or None, StoredFile) → bool.
FILE_AUTHORISERS: HintList = HintList("file authorisers")
