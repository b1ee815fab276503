// A certified OpenID provider that gives out tokens for an MCP server, with keys that can be exchanged.
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const KINDS = {
  RS256: ['rsa', { modulusLength: 2048 }],
  PS256: ['rsa', { modulusLength: 2048 }],
  ES256: ['ec', { namedCurve: 'P-256' }],
  EdDSA: ['ed25519', {}],
};
const SCOPES = ['all', 'read', 'data', 'assess', 'leads', 'revenue', 'plan'].map((name) => `revarch:${name}`);

/** The algorithms that tokens can be signed with. */
export const ALGORITHMS = Object.keys(KINDS);

/** The one client. */
export const CLIENT = { id: 'reporting', secret: 'not-a-secret-outside-this-test' };

function keys() {
  return Object.entries(KINDS).map(([alg, [kind, options]]) => {
    const { privateKey } = generateKeyPairSync(kind, options);
    return { ...privateKey.export({ format: 'jwk' }), alg, use: 'sig', kid: `${alg}-${Math.random()}` };
  });
}

/** Starts it on a port, 0 for any; `signing.alg` says how tokens are signed from then on. */
export async function start(port = 0) {
  const signing = { alg: 'RS256' };
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
      },
    ],
    jwks: { keys: keys() },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, resource) => ({
          audience: resource,
          scope: SCOPES.join(' '),
          accessTokenFormat: 'jwt',
          accessTokenTTL: 300,
          jwt: { sign: { alg: signing.alg } },
        }),
      },
    },
    scopes: SCOPES,
    ttl: { ClientCredentials: 300 },
  });
  server.on('request', provider.callback());
  const stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { issuer, port: server.address().port, signing, stop };
}
