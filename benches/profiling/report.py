"""The table, and its place in the README."""

import datetime
import os
import pathlib
import platform
import statistics

from profiling.agreement import distinct_error
from profiling.contenders import SUMMARIZE

BEGIN, END = "<!-- profile:begin -->", "<!-- profile:end -->"


def rows(present, runs, exact):
    """One row for each contender and file, of medians over the runs."""
    found = []
    for (format, name), all_runs in runs.items():
        row = {"file": format, "contender": name}
        failures = [run.failure for run in all_runs if run.failure]
        if failures:
            found.append(row | {"failure": failures[0]})
            continue
        answer = all_runs[-1].answer
        computes = next(one.computes for one in present if one.name == name) or answer["computes"]
        found.append(
            row
            | {
                "seconds": statistics.median(run.seconds for run in all_runs),
                "all_seconds": [round(run.seconds, 3) for run in all_runs],
                "cpu_seconds": statistics.median(run.cpu_seconds for run in all_runs),
                "peak_mb": statistics.median(run.peak_mb for run in all_runs),
                "distinct_error": distinct_error(answer, exact),
                "computes": computes,
            }
        )
    for row in found:
        base = next((one for one in found if (one["file"], one["contender"]) == (row["file"], SUMMARIZE)), {})
        if "seconds" in row and "seconds" in base:
            row["ratio"] = row["seconds"] / base["seconds"]
    return sorted(found, key=lambda row: (row["file"] != "parquet", row.get("seconds", float("inf"))))


def processor():
    cpuinfo = pathlib.Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def setting(asked, load, present, absent):
    """What has to be known to read the numbers."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    sizes = {format: (asked.folder / format / f"contacts.{format}").stat().st_size for format in ("parquet", "csv")}
    versions = sorted({one.version for one in present if one.version != "python"})
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).date().isoformat(),
        "machine": f"{processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}",
        "load": round(load, 2),
        "threads": asked.threads,
        "rows": asked.rows,
        "bytes": sizes,
        "rounds": asked.repeat,
        "versions": [*versions, f"Python {platform.python_version()}"],
        "absent": absent,
    }


def markdown(setting, rows):
    size = {format: f"{count / 1e6:,.0f} MB" for format, count in setting["bytes"].items()}
    text = [
        f"{setting['rows']:,} rows of 20 columns: Parquet {size['parquet']}, CSV {size['csv']}. Measured "
        f"{setting['date']} on {setting['machine']}, with {setting['threads']} cores for each contender; medians "
        f"(rounds: {setting['rounds']}); load before the first round: {setting['load']}.",
        "",
        f"Versions: {', '.join(setting['versions'])}.",
    ]
    if setting["absent"]:
        text.append(f"Not measured, as it was not there: {', '.join(setting['absent'])}.")
    text += [
        "",
        f"| file | contender | seconds (range) | of {SUMMARIZE} | peak MB | distinct off by | computes |",
        "|---|---|--:|--:|--:|--:|---|",
    ]
    text += [line(row) for row in rows]
    return "\n".join(text)


def line(row):
    head = f"| {row['file']} | {row['contender']} |"
    if "failure" in row:
        return f"{head} – | – | – | – | {row['failure'].replace('|', '/')} |"
    all_seconds, ratio, error = row["all_seconds"], row.get("ratio"), row["distinct_error"]
    spread = f" ({min(all_seconds):.2f} to {max(all_seconds):.2f})" if len(all_seconds) > 1 else ""
    cells = [
        f"{row['seconds']:.2f}{spread}",
        "–" if ratio is None else f"{ratio:.2f}",
        f"{row['peak_mb']:.0f}",
        "–" if error is None else f"{100 * error:.1f}%",
        row["computes"],
    ]
    return f"{head} {' | '.join(cells)} |"


def write(readme, table):
    before, begin, rest = readme.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"{readme} has no {BEGIN} and {END}")
    readme.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}")
