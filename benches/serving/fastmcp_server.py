"""The benchmark's two tools on FastMCP, as its documentation advises for HTTP: stateless, with JSON responses.

    python fastmcp_server.py stdio|http PORT ENTRY.json FOLDER
"""

import csv
import json
import pathlib
import sys
from typing import Any

from fastmcp import FastMCP

how, port, entry, folder = sys.argv[1:]
ENTRY = json.loads(pathlib.Path(entry).read_text())
ENTRIES = {ENTRY["id"]: ENTRY}

mcp = FastMCP("bench")


@mcp.tool
def fetch(id: str) -> dict[str, Any]:
    """The whole of one entry."""
    return ENTRIES[id]


@mcp.tool
def describe_data(tables: list[str]) -> dict[str, Any]:
    """What columns the tables hold, of which types, and how full they are."""
    return {"tables": [describe(name) for name in tables]}


def describe(name: str) -> dict[str, Any]:
    with open(pathlib.Path(folder, f"{name}.csv"), newline="") as file:
        rows = list(csv.reader(file))
    head, body = rows[0], rows[1:]
    columns = []
    for column, values in zip(head, zip(*body)):
        filled = [value for value in values if value.strip()]
        columns.append({"name": column, "type": kind(filled), "fill": len(filled) / len(body), "distinct": len(set(filled))})
    return {"name": name, "rows": len(body), "columns": columns}


def kind(values: list[str]) -> str:
    for named, read in (("integer", int), ("number", float)):
        try:
            for value in values:
                read(value)
            return named
        except ValueError:
            continue
    return "text"


if __name__ == "__main__":
    if how == "stdio":
        mcp.run(show_banner=False)
    else:
        mcp.run(
            transport="http", host="127.0.0.1", port=int(port), stateless_http=True, json_response=True,
            show_banner=False, log_level="warning", uvicorn_config={"access_log": False},
        )
