"""`manage.py clean_files`: the nightly clean-up of the file store."""

from django.core.management.base import BaseCommand

from accounts.actions import file_cleaning
from accounts.actor import Actor
from eios.lib.filetypes import size_text


class Command(BaseCommand):
    help = "Убрать из хранилища черновики, содержимое без записей и файлы, на которые никто не ссылается"

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="только показать, ничего не удалять")

    def handle(self, *, dry_run: bool, **options):
        done = file_cleaning.clean(by=Actor.command("clean_files"), dry_run=dry_run)
        verb, freed = ("Можно убрать", "освободится") if dry_run else ("Убрано", "освободилось")
        self.stdout.write(
            f"{verb}: никому не нужных файлов {done.rows}, содержимого без записей {done.strays}, "
            f"черновиков {done.drafts}; {freed} {size_text(done.freed)}."
        )
