"""The first list of outside players that pages of courses may embed (1.6)."""

from pathlib import Path

from django.db import transaction

from accounts.actions.dictionaries import save_row
from accounts.actor import Actor
from eios.lib.data_files import read_toml
from resources.models import EmbeddedPlayer

FILE = Path(__file__).parents[2] / "data" / "players.toml"
BASIS = "Исходный список проигрывателей"


@transaction.atomic
def load_players(*, by: Actor) -> int:
    """Players that the list lacks; how many were added. One known by its address stays as the school made it.

    Effects: rows of the list, audited; pages of courses may show these players.
    """
    known = set(EmbeddedPlayer.objects.values_list("prefix", flat=True))
    new = [EmbeddedPlayer(**row) for row in read_toml(FILE)["player"] if row["prefix"] not in known]
    for player in new:
        save_row(player, by=by, basis=BASIS)
    return len(new)
