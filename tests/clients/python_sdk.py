"""Uses the server through the official Python SDK: each protocol era on each transport.

    python tests/clients/python_sdk.py BINARY [ARGUMENT ...]

The arguments are those of `revarch serve`, for instance `--data DIR`.
"""

import asyncio
import contextlib
import pathlib
import re
import subprocess
import sys
import tempfile

from mcp import Client, MCPError, StdioServerParameters
from mcp.types import ElicitResult

# How the SDK connects, and the version that comes of it.
ERAS = {"legacy": "2025-11-25", "auto": "2026-07-28"}


async def check(server, era: str) -> int:
    """Lists and calls what needs no arguments, and gives the number of tools."""
    async with Client(server, mode=era, read_timeout_seconds=120) as client:
        assert client.protocol_version == ERAS[era], client.protocol_version
        assert client.server_info.name == "revarch", client.server_info
        tools = (await client.list_tools()).tools
        assert tools, "there are no tools"
        # The SDK checks structured content against the tool's output schema.
        described = await client.call_tool("describe_data", {})
        text = described.content[0].text
        assert described.is_error or described.structured_content, text
        refused = await client.call_tool("describe_data", {"no_such_argument": 1})
        assert refused.is_error and "hint:" in refused.content[0].text, refused
        try:
            await client.call_tool("describe_date", {})
        except MCPError as error:
            assert error.error.code == -32602 and "describe_data" in error.error.message, error
        else:
            raise AssertionError("an unknown tool was called")
        prompts = (await client.list_prompts()).prompts
        filled = await client.get_prompt(prompts[0].name, {})
        assert filled.messages[0].content.text
        await client.list_resources()
        assert (await client.list_resource_templates()).resource_templates
        return len(tools)


async def check_asking(server, era: str) -> None:
    """Is asked in the middle of a call, answers, and finds the answer used; declines, and finds it is not."""
    asked = []

    async def confirm(_context, question):
        asked.append(question)
        names = list(question.requested_schema["properties"])
        return ElicitResult(action="accept", content={names[0]: "email"})

    async def decline(_context, _question):
        return ElicitResult(action="decline")

    for callback, confidence, left in [(confirm, 1.0, 0), (decline, 0.4, 1), (None, 0.4, 1)]:
        async with Client(server, mode=era, read_timeout_seconds=120, elicitation_callback=callback) as client:
            result = await client.call_tool("describe_data", {"confirm": True})
            described = result.structured_content
            role = described["tables"][0]["columns"][1]["role"]
            assert role["name"] == "email" and role["confidence"] == confidence, described
            assert len(described.get("open_questions", [])) == left, described
    assert len(asked) == 1, asked


async def check_interview(server, era: str) -> None:
    """Answers the question asked next until a stage is given; then lets the person be asked all of them."""
    async with Client(server, mode=era, read_timeout_seconds=120) as client:
        answers = []
        while True:
            result = await client.call_tool("assess_maturity", {"answers": answers, "measure": False})
            assessed = result.structured_content
            if assessed["status"] == "assessed":
                break
            answers.append({"question": assessed["next_questions"][0]["question"], "level": 3})
        assert len(answers) == 14 and assessed["stage"]["names"], assessed

    forms = []

    async def answer(_context, question):
        forms.append(question)
        levels = [name for name in question.requested_schema["properties"] if name.startswith("level_")]
        return ElicitResult(action="accept", content=dict.fromkeys(levels, "3"))

    async with Client(server, mode=era, read_timeout_seconds=120, elicitation_callback=answer) as client:
        result = await client.call_tool("assess_maturity", {"ask": True, "measure": False})
        assessed = result.structured_content
        assert assessed["interview"]["outcome"] == "answered" and assessed["stage"], assessed
        assert len(assessed["interview"]["answers"]) == 15 and len(forms) == 5, forms


def unsure(folder: str) -> list[str]:
    """The arguments to serve a table with a column whose name and values disagree."""
    rows = "".join(f"{at},building {at}\n" for at in range(1, 21))
    pathlib.Path(folder, "contacts.csv").write_text(f"contact_id,email\n{rows}")
    return ["--data", folder]


@contextlib.contextmanager
def served(binary: str, arguments: list[str]):
    """The address of a server on a free port."""
    command = [binary, "serve", "--http", "127.0.0.1:0", *arguments]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            for line in process.stderr:
                if found := re.search(r"serving MCP on (\S+)", line):
                    yield found[1]
                    return
            raise AssertionError("the server did not start")
        finally:
            process.terminate()


async def main(binary: str, arguments: list[str]) -> None:
    for era in ERAS:
        pipe = StdioServerParameters(command=binary, args=["serve", *arguments])
        print(f"Python SDK, stdio, {ERAS[era]}: {await check(pipe, era)} tools")
        with served(binary, arguments) as address:
            print(f"Python SDK, HTTP, {ERAS[era]}: {await check(address, era)} tools")
        with tempfile.TemporaryDirectory() as folder:
            asking = unsure(folder)
            await check_asking(StdioServerParameters(command=binary, args=["serve", *asking]), era)
            with served(binary, asking) as address:
                await check_asking(address, era)
        await check_interview(pipe, era)
        with served(binary, arguments) as address:
            await check_interview(address, era)
        print(f"Python SDK, {ERAS[era]}: asked, answered and interviewed on both transports")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2:]))
