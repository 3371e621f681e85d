from portfolio.models.achievements import Achievement, Evidence, Origin, Outcome, State
from portfolio.models.events import STAGE_LEVELS, Event, Level, Mode, Occasion, Sphere, Stage, title_key
from portfolio.models.rating import Points, PointsTable, PortfolioRules
from portfolio.models.reviews import Criterion, Invitation, Review, ReviewPoints, Rubric
from portfolio.models.shares import Export, Handover, Portfolio, Share
from portfolio.models.works import FormerAuthor, Work, WorkAuthor, WorkFile, WorkLink, WorkVersion

__all__ = [
    "STAGE_LEVELS", "Achievement", "Criterion", "Event", "Evidence", "Export", "FormerAuthor", "Handover", "Invitation",
    "Level", "Mode", "Occasion", "Origin", "Outcome", "Points", "PointsTable", "Portfolio", "PortfolioRules", "Review",
    "ReviewPoints", "Rubric", "Share", "Sphere", "Stage", "State", "Work", "WorkAuthor", "WorkFile", "WorkLink",
    "WorkVersion", "title_key",
]  # fmt: skip
