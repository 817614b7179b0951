// Who is talking: tokens of the Bot Connector are checked by Microsoft's library, tenants by us, because the library does not.
import { ConfidentialClientApplication } from '@azure/msal-node';
import { ConfigurationBotFrameworkAuthentication } from 'botbuilder';
import { AuthenticationConstants, type ServiceClientCredentialsFactory } from 'botframework-connector';
import { FILE_HOSTS } from './limits.ts';
import { type Network, type TeamsOptions, TeamsSettingsError } from './options.ts';

const LOGIN = 'https://login.microsoftonline.com';
const ISSUER = 'https://api.botframework.com';
const SCOPE = 'https://api.botframework.com';

export const MICROSOFT: Network = {
  openIdMetadataUrl: AuthenticationConstants.ToBotFromChannelOpenIdMetadataUrl,
  fileHosts: FILE_HOSTS,
  isLoopback: false,
};

/** What a request claims before anything of it is believed. */
export interface Claimed {
  readonly type: string;
  readonly channelId: string;
  readonly serviceUrl: string;
}

export interface Trust {
  /** Resolves when the token proves that the Bot Connector sent this, for this service address. Throws for everything else. */
  authenticate(claimed: Claimed, authorization: string): Promise<void>;
  /** A token for calls to the Bot Connector. */
  token(): Promise<string>;
}

/** The login library insists on https and on discovery; both are settled here so that no other request leaves the machine. */
function loginClient(options: TeamsOptions, network: Network): ConfidentialClientApplication {
  const tenant = options.tenants[0] as string;
  const at = `${LOGIN}/${tenant}`;
  const { login } = network;
  return new ConfidentialClientApplication({
    auth: {
      clientId: options.appId,
      clientSecret: options.appSecret,
      authority: at,
      authorityMetadata: JSON.stringify({
        authorization_endpoint: `${at}/oauth2/v2.0/authorize`,
        token_endpoint: `${at}/oauth2/v2.0/token`,
        issuer: `${at}/v2.0`,
        jwks_uri: `${at}/discovery/v2.0/keys`,
      }),
    },
    ...(login
      ? {
          system: {
            networkClient: {
              async sendGetRequestAsync<T>(url: string, more?: { headers?: Record<string, string> }) {
                const r = await login(url, { method: 'GET', headers: more?.headers ?? {} });
                return { ...r, body: r.body as T };
              },
              async sendPostRequestAsync<T>(url: string, more?: { headers?: Record<string, string>; body?: string }) {
                const r = await login(url, {
                  method: 'POST',
                  headers: more?.headers ?? {},
                  ...(more?.body === undefined ? {} : { body: more.body }),
                });
                return { ...r, body: r.body as T };
              },
            },
          },
        }
      : {}),
  });
}

/** Issuer and algorithm as the token states them, unverified: only to turn away at once what can never be good. */
function stated(authorization: string): { readonly alg: unknown; readonly iss: unknown } | null {
  const [header, payload, signature, more] = authorization.replace(/^Bearer /, '').split('.');
  if (!header || !payload || !signature || more !== undefined) return null;
  try {
    const read = (part: string): Record<string, unknown> => JSON.parse(Buffer.from(part, 'base64url').toString());
    return { alg: read(header)['alg'], iss: read(payload)['iss'] };
  } catch {
    return null;
  }
}

/** Authentication with the app's credentials. Throws TeamsSettingsError without an app id: the SDK would take that for "no authentication". */
export function createTrust(options: TeamsOptions, network: Network): Trust {
  if (options.appId === '') throw new TeamsSettingsError('COUNTERSIGN_TEAMS_APP_ID: it is empty.');
  const client = loginClient(options, network);
  const token = async (): Promise<string> => {
    const got = await client.acquireTokenByClientCredential({ scopes: [`${SCOPE}/.default`] });
    if (!got?.accessToken) throw new Error('Microsoft gave no token for the app');
    return got.accessToken;
  };
  const framework = new ConfigurationBotFrameworkAuthentication(
    {
      MicrosoftAppId: options.appId,
      MicrosoftAppTenantId: options.tenants[0] as string,
      ToChannelFromBotLoginUrl: `${LOGIN}/${options.tenants[0]}`,
      ToChannelFromBotOAuthScope: SCOPE,
      ToBotFromChannelTokenIssuer: ISSUER,
      OAuthUrl: AuthenticationConstants.OAuthUrl,
      ToBotFromChannelOpenIdMetadataUrl: network.openIdMetadataUrl,
      // Tokens of the emulator and of other bots are refused below, so no other keys are ever asked for.
      ToBotFromEmulatorOpenIdMetadataUrl: network.openIdMetadataUrl,
    },
    credentialsOf(options.appId, token),
  );
  return {
    async authenticate(claimed, authorization) {
      if (!/^Bearer [A-Za-z0-9_=-]+\.[A-Za-z0-9_=-]+\.[A-Za-z0-9_=-]+$/.test(authorization))
        throw new Error('there is no token');
      const says = stated(authorization);
      if (says?.alg !== 'RS256' || says.iss !== ISSUER) throw new Error('the token is not of the Bot Connector');
      const { claimsIdentity } = await framework.authenticateRequest(claimed as never, authorization);
      // Asked again of what the SDK found: an anonymous identity is one it also gives back.
      const audience = claimsIdentity.getClaimValue(AuthenticationConstants.AudienceClaim);
      if (!claimsIdentity.isAuthenticated || audience !== options.appId)
        throw new Error('the token is not for this app');
    },
    token,
  };
}

/** The app's credentials as the SDK wants them. Its own factories turn authentication off for an empty app id; this one never does. */
const credentialsOf = (appId: string, token: () => Promise<string>): ServiceClientCredentialsFactory => ({
  isValidAppId: async (id) => id !== '' && id === appId,
  isAuthenticationDisabled: async () => false,
  createCredentials: async () => signedWith(token) as never,
});

/** Puts the bot's token on a request of the SDK; none in development, where there is none. */
export const signedWith = (token: () => Promise<string>) => ({
  async signRequest<Request extends { readonly headers: { set(name: string, value: string): void } }>(
    request: Request,
  ): Promise<Request> {
    const bearer = await token();
    if (bearer !== '') request.headers.set('authorization', `Bearer ${bearer}`);
    return request;
  },
});

/** Development mode: nobody is checked. The front lets only this machine in. */
export const noTrust: Trust = {
  async authenticate() {},
  token: async () => '',
};

/** Why a request's tenant is not good enough, or null. At least one must be stated, and each stated one listed. */
export function tenantFault(body: Readonly<Record<string, unknown>>, allowed: readonly string[]): string | null {
  const at = (value: unknown, name: string): unknown =>
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  const stated = [
    at(body['conversation'], 'tenantId'),
    at(at(body['channelData'], 'tenant'), 'id'),
    at(body['from'], 'tenantId'),
  ].filter((t) => t !== undefined && t !== null);
  if (stated.length === 0) return 'tenant-missing';
  const known = stated.map((t) => (typeof t === 'string' ? t.toLowerCase() : ''));
  if (known.some((t) => !allowed.includes(t))) return 'tenant-foreign';
  return new Set(known).size === 1 ? null : 'tenant-contradiction';
}
