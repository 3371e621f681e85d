from django.db import models


class Shelf(models.Model):
    name = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.name


class Book(models.Model):
    name = models.CharField(max_length=80)
    shelf = models.ForeignKey(Shelf, models.CASCADE)
    readers = models.IntegerField()
    is_open = models.BooleanField(default=True)
    updated = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.name
