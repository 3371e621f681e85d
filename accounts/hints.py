"""Lists that the apps above fill in their `ready()`; no models here, so that `apps.py` may import it."""

from eios.lib.filetypes.kinds import FileKind
from eios.lib.hints import HintList

# Titles of audited actions on screen: "element.added" → «добавлен элемент ЭИОС».
AUDIT_TITLES: HintList[str] = HintList("audit titles")
# How the trail calls what is not a field of the object's model: "factors" → «второй шаг входа».
AUDIT_FIELDS: HintList[str] = HintList("audit fields")
# Fields whose values identify a person: the trail keeps their names only. "app.model" → names of fields.
PERSONAL_FIELDS: HintList[frozenset[str]] = HintList("personal fields")
# Counters of «Ждёт вас»: name → accounts.counters.Counter.
COUNTERS: HintList = HintList("cabinet counters")
# What files are for, with the limits of each purpose; a purpose belongs to one app: name → FileKind.
FILE_KINDS: HintList[FileKind] = HintList("file kinds")
# Who may read a stored file: its kind → function(person or None, StoredFile) → bool.
FILE_AUTHORISERS: HintList = HintList("file authorisers")
# Who is told that a file was read: its kind → function(StoredFile, page, by); only kinds whose reading leaves a trace.
FILE_OPENINGS: HintList = HintList("what records that files were read")
# Checks before the change of the year: the title on screen → function(year that ends, date) → list of
# accounts.rollover.checks.Finding; an empty list is good news.
PREFLIGHT_CHECKS: HintList = HintList("checks before the rollover")
# What the journal proposes: name → function(classes, date) → {key of the pupil: (RolloverDecision.Outcome, reason)}.
PROMOTION_PROPOSALS: HintList = HintList("promotion proposals")
# What people are notified of: name → accounts.notifications.NotificationKind.
NOTIFICATION_KINDS: HintList = HintList("notification kinds")
# Where sealed values stand, for the change of keys: name → accounts.rotation.Place.
SEALED_PLACES: HintList = HintList("places of sealed values")
# Who reads the audit trail as it is written, in the same transaction: name → function(list of AuditEntry). Every change
# is audited, so this is where an index of an upper floor hears of them all; it may refuse nothing.
AUDIT_FOLLOWERS: HintList = HintList("followers of the audit trail")
# Long work that a page advances by pieces: kind → accounts.jobs.JobKind.
JOB_KINDS: HintList = HintList("kinds of long work")
