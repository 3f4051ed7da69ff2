// A real provider of OpenID Connect on loopback, for the tests. What it knows of people is told to
// it at /control; whoever comes to sign in chooses one of them.
import { createServer } from 'node:http';

import Provider from 'oidc-provider';

const AUDIENCE = 'urn:kdt:api';
const PROGRAM_SCOPES = 'kdt:read kdt:write kdt:administer';

const known = { keys: [], accounts: {}, programs: {}, base: 'http://127.0.0.1:1', away: false };
let provider;

function made(issuer) {
  const made = new Provider(issuer, {
    clients: [
      {
        client_id: 'kdt',
        client_secret: 'not-a-secret-in-a-test',
        redirect_uris: [`${known.base}/signin/callback`],
        post_logout_redirect_uris: [`${known.base}/signin`],
      },
      ...Object.keys(known.programs).map((id) => ({
        client_id: id,
        client_secret: 'not-a-secret-in-a-test',
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
      })),
    ],
    jwks: { keys: known.keys },
    cookies: { keys: ['only-for-tests'] },
    claims: { openid: ['sub'], profile: ['name'], roles: ['groups'] },
    scopes: ['openid', 'profile', 'roles'],
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, ClientCredentials: 600, IdToken: 600 },
    findAccount: (_, id) =>
      known.accounts[id] && { accountId: id, claims: () => ({ sub: id, ...known.accounts[id] }) },
    loadExistingGrant: async (ctx) => {
      const { client, session } = ctx.oidc;
      const grant = new made.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid profile roles');
      await grant.save();
      return grant;
    },
    extraTokenClaims: (_, token) => known.programs[token.clientId],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        getResourceServerInfo: () => ({
          scope: PROGRAM_SCOPES,
          audience: AUDIENCE,
          accessTokenFormat: 'jwt',
        }),
      },
    },
  });
  return made;
}

async function body(request) {
  let text = '';
  for await (const part of request) text += part;
  return text;
}

async function chosen(request, response) {
  if (request.method === 'GET') {
    const buttons = Object.keys(known.accounts).map((id) => `<button name="account" value="${id}">${id}</button>`);
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><title>Provider</title><form method="post">${buttons.join('')}</form>`);
    return;
  }
  const accountId = new URLSearchParams(await body(request)).get('account');
  await provider.interactionFinished(request, response, { login: { accountId } });
}

const server = createServer(async (request, response) => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  if (request.url === '/control') {
    Object.assign(known, JSON.parse(await body(request)));
    provider = made(issuer);
    response.end(issuer);
  } else if (known.away) {
    response.statusCode = 503;
    response.end('away');
  } else if (request.url.startsWith('/interaction/')) {
    await chosen(request, response);
  } else {
    provider.callback()(request, response);
  }
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
// It goes with the tests that started it.
process.stdin.resume().on('end', () => process.exit(0));
