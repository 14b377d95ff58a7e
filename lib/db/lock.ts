import { execFileSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const HEARTBEAT_MS = 2_000
const QUIET_MS = 6_000
const ATTEMPTS = 4

/** Another process holds the directory. */
export class LockedError extends Error {
  readonly holder: string
  constructor(holder: string) {
    super(`The directory is in use by ${holder}.`)
    this.name = 'LockedError'
    this.holder = holder
  }
}

interface Owner {
  /** Where the process id means something: host, boot and pid namespace. */
  place: string
  pid: number
  /** When the process began, so that a reused id is not taken for the same process. */
  began: string
}

/** When a process began, as the system tells it; null when there is none. */
function began(pid: number): string | null {
  if (process.platform === 'linux') {
    try {
      // proc(5): the 22nd field; the 2nd is in parentheses and may hold anything
      const stat = fs.readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
      const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return state === 'Z' ? null : (rest[18] ?? null)
    } catch {
      return null
    }
  }
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' }).trim().replace(/\W+/g, '-')
  } catch {
    return null
  }
}

function place(): string {
  const read = (take: () => string): string => {
    try {
      return take()
    } catch {
      return ''
    }
  }
  const boot = read(() => fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim())
  const namespace = read(() => fs.readlinkSync('/proc/self/ns/pid'))
  return `${os.hostname()}.${boot}.${namespace}`.replace(/[^\w.-]/g, '')
}

const fileName = (owner: Owner): string => `${String(owner.pid)}~${owner.began}~${owner.place}`

function parse(name: string): Owner | null {
  const [pid, start, where] = name.split('~')
  return pid !== undefined && start !== undefined && where !== undefined ? { pid: Number(pid), began: start, place: where } : null
}

/** In another pid namespace or on another host only the heartbeat tells whether the owner lives. */
async function beats(file: string): Promise<boolean> {
  const touched = (): number | null => fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? null
  const before = touched()
  await sleep(QUIET_MS)
  return touched() !== before && touched() !== null
}

async function lives(directory: string, owner: Owner, here: string): Promise<boolean> {
  return owner.place === here ? began(owner.pid) === owner.began : beats(path.join(directory, fileName(owner)))
}

/**
 * Holds `directory` for this process; what a dead process left behind is cleared away.
 * Each process first writes a claim that names it and then looks for others, so two that start together never both win.
 * @returns the release, safe to call twice.
 * @throws LockedError that names the process that holds it, and the file system's own errors.
 */
export async function lockDirectory(directory: string): Promise<() => void> {
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 })
  const here = place()
  const own = fileName({ pid: process.pid, began: began(process.pid) ?? 'unknown', place: here })
  const claim = path.join(directory, own)
  for (let attempt = 1; ; attempt += 1) {
    try {
      fs.writeFileSync(claim, '', { flag: 'wx', mode: 0o600 })
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw new LockedError('this process')
      throw error
    }
    let holder: Owner | undefined
    for (const name of fs.readdirSync(directory)) {
      const owner = name === own ? null : parse(name)
      if (owner === null) continue
      if (await lives(directory, owner, here)) holder = owner
      else fs.rmSync(path.join(directory, name), { force: true })
    }
    if (holder === undefined) return keep(claim)
    fs.rmSync(claim, { force: true })
    if (attempt === ATTEMPTS) {
      throw new LockedError(holder.place === here ? `process ${String(holder.pid)}` : `a process of another host or container`)
    }
    await sleep(randomInt(20, 120))
  }
}

function keep(claim: string): () => void {
  const beat = setInterval(() => {
    const now = new Date()
    fs.utimes(claim, now, now, () => undefined)
  }, HEARTBEAT_MS)
  beat.unref()
  const release = (): void => {
    clearInterval(beat)
    process.off('exit', release)
    fs.rmSync(claim, { force: true })
  }
  process.once('exit', release)
  return release
}
