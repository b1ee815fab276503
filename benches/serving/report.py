"""The tables, the targets, and their place in the README."""

import statistics

from serving.contenders import OURS

BEGIN, END = "<!-- server:begin -->", "<!-- server:end -->"


def key(era, clients, rate, tool):
    return f"{tool}, {era}, {clients} clients" + (f", {rate} calls/s" if rate else "")


def median(rounds):
    """The median of every number over the rounds."""
    found = {}
    for name, first in rounds[0].items():
        if isinstance(first, dict):
            numbers = [inner for inner, value in first.items() if not isinstance(value, str)]
            found[name] = {inner: statistics.median(one[name][inner] for one in rounds) for inner in numbers}
        else:
            found[name] = statistics.median(one[name] for one in rounds)
    return found


def milliseconds(micros):
    return f"{micros / 1e3:.2f}"


def markdown(setting, medians, soaked):
    text = [
        f"Measured {setting['date']} on {setting['machine']}, which the servers shared with the load generator; medians of "
        f"{setting['rounds']} rounds, {setting['seconds']:g} s of each load; load of the machine before the first round: {setting['load']:.2f}.",
        f"Versions: {setting['versions']}.",
    ]
    if setting["absent"]:
        text.append(f"Not measured, as it was not there: {', '.join(setting['absent'])}.")
    text += ["", *start_and_memory(medians), "", *calls(medians), "", *targets(medians, setting["pace"], soaked)]
    if soaked:
        text += ["", soak(soaked)]
    return "\n".join(text)


def start_and_memory(medians):
    yield "| server | start to first `tools/list`, stdio ms | the same, HTTP ms | stdio call p50 / p99 ms | idle MB (of it anonymous) | after 16 clients MB | after 256 clients MB |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for name, of in medians.items():
        memory = " | ".join(f"{of[f'{when}_mb']:.0f} ({of[f'{when}_anonymous_mb']:.0f})" for when in ("idle", "loaded", "end"))
        latency = f"{milliseconds(of['stdio_p50_us'])} / {milliseconds(of['stdio_p99_us'])}"
        yield f"| {name} | {of['stdio_ms']:.0f} | {of['http_ms']:.0f} | {latency} | {memory} |"


def calls(medians):
    yield "| load | server | calls/s | p50 ms | p99 ms | server's processor, µs per call | generator's cores |"
    yield "|---|---|--:|--:|--:|--:|--:|"
    for load in [name for name, value in next(iter(medians.values())).items() if isinstance(value, dict)]:
        for name, of in medians.items():
            one = of[load]
            yield (
                f"| {load} | {name} | {one['calls_per_second']:,.0f} | {milliseconds(one['p50_us'])} | {milliseconds(one['p99_us'])} "
                f"| {one['server_us']:,.0f} | {one['generator_cores']:.2f} |"
            )


def targets(medians, pace, soaked):
    """What was aimed at, beside what was measured. Nothing is said where something is missing."""
    ours, peers = medians.get(OURS), [of for name, of in medians.items() if name != OURS]
    yield "| target | measured | met |"
    yield "|---|--:|---|"
    if ours and peers:
        at_16 = key("modern", 16, 0, "fetch")
        for way in ("stdio", "http"):
            share = ours[f"{way}_ms"] / min(of[f"{way}_ms"] for of in peers)
            yield line(f"start on {way}: under 0.1 of the fastest peer's", f"{share:.3f}", share < 0.1)
        for load in (at_16, key("modern", 16, 0, "describe_data")):
            ratio = ours[load]["calls_per_second"] / max(of[load]["calls_per_second"] for of in peers)
            yield line(f"{load}: 3x the calls of the best peer", f"{ratio:.2f}x", ratio >= 3)
        for what, name in (("resident", "loaded_mb"), ("anonymous", "loaded_anonymous_mb")):
            share = ours[name] / min(of[name] for of in peers)
            yield line(f"{what} memory after 16 clients: 0.2 of the best peer's", f"{share:.2f}", share <= 0.2)
    if ours:
        alone = ours[key("modern", 1, 0, "fetch")]["p50_us"]
        for rate, how in ((0, "that never pause"), (pace, f"that make {pace} calls/s together")):
            times = ours[key("modern", 256, rate, "fetch")]["p99_us"] / alone
            yield line(f"p99 of 256 clients {how}: under 20x the p50 of 1", f"{times:.1f}x", times < 20)
    if soaked:
        rise = soaked["anonymous_per_minute"] * soaked["minutes"]
        yield line(f"memory flat over {soaked['minutes']:g} minutes: rises by less than 5%", f"{rise:+.1f} MB", rise < 0.05 * soaked["most_mb"])


def line(target, measured, met):
    return f"| {target} | {measured} | {'yes' if met else 'no'} |"


def soak(soaked):
    return (
        f"Under 16 clients for {soaked['minutes']:g} minutes, {soaked['calls']:,.0f} calls: {soaked['least_mb']:.0f} to "
        f"{soaked['most_mb']:.0f} MB resident after the first tenth; {soaked['resident_per_minute'] * 1e3:+.0f} kB a minute by least "
        f"squares, {soaked['anonymous_per_minute'] * 1e3:+.0f} kB of it anonymous."
    )


def write(readme, text):
    before, begin, rest = readme.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"{readme} has no {BEGIN} and {END}")
    readme.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")
