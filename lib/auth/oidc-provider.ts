import { decodeJwt } from 'jose'
import type { OAuthConfig } from 'next-auth/providers/oauth'
import { z } from 'zod'
import type { Settings } from '@/lib/env'
import type { Claims } from './sign-in-with-oidc'

const Answer = z.looseObject({ sub: z.string() })

type OidcSettings = Pick<Settings, 'LATCHKEY_OIDC_ISSUER' | 'LATCHKEY_OIDC_CLIENT_ID' | 'LATCHKEY_OIDC_CLIENT_SECRET' | 'LATCHKEY_OIDC_NAME'>

/** The name to show on the sign-in page, or null when no provider is set up. */
export function oidcName(settings: OidcSettings): string | null {
  return settings.LATCHKEY_OIDC_ISSUER === undefined ? null : settings.LATCHKEY_OIDC_NAME
}

/**
 * The OpenID Connect provider of the environment, found by discovery, with PKCE (S256), state and nonce; null when none is set.
 * Without a client secret it is a public client, which PKCE alone protects.
 * @throws Error naming the variable that is missing
 */
export function oidcProvider(settings: OidcSettings): OAuthConfig<Claims> | null {
  const issuer = settings.LATCHKEY_OIDC_ISSUER
  if (issuer === undefined) return null
  const clientId = settings.LATCHKEY_OIDC_CLIENT_ID
  if (clientId === undefined) throw new Error('LATCHKEY_OIDC_ISSUER is set but LATCHKEY_OIDC_CLIENT_ID is not.')
  const clientSecret = settings.LATCHKEY_OIDC_CLIENT_SECRET
  return {
    id: 'oidc',
    name: settings.LATCHKEY_OIDC_NAME,
    type: 'oauth',
    wellKnown: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    authorization: { params: { scope: 'openid email profile' } },
    checks: ['pkce', 'state', 'nonce'],
    idToken: true,
    clientId,
    ...(clientSecret === undefined ? { client: { token_endpoint_auth_method: 'none' } } : { clientSecret }),
    httpOptions: { timeout: 10_000 },
    userinfo: {
      // Providers may put the e-mail address in the ID token or at the userinfo endpoint (Core 1.0, section 5.4).
      async request({ client, tokens }) {
        // openid-client has checked the token; this only opens it.
        const claims = decodeJwt(tokens.id_token ?? '')
        if ('email' in claims || !client.issuer.metadata.userinfo_endpoint || !tokens.access_token) return claims
        const more = Answer.parse(await client.userinfo(tokens.access_token))
        if (more.sub !== claims.sub) throw new Error('The userinfo endpoint answered for somebody else.')
        return { ...more, ...claims }
      },
    },
    profile: (claims) => ({ id: claims.sub }),
  }
}
