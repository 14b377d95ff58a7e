/**
 * The browser's side of next-auth's routes: a form post with the anti-forgery token, which answers where to go.
 */
async function post(path: string, fields: Readonly<Record<string, string>>): Promise<URL | null> {
  try {
    const { csrfToken } = (await (await fetch('/api/auth/csrf')).json()) as { csrfToken: string }
    const response = await fetch(`/api/auth/${path}`, { method: 'POST', body: new URLSearchParams({ ...fields, csrfToken, json: 'true' }) })
    const { url } = (await response.json()) as { url: string }
    return new URL(url, window.location.href)
  } catch {
    return null
  }
}

/** Signs in with a password. Returns why not (a `SignInRefusal`), or null once the session has begun. */
export async function signInWithPassword(email: string, password: string, path: string): Promise<string | null> {
  const answer = await post('callback/credentials', { email, password, callbackUrl: path })
  return answer ? answer.searchParams.get('error') : 'unavailable'
}

/** The provider's page to go on to, or null when the server does not answer. */
export const signInWithProvider = async (path: string): Promise<string | null> => (await post('signin/oidc', { callbackUrl: path }))?.href ?? null

/** Ends the session. */
export const signOut = async (): Promise<boolean> => (await post('signout', { callbackUrl: '/sign-in' })) !== null
