// The benchmark's two tools on the TypeScript SDK, as its documentation advises: one factory, stateless HTTP.
//
//     node typescript_server.mjs stdio|http PORT ENTRY.json FOLDER
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { localhostHostValidation, localhostOriginValidation, toNodeHandler } from '@modelcontextprotocol/node';
import { McpServer, createMcpHandler } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { parse } from 'csv-parse/sync';
import * as z from 'zod';

const [how, port, file, folder] = process.argv.slice(2);
const entry = JSON.parse(readFileSync(file, 'utf8'));
const entries = new Map([[entry.id, entry]]);

const answer = (result) => ({ content: [{ type: 'text', text: JSON.stringify(result) }], structuredContent: result });

function kind(values) {
  if (values.every((value) => /^[+-]?\d+$/.test(value))) return 'integer';
  return values.every((value) => value.trim() !== '' && !Number.isNaN(Number(value))) ? 'number' : 'text';
}

async function describe(name) {
  const [head, ...body] = parse(await readFile(join(folder, `${name}.csv`)));
  const columns = head.map((column, at) => {
    const filled = body.map((row) => row[at]).filter((value) => value.trim() !== '');
    return { name: column, type: kind(filled), fill: filled.length / body.length, distinct: new Set(filled).size };
  });
  return { name, rows: body.length, columns };
}

const fetchInput = z.object({ id: z.string() });
const describeInput = z.object({ tables: z.array(z.string()) });

function factory() {
  const server = new McpServer({ name: 'bench', version: '1.0.0' });
  server.registerTool('fetch', { description: 'The whole of one entry.', inputSchema: fetchInput }, async ({ id }) =>
    answer(entries.get(id)));
  server.registerTool(
    'describe_data',
    { description: 'What columns the tables hold, of which types, and how full they are.', inputSchema: describeInput },
    async ({ tables }) => answer({ tables: await Promise.all(tables.map(describe)) }));
  return server;
}

if (how === 'stdio') {
  serveStdio(factory);
} else {
  const handle = toNodeHandler(createMcpHandler(factory));
  const hostIsOurs = localhostHostValidation();
  const originIsOurs = localhostOriginValidation();
  createServer((request, response) => {
    if (hostIsOurs(request, response) && originIsOurs(request, response)) handle(request, response);
  }).listen(Number(port), '127.0.0.1');
}
