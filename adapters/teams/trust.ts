// Who is talking: tokens of the Bot Connector are checked by Microsoft's library, tenants by us, because the library does not.
import { ConfidentialClientApplication } from '@azure/msal-node';
import {
  AuthenticationConfiguration,
  AuthenticationConstants,
  BotFrameworkAuthenticationFactory,
  MsalServiceClientCredentialsFactory,
} from 'botframework-connector';
import { FILE_HOSTS } from './limits.ts';
import type { Network, TeamsOptions } from './options.ts';

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

/** Authentication with the app's credentials. */
export function createTrust(options: TeamsOptions, network: Network): Trust {
  const client = loginClient(options, network);
  const framework = BotFrameworkAuthenticationFactory.create(
    '',
    true,
    `${LOGIN}/${options.tenants[0]}`,
    SCOPE,
    ISSUER,
    AuthenticationConstants.OAuthUrl,
    network.openIdMetadataUrl,
    // Tokens of the emulator and of other bots are refused below, so no other keys are ever asked for.
    network.openIdMetadataUrl,
    '',
    // The two packages see the same class through different type files.
    new MsalServiceClientCredentialsFactory(options.appId, client as never),
    new AuthenticationConfiguration(),
    undefined as never,
    {},
  );
  return {
    async authenticate(claimed, authorization) {
      if (!/^Bearer [A-Za-z0-9_=-]+\.[A-Za-z0-9_=-]+\.[A-Za-z0-9_=-]+$/.test(authorization))
        throw new Error('there is no token');
      const says = stated(authorization);
      if (says?.alg !== 'RS256' || says.iss !== ISSUER) throw new Error('the token is not of the Bot Connector');
      await framework.authenticateRequest(claimed as never, authorization);
    },
    async token() {
      const got = await client.acquireTokenByClientCredential({ scopes: [`${SCOPE}/.default`] });
      if (!got?.accessToken) throw new Error('Microsoft gave no token for the app');
      return got.accessToken;
    },
  };
}

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
