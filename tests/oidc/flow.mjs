// A client's way in, with tokens of a real OpenID provider: 401, metadata, discovery, token, tools/call.
// Usage: node flow.mjs BINARY DATA_FOLDER   (needs oidc-provider and @modelcontextprotocol/sdk; exits 1 on any mismatch)
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ClientCredentialsProvider } from '@modelcontextprotocol/sdk/client/auth-extensions.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ALGORITHMS, CLIENT, start } from './provider.mjs';

const [binary, data] = process.argv.slice(2);
if (!binary || !data) {
  console.error('usage: node flow.mjs BINARY DATA_FOLDER');
  process.exit(2);
}

/** Starts the server; gives its endpoint once it listens. */
async function serve(issuer, folder) {
  const config = join(folder, 'revarch.toml');
  await writeFile(config, `data = [${JSON.stringify(resolve(data))}]\n\n[http.auth]\nissuer = "${issuer}"\n`);
  const server = spawn(binary, ['serve', '--http', '127.0.0.1:0', '--config', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  for await (const line of createInterface({ input: server.stderr })) {
    const endpoint = /serving MCP on (\S+)/.exec(line)?.[1];
    if (endpoint) {
      server.stderr.resume();
      return { server, endpoint };
    }
  }
  throw new Error('the server did not start');
}

/** A request of the stateless protocol. */
function ask(endpoint, token, method, params = {}) {
  const version = '2026-07-28';
  const meta = {
    'io.modelcontextprotocol/protocolVersion': version,
    'io.modelcontextprotocol/clientInfo': { name: 'flow', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const headers = {
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
    'mcp-protocol-version': version,
    'mcp-method': method,
  };
  if (params.name) headers['mcp-name'] = params.name;
  if (token) headers.authorization = `Bearer ${token}`;
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: meta } });
  return fetch(endpoint, { method: 'POST', headers, body });
}

const describe = { name: 'describe_data', arguments: {} };

/** What a parameter of a challenge says. */
function said(response, name) {
  return new RegExp(` ${name}="([^"]*)"`).exec(response.headers.get('www-authenticate'))?.[1];
}

/** Finds out from a refusal alone where tokens are given out, and for what. */
async function discover(endpoint) {
  const refused = await ask(endpoint, undefined, 'tools/list');
  assert.equal(refused.status, 401);
  const resource = await (await fetch(said(refused, 'resource_metadata'))).json();
  assert.equal(resource.resource, endpoint);
  assert.deepEqual(resource.bearer_methods_supported, ['header']);
  assert.ok(resource.scopes_supported.includes('revarch:data'));
  const [issuer] = resource.authorization_servers;
  const metadata = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
  assert.equal(metadata.issuer, issuer);
  return { tokens: metadata.token_endpoint, resource: resource.resource, scope: said(refused, 'scope') };
}

async function token(endpoint, resource, scope) {
  const basic = Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString('base64');
  const form = { grant_type: 'client_credentials', scope, ...(resource && { resource }) };
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams(form),
  });
  assert.equal(answer.status, 200, await answer.clone().text());
  return (await answer.json()).access_token;
}

async function withoutSdk(provider, endpoint) {
  const found = await discover(endpoint);
  assert.equal(found.scope, 'revarch:read');
  const reading = await token(found.tokens, found.resource, found.scope);
  const called = await ask(endpoint, reading, 'tools/call', describe);
  assert.equal(called.status, 200);
  assert.ok((await called.json()).result.structuredContent);
  console.log('401, metadata, discovery, token, tools/call: ok');

  const review = { name: 'review_architecture', arguments: {} };
  const lacking = await ask(endpoint, reading, 'tools/call', review);
  assert.equal(lacking.status, 403);
  assert.equal(said(lacking, 'error'), 'insufficient_scope');
  const more = await token(found.tokens, found.resource, said(lacking, 'scope'));
  assert.equal((await ask(endpoint, more, 'tools/call', review)).status, 200);
  console.log('403, more scopes, tools/call: ok');

  for (const alg of ALGORITHMS) {
    provider.signing.alg = alg;
    const signed = await token(found.tokens, found.resource, 'revarch:data');
    assert.equal(JSON.parse(Buffer.from(signed.split('.')[0], 'base64url')).alg, alg);
    assert.equal((await ask(endpoint, signed, 'tools/call', describe)).status, 200, alg);
  }
  provider.signing.alg = 'RS256';
  console.log(`signed with ${ALGORITHMS.join(', ')}: ok`);

  const foreign = await token(found.tokens, 'https://other.example/mcp', 'revarch:all');
  const opaque = await token(found.tokens, undefined, 'revarch:all');
  const altered = reading.slice(0, -6) + (reading.endsWith('AAAAAA') ? 'BBBBBB' : 'AAAAAA');
  for (const bad of [foreign, opaque, altered]) {
    const refused = await ask(endpoint, bad, 'tools/call', describe);
    assert.equal(refused.status, 401);
    assert.equal(said(refused, 'error'), 'invalid_token');
  }
  console.log('tokens for others, opaque and altered ones are refused: ok');
  return { found, reading };
}

async function withSdk(issuer, endpoint) {
  const authProvider = new ClientCredentialsProvider({
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    expectedIssuer: issuer,
    scope: 'revarch:read',
  });
  const client = new Client({ name: 'flow', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(new URL(endpoint), { authProvider }));
  const { tools } = await client.listTools();
  assert.ok(tools.some((tool) => tool.name === 'describe_data'));
  assert.ok(!(await client.callTool(describe)).isError);
  await client.close();
  console.log(`the TypeScript SDK finds its own way in and sees ${tools.length} tools: ok`);
}

async function afterRotation(provider, endpoint, { found, reading }) {
  await provider.stop();
  assert.equal((await ask(endpoint, reading, 'tools/call', describe)).status, 200);
  const renewed = await start(provider.port);
  const fresh = await token(found.tokens, found.resource, 'revarch:data');
  assert.equal((await ask(endpoint, fresh, 'tools/call', describe)).status, 200);
  assert.equal((await ask(endpoint, reading, 'tools/call', describe)).status, 401);
  console.log('the provider goes, and comes back with other keys: ok');
  return renewed;
}

const folder = await mkdtemp(join(tmpdir(), 'revarch-oidc-'));
let provider = await start();
const { server, endpoint } = await serve(provider.issuer, folder);
try {
  const known = await withoutSdk(provider, endpoint);
  await withSdk(provider.issuer, endpoint);
  provider = await afterRotation(provider, endpoint, known);
} finally {
  server.kill();
  await provider.stop();
  await rm(folder, { recursive: true });
}
