set shell := ["bash", "-euo", "pipefail", "-c"]

sample := "target/sample"
address := "127.0.0.1:8791"

# List the recipes
default:
    @just --list --unsorted

# Format and lints
check:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings
    @if command -v cargo-deny >/dev/null; then cargo deny check; else echo "cargo-deny is not installed: dependencies unchecked"; fi

# All tests, or those whose name contains FILTER
test filter="":
    cargo test --workspace {{ filter }}

# Accept a changed contract: schemas/ and the table of tools in the README
accept: build
    target/debug/revarch schemas
    git status --short schemas README.md

# Begin a tool: just new-tool measure_revenue revenue
new-tool name toolset="assess":
    #!/usr/bin/env bash
    set -euo pipefail
    name="{{ name }}" toolset="{{ toolset }}"
    [[ $name =~ ^[a-z]+(_[a-z]+)+$ && ${#name} -le 32 ]] || { echo "a tool is named verb_object, in at most 32 characters" >&2; exit 2; }
    [ ! -e "tools/$name" ] || { echo "tools/$name is there already" >&2; exit 2; }
    type=$(sed -E 's/(^|_)([a-z])/\u\2/g' <<<"$name")
    title=$(sed -E 's/_/ /g; s/^./\u&/' <<<"$name")
    mkdir -p "tools/$name/cases"
    cat >"tools/$name/mod.rs" <<RUST
    //! The question that this tool answers.

    use crate::{Answer, Context, ErrorKind, Tool, ToolError, Toolset};
    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};

    /// The tool.
    pub struct $type;

    /// Arguments of \`$name\`.
    #[derive(Debug, Default, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields, default)]
    pub struct Input {}

    /// Result of \`$name\`.
    #[derive(Debug, Serialize, JsonSchema)]
    pub struct Output {}

    impl Tool for $type {
        const NAME: &'static str = "$name";
        const TITLE: &'static str = "$title";
        const DESCRIPTION: &'static str = include_str!("description.md");
        const TOOLSET: Toolset = Toolset::${toolset^};
        type Input = Input;
        type Output = Output;

        async fn call(input: Input, _context: &Context) -> Result<Answer<Output>, ToolError> {
            let Input {} = input;
            Err(ToolError::new(ErrorKind::Internal, "$name is not written yet"))
        }
    }
    RUST
    cat >"tools/$name/description.md" <<'MD'
    What it answers, in one sentence.

    Use it when. Not for: name the tool that is. Call first: name the tool, or none.

    Example: {}
    MD
    cat >"tools/$name/cases/unknown_argument.json" <<'JSON'
    {
      "name": "an argument that does not exist is refused",
      "arguments": { "no_such_argument": 1 },
      "expect": { "is_error": true, "text_contains": ["unknown field `no_such_argument`"] }
    }
    JSON
    sed -i "0,/^mod schema;/s//pub mod $name;\nmod schema;/; s/^    \]$/        Route::of::<$name::$type>(),\n    ]/" tools/lib.rs
    cargo fmt --package revarch-tools
    echo "tools/$name begun and listed in tools/lib.rs; write it, then: just accept"

# Serve the sample company, or the folder DATA, over HTTP
serve data=sample: sample-company
    target/debug/revarch serve --http {{ address }} --data {{ data }}

# Open the MCP Inspector on the sample company or the folder DATA
inspect data=sample: sample-company
    npx --yes @modelcontextprotocol/inspector@2.12.0 target/debug/revarch serve --data {{ data }}

# The official conformance suite against the server with the suite's own tools in it (wants Node 22)
conformance-fixtures:
    #!/usr/bin/env bash
    set -euo pipefail
    cargo build --workspace --features revarch/conformance --example conformance_server
    target/debug/examples/conformance_server {{ address }} &
    server=$!
    trap 'kill $server' EXIT
    curl --silent --fail --output /dev/null --retry 50 --retry-connrefused --retry-delay 1 http://{{ address }}/healthz
    for revision in 2025-11-25 2026-07-28; do
        npx --yes @modelcontextprotocol/conformance@0.2.0-alpha.12 server --url http://{{ address }}/mcp \
            --requirements $revision
    done

# The same against the product, as far as it goes without fixtures
conformance: sample-company
    #!/usr/bin/env bash
    set -euo pipefail
    target/debug/revarch serve --http {{ address }} --data {{ sample }} &
    server=$!
    trap 'kill $server' EXIT
    curl --silent --fail --output /dev/null --retry 50 --retry-connrefused --retry-delay 1 http://{{ address }}/healthz
    for revision in 2025-11-25 2026-07-28; do
        npx --yes @modelcontextprotocol/conformance@0.2.0-alpha.12 server --url http://{{ address }}/mcp \
            --requirements $revision --expected-failures tests/conformance/$revision.yml
    done

# Time the making and reviewing of a sample company, in release mode
bench contacts="1000000":
    cargo build --release --workspace
    time target/release/revarch demo --contacts {{ contacts }} --out target/bench

# Profile contacts beside DuckDB, Polars and qsv (wants `pip install duckdb polars`): just bench-profile --write
bench-profile *arguments:
    cargo build --release --workspace
    python3 benches/profile.py {{ arguments }}

# Everything that continuous integration checks
ci:
    .ci/run

[private]
build:
    cargo build --workspace

[private]
sample-company: build
    @[ -e {{ sample }} ] || target/debug/revarch demo --out {{ sample }} >/dev/null
