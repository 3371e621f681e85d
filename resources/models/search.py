"""The index of the search: what is found, by which stems, and the words for «perhaps you meant»."""

from django.db import models

MAX_WORD = 40


class SearchEntry(models.Model):
    """What one row of a source is found by and shown as. Whom it opens to is asked of the row itself, every time."""

    source = models.CharField(max_length=30)
    key = models.BigIntegerField()
    # Before the long texts: SQLite reads a row from its beginning.
    date = models.DateField(null=True)
    title = models.CharField(max_length=700)
    note = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    # Words of the row's file, and of which bytes they are: a file is read once.
    file_sha256 = models.CharField(max_length=64, blank=True)
    file_words = models.TextField(blank=True)
    # Folded words with one space between and around: a phrase is found by «contains».
    words = models.TextField()
    address = models.CharField(max_length=500)

    class Meta:
        verbose_name = "запись поиска"
        verbose_name_plural = "записи поиска"
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="search_entry_once")]

    def __str__(self) -> str:
        return self.title


class SearchTerm(models.Model):
    """A stem in an entry: how often, and whether in the title; `word` is one of its forms there."""

    entry = models.ForeignKey(SearchEntry, models.CASCADE, related_name="terms")
    stem = models.CharField(max_length=MAX_WORD)
    word = models.CharField(max_length=MAX_WORD)
    in_title = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name = "слово записи поиска"
        verbose_name_plural = "слова записей поиска"
        # All that finding and ranking ask of a term stands in the index itself.
        indexes = [models.Index(fields=["stem", "entry", "in_title", "count"], name="search_term_found")]

    def __str__(self) -> str:
        return self.word


class SearchWord(models.Model):
    """A word that some entry has: where the nearest spelling is looked for."""

    word = models.CharField(max_length=MAX_WORD)
    stem = models.CharField(max_length=MAX_WORD)
    length = models.PositiveSmallIntegerField(db_index=True)

    class Meta:
        verbose_name = "слово словаря поиска"
        verbose_name_plural = "словарь поиска"
        constraints = [models.UniqueConstraint(fields=["word", "stem"], name="search_word_once")]

    def __str__(self) -> str:
        return self.word
