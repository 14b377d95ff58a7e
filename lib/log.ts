import pino from 'pino'
import { currentRequestId } from './context'
import { env } from './env'
import { AppError } from './errors'

/** All that a log line may say beside its message. Whatever else is passed is dropped. */
export interface LogFields {
  error?: unknown
  code?: string
  status?: number
  method?: string
  /** Without the query. */
  path?: string
  durationMs?: number
  userId?: string
  projectId?: string
  roomId?: string
  installationId?: string
  generation?: number
  phase?: string
  runtime?: string
  count?: number
}

const names: ReadonlySet<string> = new Set<keyof LogFields>([
  'code',
  'status',
  'method',
  'path',
  'durationMs',
  'userId',
  'projectId',
  'roomId',
  'installationId',
  'generation',
  'phase',
  'runtime',
  'count',
])

const CAUSES = 3

interface LoggedError {
  name: string
  message: string
  code?: string
  stack: string
  cause?: LoggedError
}

/** Foreign messages quote what they were given (a parser its text, a database its parameter): quotations are cut out. */
const unquoted = (message: string): string => message.replace(/["'`].*["'`]/gs, '…').replace(/\b[a-z][a-z+.-]*:\/\/\S+/gi, '…')

/** An error as it may be logged: name, code, message and stack, and the same of its causes. */
export function loggable(error: unknown, causes = CAUSES): LoggedError {
  if (!(error instanceof Error)) return { name: typeof error, message: 'Something that is no error was thrown.', stack: '' }
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return {
    name: error.name,
    message: error instanceof AppError || error.name === 'DatabaseError' ? error.message : unquoted(error.message),
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    stack: frames.join('\n'),
    ...(error.cause !== undefined && causes > 0 ? { cause: loggable(error.cause, causes - 1) } : {}),
  }
}

function line(fields: LogFields): Record<string, unknown> {
  const allowed = Object.entries(fields).filter(([name, value]) => names.has(name) && ['string', 'number', 'boolean'].includes(typeof value))
  return {
    requestId: currentRequestId(),
    ...Object.fromEntries(allowed),
    ...('error' in fields ? { error: loggable(fields.error) } : {}),
  }
}

export interface Log {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}

/** A log that writes JSON lines to `destination`. `message` is a constant of the program, never built from input. */
export function logTo(destination: pino.DestinationStream, level: () => string): Log {
  let opened: pino.Logger | undefined
  const logger = (): pino.Logger =>
    (opened ??= pino({ level: level(), base: null, messageKey: 'message', timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } }, destination))
  return {
    debug: (message, fields = {}) => { logger().debug(line(fields), message) },
    info: (message, fields = {}) => { logger().info(line(fields), message) },
    warn: (message, fields = {}) => { logger().warn(line(fields), message) },
    error: (message, fields = {}) => { logger().error(line(fields), message) },
  }
}

/** The server's log: standard output. */
export const log: Log = logTo({ write: (text) => process.stdout.write(text) }, () => env().LATCHKEY_LOG_LEVEL)
