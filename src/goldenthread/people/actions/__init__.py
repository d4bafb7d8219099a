"""Writing people and what is known of them: the only writers of this app's tables."""

from .common import address_for, postcode_of
from .importing import ImportPeople
from .known import (
    AddIdentifier,
    AddName,
    AddProfessional,
    AddResidence,
    AddWarning,
    EndWarning,
    RelatePeople,
)
from .matching import KeepMatches
from .merging import KeepApart, MergePeople, UnMergePeople
from .person import RegisterPerson, UpdatePerson

__all__ = [
    "AddIdentifier",
    "AddName",
    "AddProfessional",
    "AddResidence",
    "AddWarning",
    "EndWarning",
    "ImportPeople",
    "KeepApart",
    "KeepMatches",
    "MergePeople",
    "RegisterPerson",
    "RelatePeople",
    "UnMergePeople",
    "UpdatePerson",
    "address_for",
    "postcode_of",
]
