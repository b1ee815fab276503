"""Starts servers, loads them, and watches what they take."""

import contextlib
import json
import os
import pathlib
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

LONGEST_START = 60
PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1e6
TICK_US = 1e6 / os.sysconf("SC_CLK_TCK")
INITIALIZE = {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "bench", "version": "1"}}}
INITIALIZED = {"jsonrpc": "2.0", "method": "notifications/initialized"}
LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
META = {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientInfo": {"name": "bench", "version": "1"}, "io.modelcontextprotocol/clientCapabilities": {}}


def free_port():
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return opened.getsockname()[1]


class Pipe:
    """A server on stdin and stdout."""

    def __init__(self, contender, folder):
        self.process = subprocess.Popen(contender.stdio, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def ask(self, message):
        self.process.stdin.write(json.dumps(message).encode() + b"\n")
        self.process.stdin.flush()
        while "id" in message:
            line = self.process.stdout.readline()
            if not line:
                raise RuntimeError("the server left")
            answer = json.loads(line)
            if answer.get("id") == message["id"]:
                if "error" in answer or answer["result"].get("isError"):
                    raise RuntimeError(line.decode()[:300])
                return answer["result"]

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)


def start_on_stdio(contender, tool, arguments, calls):
    """Milliseconds from nothing to the first list of tools, and microseconds of each of so many calls after it."""
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        pipe = Pipe(contender, folder)
        pipe.ask(INITIALIZE)
        pipe.ask(INITIALIZED)
        if not pipe.ask(LIST)["tools"]:
            raise RuntimeError(f"{contender.name} lists no tools")
        started = (time.perf_counter() - begin) * 1e3
        took = []
        for number in range(calls):
            before = time.perf_counter()
            pipe.ask({"jsonrpc": "2.0", "id": 2 + number, "method": "tools/call", "params": {"name": tool, "arguments": arguments}})
            took.append((time.perf_counter() - before) * 1e6)
        pipe.close()
        return started, took


@contextlib.contextmanager
def serving(contender):
    """A server on HTTP: its process, its port, and the milliseconds until its first list of tools."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        log = pathlib.Path(folder, "log")
        begin = time.perf_counter()
        process = subprocess.Popen(contender.on(port), cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=open(log, "wb"))
        try:
            while not lists_tools(port):
                if process.poll() is not None or time.perf_counter() - begin > LONGEST_START:
                    raise RuntimeError(f"{contender.name} does not start: {log.read_text()[-500:]}")
                time.sleep(0.001)
            yield process, port, (time.perf_counter() - begin) * 1e3
        finally:
            process.kill()
            process.wait()


def lists_tools(port):
    body = json.dumps({**LIST, "params": {"_meta": META}}).encode()
    headers = {"content-type": "application/json", "accept": "application/json, text/event-stream", "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/list"}
    try:
        with urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}/mcp", body, headers), timeout=30) as answer:
            return bool(json.loads(answer.read())["result"]["tools"])
    except urllib.error.HTTPError as error:
        raise RuntimeError(f"tools/list: {error.code} {error.read()[:300]}") from error
    except OSError:
        return False


def load(generator, port, era, clients, seconds, rate, tool, arguments):
    """Begins to load a server."""
    words = [generator, f"127.0.0.1:{port}", era, clients, seconds, rate, tool, json.dumps(arguments)]
    return subprocess.Popen([str(word) for word in words], stdout=subprocess.PIPE, text=True)


def loaded(generator, process, port, *how):
    """What a load showed, with the processor time that each call cost the server."""
    before = processor_us(process)
    running = load(generator, port, *how)
    told, _ = running.communicate()
    if running.returncode:
        raise RuntimeError("the load generator failed")
    found = json.loads(told)
    found["server_us"] = (processor_us(process) - before) / max(found["all_calls"], 1)
    return found


def processor_us(process):
    words = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(words[11]) + int(words[12])) * TICK_US


def memory_mb(process):
    """All that is resident, and what of it is no part of a file, so that the system cannot drop it."""
    words = pathlib.Path(f"/proc/{process.pid}/statm").read_text().split()
    return int(words[1]) * PAGE_MB, (int(words[1]) - int(words[2])) * PAGE_MB


def slope(samples):
    """What (minute, value) pairs rise by in a minute, by least squares."""
    middle = [sum(values) / len(samples) for values in zip(*samples)]
    spread = sum((minute - middle[0]) ** 2 for minute, _ in samples)
    return sum((minute - middle[0]) * (value - middle[1]) for minute, value in samples) / spread


def soak(generator, contender, minutes, calls):
    """Memory over time under 16 clients that make both calls; the first tenth is not counted."""
    with serving(contender) as (process, port, _):
        seconds = minutes * 60
        running = [load(generator, port, "modern", 8, seconds, 0, tool, arguments) for tool, arguments in calls]
        begin, samples = time.monotonic(), []
        while (passed := time.monotonic() - begin) < seconds:
            samples.append((passed / 60, *memory_mb(process)))
            time.sleep(1)
        told = [json.loads(one.communicate()[0]) for one in running]
    counted = samples[len(samples) // 10 :]
    return {
        "minutes": minutes,
        "calls": sum(one["calls"] for one in told),
        "failures": sum(one["failures"] for one in told),
        "least_mb": min(sample[1] for sample in counted),
        "most_mb": max(sample[1] for sample in counted),
        "resident_per_minute": slope([(minute, resident) for minute, resident, _ in counted]),
        "anonymous_per_minute": slope([(minute, anonymous) for minute, _, anonymous in counted]),
    }
