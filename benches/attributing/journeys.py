"""Makes touches and won deals of so many people: as tables, and as the paths they come to.

    python3 journeys.py FOLDER PEOPLE

Twelve channels of unequal weight, 1 to 9 touches a person, one in twenty converts, for the value of a log-normal
draw. All follows from a fixed seed.
"""

import collections
import pathlib
import sys

import numpy

RECIPE = "1"
CHANNELS = ["affiliate", "content", "direct", "display", "email", "events", "mail", "partner", "search", "seo", "social", "webinar"]
WEIGHTS = numpy.array([2, 8, 18, 6, 16, 3, 1, 4, 17, 14, 9, 2]) / 100
PULL = numpy.array([0.6, 1.0, 1.1, 0.4, 1.2, 2.0, 0.7, 1.8, 1.3, 1.0, 0.5, 2.2])
BLOCK = 250_000
DAY = 86_400


def main():
    folder, people = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    tables = folder / "tables"
    tables.mkdir(parents=True, exist_ok=True)
    random = numpy.random.default_rng(1)
    paths = collections.defaultdict(lambda: [0, 0.0, 0])
    with open(tables / "touches.csv", "w") as touches, open(tables / "deals.csv", "w") as deals:
        touches.write("contact_id,channel,occurred_at\n")
        deals.write("deal_id,contact_id,stage,amount,created_at,close_date\n")
        for start in range(0, people, BLOCK):
            count = min(BLOCK, people - start)
            lengths = numpy.minimum(random.geometric(0.35, count), 9)
            owner = numpy.repeat(numpy.arange(count), lengths)
            channel = random.choice(len(CHANNELS), size=len(owner), p=WEIGHTS)
            pull = numpy.add.reduceat(PULL[channel], numpy.concatenate([[0], numpy.cumsum(lengths)[:-1]])) / lengths
            converted = random.random(count) < 0.05 * pull
            value = numpy.round(random.lognormal(8, 1, count), 2)
            # From June 2025 on, every journey within 60 days.
            seconds = random.integers(0, 60 * DAY, len(owner))
            seconds = seconds[numpy.lexsort((seconds, owner))]
            shuffled = random.permutation(len(owner))
            base = numpy.datetime64("2025-06-01T00:00:00")
            times = numpy.datetime_as_string(base + seconds.astype("timedelta64[s]"), unit="s")
            touches.writelines(f"C{start + owner[at]},{CHANNELS[channel[at]]},{times[at]}Z\n" for at in shuffled)
            deals.writelines(
                f"D{start + at},C{start + at},closed_won,{value[at]:.2f},2025-07-01T00:00:00Z,2025-08-01\n"
                for at in numpy.flatnonzero(converted)
            )
            begin = 0
            for at, length in enumerate(lengths):
                of = paths[tuple(channel[begin : begin + length])]
                begin += length
                if converted[at]:
                    of[0] += 1
                    of[1] += value[at]
                else:
                    of[2] += 1
    with open(folder / "paths.csv", "w") as out:
        out.write("path;conversions;value;nulls\n")
        for path, (conversions, value, nulls) in paths.items():
            out.write(f"{' > '.join(CHANNELS[at] for at in path)};{conversions};{value:.2f};{nulls}\n")
    (folder / "recipe").write_text(f"{RECIPE} {people}")


if __name__ == "__main__":
    main()
