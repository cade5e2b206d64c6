// A real OpenID provider, oidc-provider, for one test. Its settings come as JSON: `port`, `client`, `accounts`
// (what it knows of whom). Its keys are new at each start; it says when it is ready, and ends with its input.
// As ProConnect, which is built on it, it takes a secret in the form alone, asks nobody for their consent, and may
// be told which claims are wanted.
import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';

const { port, client, accounts } = JSON.parse(process.argv[2]);
const key = (kind, options, alg) => ({
  ...generateKeyPairSync(kind, options).privateKey.export({ format: 'jwk' }),
  alg,
  use: 'sig',
});
const page = (body) =>
  `<!doctype html><html lang="fr"><meta charset="utf-8"><title>Le fournisseur</title><body>${body}</body></html>`;

const provider = new Provider(`http://localhost:${port}`, {
  clients: [client],
  jwks: {
    keys: [key('rsa', { modulusLength: 2048 }, 'RS256'), key('ec', { namedCurve: 'P-256' }, 'ES256')],
  },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], amr: ['amr'] },
  clientAuthMethods: [client.token_endpoint_auth_method],
  pkce: { required: () => false },
  features: {
    claimsParameter: { enabled: true },
    devInteractions: { enabled: false },
    jwtUserinfo: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => {
        ctx.body = page(`${form}<button form="op.logoutForm" name="logout" value="yes">Quitter</button>`);
      },
    },
  },
  acrValues: ['eidas1', 'eidas1-mfa'],
  cookies: { keys: ['of this test'] },
  interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 60, IdToken: 60 },
  findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...accounts[sub] }) }),
  async loadExistingGrant(ctx) {
    const { Grant } = ctx.oidc.provider;
    const grant = new Grant({ clientId: client.client_id, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope('openid email');
    await grant.save();
    return grant;
  },
});

// Who somebody is: whoever they say, and by two factors where they tick it.
provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/interaction/')) return next();
  if (!ctx.query.who && !ctx.query.cancel) {
    ctx.body = page(`<h1>Qui êtes-vous ?</h1><form><label for="who">Nom chez le fournisseur</label><input id="who" name="who">
      <label><input type="checkbox" name="otp" value="1">Second facteur</label><button>Continuer</button>
      <button name="cancel" value="1">Renoncer</button></form>`);
    return;
  }
  const { who, otp, cancel } = ctx.query;
  const login = { accountId: who, acr: otp ? 'eidas1-mfa' : 'eidas1', amr: otp ? ['pwd', 'mfa'] : ['pwd'] };
  const result = cancel
    ? { error: 'access_denied', error_description: 'renounced' }
    : { login, consent: {} };
  await provider.interactionFinished(ctx.req, ctx.res, result);
  ctx.respond = false;
});

provider.on('server_error', (_, error) => console.error(error));
provider.listen(port, 'localhost', () => console.log('ready'));
process.stdin.resume().on('end', () => process.exit());
