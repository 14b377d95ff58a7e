import type { NextAuthOptions, User } from 'next-auth'
import type { CredentialsConfig } from 'next-auth/providers/credentials'
import { record } from '@/lib/audit/record'
import { db } from '@/lib/db/client'
import { env, tellNextAuth } from '@/lib/env'
import { log } from '@/lib/log'
import type { Actor } from './actor'
import { authSecret } from './auth-secret'
import { markDevice } from './device-mark'
import { oidcProvider } from './oidc-provider'
import { returnPath } from './return-path'
import { actorOf, endSession, sessionAge, startSession } from './session'
import type { SignInRefusal } from './sign-in-error'
import { Claims, signInWithOidc } from './sign-in-with-oidc'
import { signInWithPassword, type SignInVisit } from './sign-in-with-password'
import { TooManyAttempts } from './throttle'

declare module 'next-auth' {
  interface Session {
    /** On the server: what the cookie carries, not yet looked up. */
    token?: unknown
    /** In the browser: who is signed in. */
    actor?: Actor
  }
}

/** One request to next-auth's routes. */
export interface SignInRequest extends SignInVisit {
  /** Where the person wanted to go: next-auth's callback cookie. */
  asked: string | undefined
  /** Set by a sign-in with a password: the mark for this browser. */
  newDeviceMark?: string
}

/** Ids of the two ways to sign in, for `signIn` of next-auth/react. */
export const passwordProvider = 'credentials'

/**
 * next-auth's options for reading a session. Sessions are encrypted cookies (HttpOnly, SameSite=Lax, Secure behind https) that
 * name the person and the session; whether they still hold is looked up each time.
 */
export function sessionOptions(): NextAuthOptions {
  tellNextAuth()
  return {
    providers: [],
    secret: authSecret(),
    session: { strategy: 'jwt', maxAge: sessionAge },
    useSecureCookies: env().origin.startsWith('https://'),
    pages: { signIn: '/sign-in', error: '/sign-in', signOut: '/account' },
    callbacks: {
      redirect: ({ url, baseUrl }) => baseUrl + returnPath(url, baseUrl),
      // Looked up by currentActor, since next-auth takes any failure in here for a sign-out.
      session: ({ session, token }) => ({ expires: session.expires, token }),
    },
    // Codes only: what next-auth adds may hold tokens or what somebody typed.
    logger: {
      error(code, metadata) {
        if (code === 'JWT_SESSION_ERROR') return
        log.warn('next-auth refused a request', { code: `${code} ${reasonOf(metadata)}` })
      },
      warn: (code) => log.debug('next-auth warns', { code }),
      debug: () => undefined,
    },
  }
}

/** next-auth's options for its own routes, for one request. */
export function signInOptions(request: SignInRequest): NextAuthOptions {
  const base = sessionOptions()
  const oidc = oidcProvider(env())
  return {
    ...base,
    providers: [passwordSignIn(request), ...(oidc ? [oidc] : [])],
    callbacks: {
      ...base.callbacks,
      async signIn({ account, profile }) {
        if (account?.provider !== 'oidc') return true
        const outcome = await signInWithOidc(request, Claims.parse(profile), { autoCreate: env().LATCHKEY_OIDC_AUTO_CREATE })
        return 'userId' in outcome ? true : refusalPath(outcome.refused, request.asked)
      },
      async session({ session, token }) {
        const actor = await actorOf(db(), token)
        // next-auth then takes the cookie away and answers that nobody is signed in.
        if (!actor) throw new Error('The session is over.')
        return { expires: session.expires, actor }
      },
      async jwt({ token, user, account, profile }) {
        if (account?.provider === passwordProvider) return { ...startSession(user.id) }
        if (account?.provider !== 'oidc') return token
        const { iss, sub } = Claims.parse(profile)
        const linked = await db().externalAccount.findUniqueOrThrow({
          where: { issuer_subject: { issuer: iss, subject: sub } },
          select: { userId: true },
        })
        return { ...startSession(linked.userId) }
      },
    },
    events: {
      async signOut({ token }) {
        const actor = await actorOf(db(), token)
        await endSession(db(), token)
        if (!actor) return
        await record(db(), { requestId: request.requestId, actor }, { action: 'sign-out', target: actor.userId })
      },
    },
  }
}

function passwordSignIn(request: SignInRequest): CredentialsConfig {
  return {
    id: passwordProvider,
    name: 'Password',
    type: 'credentials',
    credentials: {},
    async authorize(input): Promise<User | null> {
      try {
        const person = await signInWithPassword(request, input)
        if (!person) return null
        request.newDeviceMark = await markDevice(person.email)
        return { id: person.userId }
      } catch (error) {
        // next-auth shows the message of an error in the address of the sign-in page.
        if (error instanceof TooManyAttempts) throw new Error(`wait-${error.waitSeconds}` satisfies SignInRefusal)
        log.error('a sign-in failed', { error })
        throw new Error('unavailable' satisfies SignInRefusal)
      }
    },
  }
}

function refusalPath(refusal: SignInRefusal, asked: string | undefined): string {
  const query = new URLSearchParams({ error: refusal })
  const path = returnPath(asked, env().origin)
  if (path !== '/') query.set('callbackUrl', path)
  return `/sign-in?${query}`
}

/** The OAuth error code of a provider's answer (RFC 6749, 5.2) or the kind of the error; never its text. */
function reasonOf(metadata: unknown): string {
  const error = metadata instanceof Error ? metadata : isRecord(metadata) ? metadata['error'] : undefined
  if (!(error instanceof Error)) return 'unknown'
  const code = isRecord(error) ? (error['error'] ?? error['code']) : undefined
  return typeof code === 'string' && /^[\w-]{1,40}$/.test(code) ? code : error.name
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
