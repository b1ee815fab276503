"""Makes people with known doubles: people.py FOLDER RECORDS

Writes FOLDER/people.csv (contact_id, first_name, last_name, email, phone, birth_date, city) and FOLDER_truth.csv (id,
person), with numpy and one seed. Names, towns and companies are drawn from lists with a long tail. Of each person there
are one to four records; the further ones have slips of the finger, short forms, swapped names, days and months swapped,
moves, new addresses and gaps. Rows are in random order.
"""

import pathlib
import sys

import numpy
import pandas

folder, records = pathlib.Path(sys.argv[1]), int(sys.argv[2])
random = numpy.random.default_rng(5)
SYLLABLES = "ba be bo da de do fa fe ga ge go ka ke ko la le lo ma me mo na ne no ra re ro sa se so ta te to va ve vi".split()
ENDS = "n s ster man son ick ert a e o in ard berg ley ton well".split()


def words(count, parts):
    made = set()
    while len(made) < count:
        made.add("".join(random.choice(SYLLABLES, size=parts)) + str(random.choice(ENDS)))
    return numpy.array(sorted(made), dtype=object)


def drawn(values, size, steepness=0.8):
    weights = 1 / numpy.arange(1, len(values) + 1) ** steepness
    return values[random.choice(len(values), size=size, p=weights / weights.sum())]


people = int(records / 1.5)
first, last = drawn(words(1200, 2), people), drawn(words(30000, 3), people, 0.7)
town, company = drawn(words(800, 2), people), drawn(words(5000, 2), people, 0.5)
birth = numpy.datetime64("1945-01-01") + random.integers(0, 365 * 60, people).astype("timedelta64[D]")
number = random.integers(2_000_000_000, 9_999_999_999, people)
copies = random.choice([1, 2, 3, 4], size=people, p=[0.65, 0.24, 0.07, 0.04])
person = numpy.repeat(numpy.arange(people), copies)
person = person[:records]
again = numpy.concatenate([[False], person[1:] == person[:-1]])
frame = pandas.DataFrame({
    "first_name": first[person], "last_name": last[person],
    "email": (pandas.Series(first) + "." + last + (numpy.arange(people) % 97).astype(str) + "@" + company + ".example").to_numpy()[person],
    "phone": pandas.Series(number[person]).astype(str).to_numpy(),
    "birth_date": birth[person].astype(str), "city": town[person],
})


def some(share, of=None):
    return numpy.flatnonzero((again if of is None else of) & (random.random(len(frame)) < share))


def change(column, rows, how):
    values = frame[column].to_numpy(dtype=object, copy=True)
    values[rows] = [how(value) for value in values[rows]]
    frame[column] = values


def slip(text):
    """A letter lost, doubled, changed or swapped with the next."""
    at = int(random.integers(0, max(len(text) - 1, 1)))
    letter = SYLLABLES[int(random.integers(len(SYLLABLES)))][0]
    return [
        text[:at] + text[at + 1 :],
        text[: at + 1] + text[at:],
        text[:at] + letter + text[at + 1 :],
        text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :],
    ][int(random.integers(4))]


for column, share in {"first_name": 0.2, "last_name": 0.2, "email": 0.12, "phone": 0.1, "city": 0.1}.items():
    change(column, some(share), slip)
change("first_name", some(0.1), lambda text: text[: int(random.integers(1, 4))])
change("birth_date", some(0.1), lambda day: day[:4] + "-" + day[8:] + "-" + day[5:7])
change("birth_date", some(0.08), lambda day: day[:-1] + str(int(random.integers(10))))
rows = some(0.06)
frame.loc[rows, ["first_name", "last_name"]] = frame.loc[rows, ["last_name", "first_name"]].to_numpy()
rows = some(0.15)
frame.loc[rows, "city"] = drawn(numpy.unique(town), len(rows))
rows = some(0.3)
frame.loc[rows, "email"] = [f"{name}{int(random.integers(9999))}@mail.example" for name in frame.loc[rows, "first_name"]]
rows = some(0.3)
frame.loc[rows, "phone"] = random.integers(2_000_000_000, 9_999_999_999, len(rows)).astype(str)
for column, share in {"email": 0.2, "phone": 0.3, "birth_date": 0.25, "city": 0.2, "first_name": 0.03}.items():
    frame.loc[some(share, numpy.ones(len(frame), bool)), column] = ""

order = random.permutation(len(frame))
frame, person = frame.iloc[order].reset_index(drop=True), person[order]
frame.insert(0, "contact_id", [f"P{at}" for at in range(len(frame))])
folder.mkdir(parents=True, exist_ok=True)
frame.to_csv(folder / "people.csv", index=False)
truth = pandas.DataFrame({"id": frame.contact_id, "person": person})
truth.to_csv(folder.parent / f"{folder.name}_truth.csv", index=False)
