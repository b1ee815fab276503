"""What a user would write around ChannelAttribution, as a process of its own: pipeline.py WHAT FOLDER TASK

WHAT is `tables` (touches and deals are read and made into paths by pandas) or `paths` (merged paths are read).
TASK is `heuristics`, or `markov ORDER TOLERANCE`. Prints the credited value by channel as JSON.
"""

import json
import pathlib
import sys

import pandas
from ChannelAttribution import heuristic_models, markov_model


def of_tables(folder):
    touches = pandas.read_csv(folder / "tables/touches.csv", parse_dates=["occurred_at"])
    deals = pandas.read_csv(folder / "tables/deals.csv", parse_dates=["close_date"])
    won = deals[deals.stage == "closed_won"].set_index("contact_id")
    touches = touches.sort_values(["contact_id", "occurred_at"])
    paths = touches.groupby("contact_id", sort=False)["channel"].agg(" > ".join).to_frame("path")
    paths = paths.join(won[["amount"]])
    paths["conversions"] = paths.amount.notna().astype(int)
    paths["value"] = paths.amount.fillna(0)
    paths["nulls"] = 1 - paths.conversions
    return paths.groupby("path", as_index=False)[["conversions", "value", "nulls"]].sum()


def main():
    what, folder, task, *more = sys.argv[1:]
    folder = pathlib.Path(folder)
    paths = of_tables(folder) if what == "tables" else pandas.read_csv(folder / "paths.csv", sep=";")
    if task == "heuristics":
        credit = heuristic_models(paths, "path", "conversions", var_value="value", flg_pro=False)
        credit = credit.set_index("channel_name")
        answer = {model: credit[f"{model}_touch_value"].to_dict() for model in ("first", "last", "linear")}
    else:
        order, tolerance = int(more[0]), float(more[1])
        credit = markov_model(
            paths, "path", "conversions", var_value="value", var_null="nulls", order=order, conv_par=tolerance,
            verbose=False, flg_pro=False,
        )
        credit = credit["result"] if isinstance(credit, dict) else credit
        answer = {"markov": credit.set_index("channel_name")["total_conversions"].to_dict()}
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
