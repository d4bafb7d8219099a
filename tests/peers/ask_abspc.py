"""Run by a Python that has abspc: series come in as JSON, limits and signals go out. Knows nothing of Golden Thread."""

import json
import sys

import pandas as pd
from abspc import spc


def answer(asked: dict) -> dict:
    frame = pd.DataFrame({"value": asked["values"]})
    if asked["of"]:
        frame["subgroup_size"] = asked["of"]
    limits = spc.calculate_control_limits(frame, asked["kind"])
    found = spc.detect_special_causes(limits)
    rules = {f"rule{nth}": [int(place) for place in found.index[found[f"rule{nth}"]]] for nth in range(1, 5)}
    edges = {name: found[name].tolist() for name in ("mean", "ucl", "lcl")}
    assurance = spc.determine_assurance_type(found, asked["target"], "high")
    return {**edges, **rules, "assurance": assurance}


json.dump([answer(asked) for asked in json.load(sys.stdin)], sys.stdout)
