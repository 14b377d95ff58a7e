import { inWords } from './in-words'

/**
 * Why a sign-in was refused, as it stands in the `error` of the sign-in page's address. Pure: pages show `signInMessage`.
 * `wait-<seconds>` comes from the throttle; capitalised ones are next-auth's own.
 */
export type SignInRefusal =
  | `wait-${number}`
  | 'CredentialsSignin'
  | 'oidc-unverified'
  | 'oidc-unknown'
  | 'oidc-other-account'
  | 'oidc-setup-first'
  | 'unavailable'

const sentences: Readonly<Record<string, string>> = {
  CredentialsSignin: 'The e-mail address or the password is not right.',
  'oidc-unverified': 'Your provider does not say that it has verified your e-mail address, so it cannot be used to sign in here. Sign in with your password, or have the address verified there.',
  'oidc-unknown': 'Nobody with your e-mail address has access here. Ask for an invitation.',
  'oidc-other-account': 'This e-mail address belongs to another account of the same provider. Ask an admin of this server.',
  'oidc-setup-first': 'This server has no admin yet. Finish its set-up first, with the link that it printed when it started.',
  unavailable: 'Signing in does not work at the moment. Try again shortly.',
  OAuthSignin: 'The sign-in provider cannot be reached. Try again, or tell an admin of this server.',
  OAuthCallback: 'The sign-in at your provider did not finish. Try again.',
  Callback: 'The sign-in at your provider did not finish. Try again.',
  AccessDenied: 'You were not let in.',
  Configuration: 'Signing in is not set up correctly on this server. Its log names the reason.',
  SessionRequired: 'Sign in to see that page.',
}

/** The sentence for a refusal: for `error` of the address, or of next-auth's `signIn` in the browser. */
export function signInMessage(refusal: string): string {
  const wait = /^wait-(\d{1,5})$/.exec(refusal)?.[1]
  if (wait !== undefined) return `Too many failed attempts. Try again in ${inWords(Number(wait))}.`
  return sentences[refusal] ?? 'You could not be signed in. Try again.'
}
