"""Codes that people are described by. Source: DfE, Children in need census guide, code set for ethnicity."""

from __future__ import annotations

from collections.abc import Mapping

ETHNICITIES: Mapping[str, str] = {
    "WBRI": "White British",
    "WIRI": "White Irish",
    "WIRT": "Traveller of Irish heritage",
    "WROM": "Gypsy or Roma",
    "WOTH": "Any other White background",
    "MWBC": "White and Black Caribbean",
    "MWBA": "White and Black African",
    "MWAS": "White and Asian",
    "MOTH": "Any other Mixed background",
    "AIND": "Indian",
    "APKN": "Pakistani",
    "ABAN": "Bangladeshi",
    "AOTH": "Any other Asian background",
    "BCRB": "Black Caribbean",
    "BAFR": "Black African",
    "BOTH": "Any other Black background",
    "CHNE": "Chinese",
    "OOTH": "Any other ethnic group",
    "REFU": "Refused",
    "NOBT": "Information not yet obtained",
}

#: How `other` is related to a person, in words, and what that makes the person to `other`.
RELATIONSHIPS: Mapping[str, tuple[str, str]] = {
    "mother": ("Mother", "child"),
    "father": ("Father", "child"),
    "parent": ("Parent", "child"),
    "step_parent": ("Step-parent", "step_child"),
    "sibling": ("Brother or sister", "sibling"),
    "half_sibling": ("Half brother or half sister", "half_sibling"),
    "grandparent": ("Grandparent", "grandchild"),
    "aunt_uncle": ("Aunt or uncle", "niece_nephew"),
    "cousin": ("Cousin", "cousin"),
    "carer": ("Carer", "cared_for"),
    "partner": ("Partner", "partner"),
    "child": ("Child", "parent"),
    "step_child": ("Stepchild", "step_parent"),
    "grandchild": ("Grandchild", "grandparent"),
    "niece_nephew": ("Niece or nephew", "aunt_uncle"),
    "cared_for": ("Cared for by them", "carer"),
    "other": ("Other", "other"),
}


def inverse_of(kind: str, sex: str) -> str:
    """What the person, whose sex is given, is to someone who is their `kind`: the inverse of "child" is their mother."""
    inverse = RELATIONSHIPS[kind][1]
    return {"female": "mother", "male": "father"}.get(sex, inverse) if inverse == "parent" else inverse
