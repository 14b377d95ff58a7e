import path from 'node:path'
import { z } from 'zod'

/** The only reader of process.env. Every setting is named in README.md's configuration table. */

const flag = z
  .enum(['', '0', '1', 'true', 'false'])
  .default('')
  .transform((text) => text === '1' || text === 'true')

const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  )

const optional = z
  .string()
  .optional()
  .transform((text) => (text === '' ? undefined : text))

/** How many proxies in front are trusted; `true` is one. */
const hops = z
  .string()
  .default('')
  .transform((text) => (text === '' || text === 'false' ? '0' : text === 'true' ? '1' : text))
  .pipe(z.coerce.number<string>().int().min(0).max(10))

const Env = z.object({
  NODE_ENV: z.string().default('development'),
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  HOST: z.string().default('localhost'),
  LATCHKEY_URL: optional.pipe(z.url({ protocol: /^https?$/ }).optional()),
  LATCHKEY_DATA: z.string().default('.latchkey/data'),
  DATABASE_URL: optional,
  LATCHKEY_ROOT_KEY: optional,
  LATCHKEY_AUTH_SECRET: optional,
  LATCHKEY_ADMIN_EMAIL: optional,
  LATCHKEY_ADMIN_PASSWORD: optional,
  LATCHKEY_OIDC_ISSUER: optional,
  LATCHKEY_OIDC_CLIENT_ID: optional,
  LATCHKEY_OIDC_CLIENT_SECRET: optional,
  LATCHKEY_OIDC_NAME: z.string().default('Single sign-on'),
  LATCHKEY_OIDC_AUTO_CREATE: flag,
  LATCHKEY_TRUST_PROXY: hops,
  LATCHKEY_RUNTIME: z.enum(['auto', 'docker', 'process']).default('auto'),
  LATCHKEY_PROCESS_UNSAFE: flag,
  LATCHKEY_SERVER_VERSION: z.string().default('0.39.9'),
  LATCHKEY_ROUTE_DOMAINS: list,
  LATCHKEY_FETCH_ALLOW: list,
  LATCHKEY_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  DOCKER_HOST: optional,
})

export interface Settings extends z.infer<typeof Env> {
  /** Absolute. Holds the embedded database, the root key file, room storage and service logs. */
  dataDir: string
  /** Where people reach this server: scheme, host and port, without a slash at the end. */
  origin: string
}

/** A wildcard address is one to listen on, not one to visit. */
function originOf(settings: z.infer<typeof Env>): string {
  if (settings.LATCHKEY_URL !== undefined) return new URL(settings.LATCHKEY_URL).origin
  const host = ['0.0.0.0', '::', ''].includes(settings.HOST) ? 'localhost' : settings.HOST
  return new URL(`http://${host.includes(':') ? `[${host}]` : host}:${settings.PORT}`).origin
}

/** A setting is missing or in the wrong form. The message names the variable, not its value. */
export class SettingsError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'SettingsError'
  }
}

let cached: Settings | undefined

/**
 * The settings of this process, read once.
 * @throws SettingsError that names each variable in the wrong form, without its value.
 */
export function env(): Settings {
  if (cached) return cached
  const parsed = Env.safeParse(process.env)
  if (!parsed.success) {
    const names = [...new Set(parsed.error.issues.map((issue) => String(issue.path[0])))]
    throw new SettingsError(`The environment variable ${names.join(', ')} has a wrong form; see the configuration table in README.md.`)
  }
  cached = { ...parsed.data, dataDir: path.resolve(parsed.data.LATCHKEY_DATA), origin: originOf(parsed.data) }
  return cached
}

/** For tests that change process.env. */
export function forgetSettings(): void {
  cached = undefined
}

/** next-auth reads its address from the environment alone; it is given the one that the settings name. */
export function tellNextAuth(): void {
  process.env.NEXTAUTH_URL = `${env().origin}/api/auth`
}
