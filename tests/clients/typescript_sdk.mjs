// The official TypeScript SDK against a revarch binary, over stdio and streamable HTTP.
// Usage: node typescript_sdk.mjs BINARY DATA_FOLDER   (needs @modelcontextprotocol/sdk; exits 1 on any mismatch)
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const [binary, data] = process.argv.slice(2);
if (!binary || !data) {
  console.error('usage: node typescript_sdk.mjs BINARY DATA_FOLDER');
  process.exit(2);
}
const NOW = '2026-11-22T09:00:00Z';
const SERVE = ['serve', '--data', data, '--now', NOW, '--log', 'error'];
const TOOLS = {
  describe_data: {},
  resolve_identities: {},
  check_data_readiness: {},
  audit_mcp_coverage: { platforms: ['Salesforce', 'Marketo Engage', 'No Such Platform'] },
  assess_maturity: { answers: [{ question: 'content.inventory', level: 2 }] },
  plan_workflows: { platforms: ['Salesforce'] },
  score_leads: { table: 'leads', top: 3 },
  validate_lead_score: {},
  review_architecture: { platforms: ['Salesforce'] },
  attribute_revenue: {},
  measure_revenue: {},
  find_pipeline_risk: {},
  plan_roadmap: { platforms: ['Salesforce'] },
  allocate_budget: { model: 'b2b2c', total: 1000000, currency: 'USD' },
  rationalize_stack: { tools: [{ name: 'Salesforce' }, { name: 'Marketo' }] },
};
const PROMPTS = ['architecture_review', 'lead_score_review', 'mcp_gap_review', 'quarterly_review'];

/** Everything a client does once it is connected; returns the results that both transports have to agree on. */
async function exercise(client) {
  assert.equal(client.getServerVersion().name, 'revarch');
  assert.ok(client.getInstructions());
  await client.ping();

  const { tools } = await client.listTools(); // also compiles each outputSchema: callTool validates against it
  assert.deepEqual(tools.map((t) => t.name).sort(), Object.keys(TOOLS).sort());
  for (const tool of tools) assert.ok(tool.description && tool.outputSchema && tool.annotations, tool.name);

  const results = {};
  for (const [name, args] of Object.entries(TOOLS)) {
    const result = await client.callTool({ name, arguments: args });
    assert.ok(!result.isError, `${name}: ${result.content[0]?.text}`);
    assert.ok(result.structuredContent, `${name} gives no structured content`);
    assert.ok(result.content.some((c) => c.type === 'text' && c.text.trim()), `${name} gives no text`);
    results[name] = result.structuredContent;
  }

  // Mistakes of the caller: answered, not thrown away, and with a way on.
  const wrong = await client.callTool({ name: 'describe_data', arguments: { tables: ['no_such_table'] } });
  assert.ok(wrong.isError && /tables are/.test(wrong.content[0].text));
  await assert.rejects(client.callTool({ name: 'no_such_tool', arguments: {} }), { code: -32602 });
  await assert.rejects(client.readResource({ uri: 'revarch://reviews/no-such-review' }));

  // The review is kept, and reads back as JSON and as a report.
  const { uri, review_id } = results.review_architecture;
  const json = `revarch://reviews/${review_id}`;
  const { resources } = await client.listResources();
  for (const kept of [json, `${json}.md`]) assert.ok(resources.some((r) => r.uri === kept), `${kept} is not listed`);
  assert.ok([json, `${json}.md`].includes(uri));
  const [whole] = (await client.readResource({ uri: json })).contents;
  assert.equal(JSON.parse(whole.text).review_id, review_id);
  const [report] = (await client.readResource({ uri: `${json}.md` })).contents;
  assert.equal(report.mimeType, 'text/markdown');
  assert.ok(report.text.startsWith('# ') && report.text.includes(review_id));
  assert.equal((await client.listResourceTemplates()).resourceTemplates.length, 13);

  const { prompts } = await client.listPrompts();
  assert.deepEqual(prompts.map((p) => p.name).sort(), PROMPTS);
  for (const name of PROMPTS) assert.ok((await client.getPrompt({ name })).messages[0].content.text, name);
  const ref = { type: 'ref/prompt', name: 'quarterly_review' };
  const since = await client.complete({ ref, argument: { name: 'since', value: review_id.slice(0, 4) } });
  assert.ok(since.completion.values.includes(review_id), 'a kept review is not completed');

  // Progress rises; a cancelled call rejects, and the server goes on.
  const seen = [];
  const onprogress = ({ progress }) => seen.push(progress);
  await client.callTool({ name: 'check_data_readiness', arguments: {} }, undefined, { onprogress });
  assert.ok(seen.length > 0, 'no progress');
  assert.ok(seen.every((p, i) => i === 0 || p > seen[i - 1]), `progress does not rise: ${seen}`);
  const stop = new AbortController();
  const call = client.callTool({ name: 'review_architecture', arguments: {} }, undefined, { signal: stop.signal });
  setTimeout(() => stop.abort('enough'), 20);
  await assert.rejects(call);
  const many = Array.from({ length: 20 }, () => client.callTool({ name: 'describe_data', arguments: {} }));
  for (const one of await Promise.all(many)) assert.deepEqual(one.structuredContent, results.describe_data);
  return results;
}

async function over(name, transport) {
  const client = new Client({ name: 'typescript-sdk-test', version: '1.0.0' });
  const started = performance.now();
  await client.connect(transport);
  try {
    const results = await exercise(client);
    console.log(`${name}: ok in ${Math.round(performance.now() - started)} ms`);
    return results;
  } finally {
    await client.close();
  }
}

const free = createServer().listen(0, '127.0.0.1');
await once(free, 'listening');
const { port } = free.address();
await new Promise((done) => free.close(done));
const server = spawn(binary, [...SERVE, '--http', `127.0.0.1:${port}`], { stdio: ['ignore', 'inherit', 'inherit'] });
try {
  const url = `http://127.0.0.1:${port}`;
  for (let i = 0; !(await fetch(`${url}/healthz`).then((r) => r.ok, () => false)); i++) {
    assert.ok(i < 100 && server.exitCode === null, 'the HTTP server does not come up');
    await new Promise((done) => setTimeout(done, 50));
  }
  const stdio = await over('stdio', new StdioClientTransport({ command: binary, args: SERVE }));
  const http = await over('http', new StreamableHTTPClientTransport(new URL(`${url}/mcp`)));
  for (const name of Object.keys(TOOLS)) assert.deepEqual(http[name], stdio[name], `${name} differs by transport`);
} finally {
  server.kill();
}
