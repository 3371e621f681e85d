"""Models of the registry, one file per noun."""

from resources.models.availability import Availability, AvailabilityCheck
from resources.models.credentials import CredentialLink, ExternalCredential, Pool, PoolAccount, PoolAnswer
from resources.models.documents import Acquaintance, Document, Edition
from resources.models.elements import (
    AUTHORISED,
    BY_NAME,
    DEFAULT_CLOSURE,
    FREE,
    LEVELS,
    MANAGEMENT,
    METHODICAL,
    STAFF,
    Element,
    Level,
    Reach,
    validate_address,
)
from resources.models.files import ElementFile
from resources.models.privileges import Condition, ElementAdministrator, Privilege
from resources.models.requests import AccessRequest, Suggestion
from resources.models.reviews import ConnectionAnswer, Review, ServiceConnection
from resources.models.technology import TechnologySheet
from resources.models.training import TrainingElement

__all__ = [
    "AUTHORISED", "BY_NAME", "DEFAULT_CLOSURE", "FREE", "LEVELS", "MANAGEMENT", "METHODICAL", "STAFF",
    "AccessRequest", "Acquaintance", "Condition", "CredentialLink", "Document", "Edition", "Element",
    "ElementAdministrator", "ElementFile", "ExternalCredential", "Level", "Pool", "PoolAccount", "PoolAnswer",
    "Privilege", "Reach",
    "AccessRequest", "Acquaintance", "Availability", "AvailabilityCheck", "TechnologySheet",
    "Condition", "CredentialLink", "Document", "Edition", "Element",
    "ElementAdministrator", "ElementFile", "ExternalCredential", "Level", "Pool", "PoolAccount", "Privilege", "Reach",
    "Suggestion", "TrainingElement", "validate_address",
    # Reviews and connections of outside services
    "ConnectionAnswer", "Review", "ServiceConnection",
]  # fmt: skip
