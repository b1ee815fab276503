"""What a user of Splink writes, as a process of its own: splink_side.py SET FILE PAIRS

SET is `fake_1000`, `febrl` or `people`; the settings follow Splink's own examples for such data, with every blocking
rule of theirs. Reads FILE and writes the pairs with their match weights to PAIRS.
"""

import logging
import sys

import duckdb
import pandas
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

logging.getLogger("splink").setLevel(logging.ERROR)
which, file, out = sys.argv[1:]

if which == "febrl":
    unique_id = "rec_id"
    comparisons = [
        cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
        cl.NameComparison("surname").configure(term_frequency_adjustments=True),
        cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
        cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
        cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True),
    ]
    rules = ["soc_sec_id", "given_name", "surname", "date_of_birth", "postcode"]
    blocking = [block_on(rule) for rule in rules]
    training = [block_on("date_of_birth"), block_on("postcode")]
    sure = [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")]
elif which == "fake_1000":
    unique_id = "unique_id"
    comparisons = [
        cl.NameComparison("first_name"),
        cl.NameComparison("surname"),
        cl.DateOfBirthComparison("dob", input_is_string=True),
        cl.ExactMatch("city").configure(term_frequency_adjustments=True),
        cl.EmailComparison("email"),
    ]
    blocking = [block_on("first_name", "city"), block_on("surname"), block_on("first_name"), block_on("dob"), block_on("email")]
    training = [block_on("first_name", "surname"), block_on("dob")]
    sure = [block_on("first_name", "surname", "dob"), block_on("email")]
else:
    unique_id = "contact_id"
    comparisons = [
        cl.ForenameSurnameComparison("first_name", "last_name").configure(term_frequency_adjustments=True),
        cl.DateOfBirthComparison("birth_date", input_is_string=True),
        cl.EmailComparison("email").configure(term_frequency_adjustments=True),
        cl.ExactMatch("city").configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("phone", [1]),
    ]
    blocking = [
        block_on("email"),
        block_on("phone"),
        block_on("first_name", "last_name"),
        block_on("last_name", "birth_date"),
        block_on("first_name", "birth_date"),
        block_on("city", "birth_date"),
    ]
    training = [block_on("first_name", "last_name"), block_on("birth_date", "city")]
    sure = [block_on("first_name", "last_name", "birth_date"), block_on("email")]

api = DuckDBAPI()
frame = duckdb.sql(f"SELECT * FROM read_csv('{file}', header = true, all_varchar = true)").df()
if which == "people":
    frame["first_name_last_name_concat"] = frame.first_name + " " + frame.last_name
settings = SettingsCreator(
    link_type="dedupe_only",
    unique_id_column_name=unique_id,
    comparisons=comparisons,
    blocking_rules_to_generate_predictions=blocking,
)
try:
    linker = Linker(frame, settings, api)
except (TypeError, AttributeError):
    linker = Linker(api.register(frame), settings)
linker.training.estimate_probability_two_random_records_match(sure, recall=0.7)
linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
for rule in training:
    linker.training.estimate_parameters_using_expectation_maximisation(rule)
pairs = linker.inference.predict(threshold_match_weight=-10)
table = pairs.as_duckdbpyrelation() if hasattr(pairs, "as_duckdbpyrelation") else pairs.as_pandas_dataframe()
assert isinstance(table, (pandas.DataFrame, duckdb.DuckDBPyRelation))
wanted = f"SELECT {unique_id}_l AS id_a, {unique_id}_r AS id_b, match_weight FROM table"
if isinstance(table, duckdb.DuckDBPyRelation):
    table.project(f"{unique_id}_l AS id_a, {unique_id}_r AS id_b, match_weight").write_csv(out)
else:
    duckdb.sql(wanted).write_csv(out)
