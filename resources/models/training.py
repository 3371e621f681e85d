"""Which trainings prepare for work with which elements (3.2, 5.11)."""

import datetime

from django.db import models

from accounts.models import Training
from resources.models.elements import Element


class TrainingElementQuerySet(models.QuerySet):
    def prepares_on(self, date: datetime.date):
        """Ties whose training is confirmed and whose document counts on the date."""
        return self.filter(training__in=Training.objects.in_force(date))


class TrainingElement(models.Model):
    """A training prepares for work with an element (3.2, 5.11); goes with the record of the training."""

    training = models.ForeignKey(Training, models.CASCADE, verbose_name="обучение", related_name="for_elements")
    element = models.ForeignKey(Element, models.PROTECT, verbose_name="элемент", related_name="trainings")

    objects = TrainingElementQuerySet.as_manager()

    class Meta:
        verbose_name = "обучение для элемента"
        verbose_name_plural = "обучение для элементов"
        constraints = [
            models.UniqueConstraint(
                fields=["training", "element"],
                name="training_element_once",
                violation_error_message="Это обучение уже отнесено к элементу.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.training} — {self.element}"
