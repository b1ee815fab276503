"""What one cell says, read anew from the comments of src/domain/value: kinds, days, numbers, names of companies.

Nothing here is a translation: texts are told apart by regular expressions and days by Python's calendar.
"""

import calendar
import datetime
import re

# White space as Unicode has it; Python's own `strip` takes four separators more.
WHITE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
PLACEHOLDERS = """- -- . ? n/a #n/a n.a. none null nil nan tbd tba unknown undefined test xxx""".split() + [
    "not available",
    "not applicable",
    "not provided",
    "not set",
]
DEFAULT_DATES = ["1900-01-01", "0000-00-00", "00/00/0000", "01/01/1900"]
FREE_MAIL = """gmail.com googlemail.com yahoo.com ymail.com hotmail.com outlook.com live.com msn.com icloud.com me.com
mac.com aol.com gmx.de gmx.net gmx.com web.de t-online.de mail.com mail.ru proton.me protonmail.com qq.com 163.com
yandex.ru""".split()
LEGAL_FORMS = """inc incorporated corp corporation co company llc llp lp ltd limited plc gmbh ag kg ohg ug mbh se sa sas
sarl srl spa bv nv oy oyj ab as aps pty pte pvt kk group and""".split()
SALESFORCE_PREFIXES = "001 003 005 006 00Q 00T 00U 00v 00D 00G 00k 00K 012 500 701 02s".split()

DATE_FORMATS = ["year_first", "day_first", "month_first", "day_or_month_first", "dotted", "month_by_name"]
KINDS = """integer decimal formatted_number boolean date timestamp email url phone domain uuid salesforce_id
text""".split()

INTEGER = re.compile(r"[+-]?(0|[1-9][0-9]*)")
DECIMAL = re.compile(r"[+-]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
DOMAIN = re.compile(r"([\w-]+\.)+[A-Za-z]{2,}")
PHONE = re.compile(r"[0-9 ()+.\-]+")
URL = re.compile(r"(https?://|www\.)\S*", re.I)
CLOCK = re.compile(
    r"(?P<h>\d{1,2}):(?P<m>\d\d)(:(?P<s>\d\d)([.,](?P<f>\d*))?)?\s*"
    r"(?P<half>[AaPp][Mm])?(?P<zone>[Zz]|[Uu][Tt][Cc]|[+-]\d\d(:?\d\d)?)?",
    re.A,
)
NUMBERED = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})(?:[T ](.+))?", re.A)
MONTH = r"(?P<month>[A-Za-z]+)\.?"
NAMED = re.compile(
    rf"(?:(?P<day>\d{{1,2}})[ -/]{MONTH}|{MONTH.replace('month', 'first')}[ -/](?P<second>\d{{1,2}})),?[ -/,]"
    r"(?P<year>\d{4})(?: (?P<time>.+))?".replace("[ -/,]", "[ /,-]").replace("[ -/]", "[ /-]"),
    re.A,
)
MONTHS = {name.lower(): at for at, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.lower(): at for at, name in enumerate(calendar.month_abbr) if name}
GROUPED = [rf"\d{{1,3}}({mark}\d{{3}})+({point}\d+)?" for mark, point in ((",", r"\."), ("'", r"\."), (r"\.", ","))]
PLAIN_COMMA = r"\d+,\d+"
MARKED = [r"\d+([.,]\d+)?", rf"\d{{1,3}}([ \xa0]\d{{3}})+([.,]\d+)?"]
EPOCH = datetime.date(1970, 1, 1).toordinal()
ODD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
# The plainest orders to an agent; the product knows more, so it has to find at least these.
ORDER = re.compile(r"ignore (all )?previous instructions|system prompt|<system>|you are now a", re.I)


def bare(text):
    return text.strip(WHITE)


def is_placeholder(text):
    text = bare(text).lower()
    return text in PLACEHOLDERS or bool(
        re.fullmatch("(" + "|".join(map(re.escape, DEFAULT_DATES)) + ")([t ]00:00.*)?", text)
    )


def micros_of_day(year, month, day):
    """Microseconds from 1970 to the start of a day; nothing where there is no such day."""
    try:
        return (datetime.date(year, month, day).toordinal() - EPOCH) * 86_400_000_000
    except ValueError:
        return None


def micros_of_clock(text):
    found = CLOCK.fullmatch(text)
    if not found or found["half"] and found["zone"]:
        return None
    hour, minute, second = int(found["h"]), int(found["m"]), int(found["s"] or 0)
    if hour > 24 or minute > 59 or second > 60:
        return None
    if (found["half"] or "").lower() == "pm" and hour < 12:
        hour += 12
    elif (found["half"] or "").lower() == "am" and hour == 12:
        hour = 0
    ahead = 0
    if found["zone"] and found["zone"][0] in "+-":
        digits = found["zone"][1:].replace(":", "")
        ahead = int(found["zone"][0] + "1") * (int(digits[:2]) * 60 + int(digits[2:] or 0))
    fraction = int(((found["f"] or "") + "000000")[:6])
    return (((hour * 60 + minute) - ahead) * 60 + second) * 1_000_000 + fraction


def moment(text):
    """`(microseconds or nothing where the day is ambiguous, format, whether there is a time)` of a day or moment."""
    if not 6 <= len(text) <= 40 or not text.isascii():
        return None
    ambiguous = False
    if found := NUMBERED.fullmatch(text):
        a, mark, b, c, time = found.groups()
        if len(a) == 4 and len(c) <= 2 and mark != ".":
            (year, month, day), way = (a, b, c), "year_first"
        elif len(a) <= 2 and len(c) == 4:
            if mark == ".":
                (year, month, day), way = (c, b, a), "dotted"
            elif int(a) > 12:
                (year, month, day), way = (c, b, a), "day_first"
            elif int(b) > 12:
                (year, month, day), way = (c, a, b), "month_first"
            else:
                (year, month, day), way = (c, a, b), "day_or_month_first"
                ambiguous = int(a) != int(b)
        else:
            return None
        year, month, day = int(year), int(month), int(day)
    elif found := NAMED.fullmatch(text):
        month = MONTHS.get((found["month"] or found["first"]).lower())
        if not month:
            return None
        year, day, way, time = int(found["year"]), int(found["day"] or found["second"]), "month_by_name", found["time"]
    else:
        return None
    micros = micros_of_day(year, month, day)
    if micros is None:
        return None
    if time is not None:
        clock = micros_of_clock(time)
        if clock is None:
            return None
        micros += clock
    return None if ambiguous else micros, way, time is not None


def is_formatted_number(text):
    """A number with a currency or percent sign, thousands marks or a decimal comma; brackets say below nought."""
    if text.startswith("(") and text.endswith(")"):
        text = bare(text[1:-1])
    text = re.sub(r"^[+-]\s*", "", text)
    plain = re.sub(r"\s*%$", "", re.sub(r"^[$€£¥₹]\s*|\s*[$€£¥₹]$", "", text))
    plain = re.sub(r"^(USD|EUR|GBP|JPY|CHF|CAD|AUD|INR)\s*|\s*(USD|EUR|GBP|JPY|CHF|CAD|AUD|INR)$", "", plain)
    marked = plain != text
    plain = re.sub(r"^[$€£¥₹]\s*|\s*[$€£¥₹]$|^-", "", plain)
    shapes = GROUPED[:2] + [PLAIN_COMMA, rf"(?=.*,){GROUPED[2]}"] + (MARKED + GROUPED if marked else [])
    return any(re.fullmatch(shape, plain, re.A) for shape in shapes)


def is_phone(text):
    """Digits with separators, unless grouped like a day or like an address of the internet."""
    digits = sum(letter.isdigit() for letter in text)
    if not PHONE.fullmatch(text) or not 7 <= digits <= 15 or digits == len(text):
        return False
    if re.fullmatch(r"....([-/])..\1..", text) or re.fullmatch(r"\d{1,2}\.\d{1,2}\.\d{4}", text):
        return False
    return not (re.fullmatch(r"\d+(\.\d+){3}", text) and all(int(part) < 256 for part in text.split(".")))


def is_salesforce_id(text):
    """15 letters with a known prefix, or 18 of which the last three say which of the others are upper case."""
    if not re.fullmatch(r"[0-9A-Za-z]{15}([0-9A-Za-z]{3})?", text):
        return False
    if len(text) == 15:
        return text[:3] in SALESFORCE_PREFIXES
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
    return all(
        alphabet[sum(text[5 * part + at].isupper() << at for at in range(5))] == text[15 + part] for part in range(3)
    )


def kind_of(text):
    """The kind of a filled cell without white space around it, and what it says as a number and as a moment."""
    if INTEGER.fullmatch(text):
        if text[0] == "+" and len(text) > 7:
            return "phone", None, None
        return "integer", float(text), None
    if DECIMAL.fullmatch(text):
        number = float(text)
        return ("text", None, None) if number in (float("inf"), float("-inf")) else ("decimal", number, None)
    if when := moment(text):
        return ("timestamp" if when[2] else "date"), None, when
    if re.search(r"[0-9]", text) and is_formatted_number(text):
        return "formatted_number", None, None
    if is_phone(text):
        return "phone", None, None
    if UUID.fullmatch(text):
        return "uuid", None, None
    if is_salesforce_id(text):
        return "salesforce_id", None, None
    if text.lower() in ("true", "false", "yes", "no"):
        return "boolean", None, None
    if URL.fullmatch(text):
        return "url", None, None
    local, at, domain = text.partition("@")
    if at and local and not re.search(r"\s", text) and DOMAIN.fullmatch(domain):
        return "email", None, None
    if DOMAIN.fullmatch(text):
        return "domain", None, None
    return "text", None, None


def shown(micros, with_time):
    """A moment as results show it."""
    when = datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=micros)
    if not with_time:
        return f"{when:%Y-%m-%d}".rjust(10, "0")
    return when.isoformat().rstrip("0" if when.microsecond else "") + "Z"


def nearest_rank(counts, percent):
    """The least value that so many percent of all do not exceed, by whole numbers only."""
    total = sum(times for _, times in counts)
    rank, seen = max(1, -(-percent * total // 100)), 0
    for value, times in sorted(counts):
        seen += times
        if seen >= rank:
            return value


def spaced(value):
    return " ".join(part for part in re.split(f"[{WHITE}]+", value) if part)


def company_core(name):
    """A company's name without its legal form, punctuation and case."""
    words = re.findall(r"[^\W_]+", name.lower().replace(".", "").replace("&", " and "))
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    return " ".join(words)


def one_letter_apart(a, b):
    """Whether one letter added, dropped or changed, or two neighbours swapped, turn one word into the other."""
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    start = next((at for at, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    a, b = a[start:], b[start:]
    return a[1:] == b or a == b[1:] or a[1:] == b[1:] or a[:2] == b[:2][::-1] and len(b) > 1 and a[2:] == b[2:]


class Cells:
    """All that is to be known of a column's cells, from each different text and its rows."""

    def __init__(self, counts):
        self.nulls = sum(rows for text, rows in counts if text is None)
        texts = [(text, rows) for text, rows in counts if text is not None]
        self.blanks = sum(rows for text, rows in texts if not bare(text))
        self.placeholders = sum(rows for text, rows in texts if bare(text) and is_placeholder(text))
        self.top = [(text, rows) for text, rows in texts if bare(text) and not is_placeholder(text)]
        self.top.sort(key=lambda one: (-one[1], one[0].encode()))
        self.filled = sum(rows for _, rows in self.top)
        self.rows = self.nulls + self.blanks + self.placeholders + self.filled
        self.kinds, self.formats = dict.fromkeys(KINDS, 0), dict.fromkeys(DATE_FORMATS, 0)
        self.numbers, self.moments = [], []
        self.padded = self.controls = self.longest = self.implausible = self.orders = 0
        for text, rows in self.top:
            self.read(text, rows)
        self.case_variants, self.space_variants = self.variants()

    def read(self, text, rows):
        plain = bare(text)
        kind, number, when = kind_of(plain)
        self.kinds[kind] += rows
        self.padded += rows * (plain != text)
        if when:
            micros, way, _ = when
            self.formats[way] += rows
            if micros is not None:
                self.moments.append((micros, rows))
                if not micros_of_day(1900, 1, 1) <= micros < micros_of_day(2101, 1, 1):
                    self.implausible += rows
        elif number is not None:
            self.numbers.append((number, rows))
        else:
            self.longest = max(self.longest, len(plain.encode()))
        if kind == "text":
            self.controls += rows * bool(ODD.search(plain))
            self.orders += rows * bool(ORDER.search(plain))

    def variants(self):
        """Rows that are a commoner value but for case, and but for white space."""
        first, case, space = {}, 0, 0
        for text, rows in self.top:
            plain = spaced(text)
            if plain.lower() not in first:
                first[plain.lower()] = plain
            elif first[plain.lower()] == plain:
                space += rows
            else:
                case += rows
        return case, space

    @property
    def distinct(self):
        return len(self.top)

    def leading(self):
        numbers = self.kinds["integer"] + self.kinds["decimal"]
        moments = self.kinds["date"] + self.kinds["timestamp"]
        boolean = self.kinds["boolean"]
        types = [
            (self.filled - numbers - moments - boolean, "text"),
            (boolean, "boolean"),
            (moments, "timestamp" if self.kinds["timestamp"] else "date"),
            (numbers, "decimal" if self.kinds["decimal"] else "integer"),
        ]
        return max(types, key=lambda one: one[0])

    @property
    def type(self):
        rows, name = self.leading()
        if not self.filled:
            return "empty"
        return name if rows * 10 >= self.filled * 9 else "text"

    @property
    def exceptions(self):
        rows, name = self.leading()
        return self.filled - rows if name != "text" and rows * 2 >= self.filled else 0

    @property
    def pattern(self):
        for kind in ("email", "url", "phone", "domain", "uuid", "salesforce_id", "formatted_number"):
            if self.filled and self.kinds[kind] * 10 >= self.filled * 9:
                return kind
        return None

    @property
    def is_picklist(self):
        return 1 < self.distinct <= 100 and self.distinct * 4 <= self.filled

    def misspelt(self, top=None):
        """`(variant, value it stands for, rows)`: a rarer value that is a commoner one but for case, marks or a letter."""
        letters = lambda value: "".join(re.findall(r"[^\W_]", value)).lower()
        found, top = [], self.top if top is None else top
        for at, (rare, rows) in enumerate(top):
            is_code = bool(re.search(r"[0-9]", rare)) or len(letters(rare)) < 6
            for common, more in top[:at]:
                if is_code:
                    alike = bare(rare).lower() == bare(common).lower()
                else:
                    a, b = letters(rare), letters(common)
                    alike = a == b or more >= 2 * rows and one_letter_apart(a, b)
                if alike:
                    found.append((rare, common, rows))
                    break
        return found
