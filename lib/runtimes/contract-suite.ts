import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { programs } from './contract-programs'
import { maskText } from './mask'
import { RuntimeError, type LogLine, type Observation, type Runtime, type RuntimeErrorCode, type Workload } from './runtime'

/** A driver under test. */
export interface Subject {
  /** The driver over the state in `dataDir`: the first time, or as a server started again would. */
  open(dataDir: string): Runtime
  /** The driver where it cannot work. */
  openBroken(dataDir: string): Runtime
  /** An image that the driver can run, with a shell. */
  image: string
  /** An image that does not exist. */
  missingImage: string
  /** What of a running workload is there after `close` and another `open`. */
  survives: 'nothing' | 'record' | 'service'
  /** Before the first test; times out after a minute. */
  prepare?: () => Promise<void>
  dispose?: () => Promise<void>
}

const never = (): AbortSignal => new AbortController().signal
const quiet = { signal: never(), progress: () => undefined }

/** Waits until `look` gives something other than null, undefined or false; fails after `limit` milliseconds. */
export async function until<T>(what: string, look: () => Promise<T | null | undefined | false>, limit = 15_000): Promise<T> {
  for (const end = Date.now() + limit; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 15))) {
    const seen = await look()
    if (seen !== null && seen !== undefined && seen !== false) return seen
  }
  throw new Error(`waited ${limit} ms for ${what}`)
}

/** Every argv on this machine in which `text` stands. */
export async function argvsWith(text: string): Promise<string[]> {
  const pids = (await readdir('/proc').catch((): string[] => [])).filter((name) => /^\d+$/.test(name))
  const argvs = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return argvs.filter((argv) => argv.includes(text))
}

const failure = (code: RuntimeErrorCode): object => expect.objectContaining({ name: 'RuntimeError', code }) as object

/** The guarantees of runtime.ts, proved on one driver. */
export function describeContract(name: string, subject: Subject): void {
  describe(`the runtime contract, kept by ${name}`, () => {
    let dataDir: string
    let room: string
    let runtime: Runtime
    let id: string

    const workload = (changes: Partial<Workload> = {}): Workload => ({
      id,
      generation: 1,
      labels: { 'org.example.service': 'contract' },
      image: subject.image,
      command: programs.stay.command,
      workingDir: null,
      environment: [],
      mounts: [{ source: room, path: '/data', readOnly: false }],
      files: [],
      emptyDirs: [],
      ports: [{ num: 8080, protocol: 'http' }],
      writableRoot: false,
      ...changes,
    })
    const inRoom = (file: string): Promise<string> => readFile(path.join(room, file), 'utf8')
    const starts = async (): Promise<number> => (await inRoom('starts').catch(() => '')).split('\n').length - 1
    const started = (count = 1): Promise<true> => until(`start ${count}`, async () => (await starts()) >= count)
    const observed = (what: string, test: (seen: Observation) => boolean): Promise<Observation> =>
      until(what, async () => {
        const seen = await runtime.observe(id)
        return test(seen) && seen
      })
    const pastLines = async (tail = 1_000): Promise<LogLine[]> => {
      const lines: LogLine[] = []
      for await (const line of runtime.logs(id, { tail, follow: false, signal: never() })) lines.push(line)
      return lines
    }

    beforeAll(async () => {
      await subject.prepare?.()
    }, 60_000)
    afterAll(async () => {
      await subject.dispose?.()
    })
    beforeEach(async () => {
      dataDir = await mkdtemp(path.join(os.tmpdir(), 'latchkey-contract-'))
      room = path.join(dataDir, 'rooms', 'room-1')
      id = `contract-${randomBytes(4).toString('hex')}`
      runtime = subject.open(dataDir)
    })
    afterEach(async () => {
      await runtime.remove(id)
      await runtime.close()
      await rm(dataDir, { recursive: true, force: true })
    })

    it('says that it works, and how strongly it keeps services apart', async () => {
      const health = await runtime.health()
      expect(health).toMatchObject({ available: true, reason: null })
      expect(health.isolationNote).toMatch(/\.$/)
    })

    it('starts a workload and says so', async () => {
      const steps: string[] = []
      await runtime.apply(workload(), { signal: never(), progress: (step) => steps.push(step) })
      const seen = await observed('running', ({ state }) => state === 'running')
      await started()
      expect(seen).toMatchObject({ generation: 1, restarts: 0, exitCode: null })
      expect(Math.abs(Date.parse(seen.startedAt ?? '') - Date.now())).toBeLessThan(20_000)
      expect(steps.at(-1)).toBe('starting')
      expect(await runtime.list()).toContain(id)
    })

    it.each([
      ['quotes and a shell’s own characters', `it's "quoted" $HOME \`id\` $(id) \\ %s * ; & |`],
      ['several lines, and blanks at both ends', '  -----BEGIN KEY-----\nabc\n\ndef\n-----END KEY-----\n\n'],
      ['letters of other scripts, and control characters', 'Zürich 東京 \t\u0001\u007f 🔑'],
      ['nothing', ''],
      ['a hundred thousand characters', 'x'.repeat(100_000)],
    ])('delivers environment values exactly, sensitive or not: %s', async (_, value) => {
      const environment = [
        { name: 'FIRST', value, sensitive: false },
        { name: 'SECOND', value: `${value}!`, sensitive: true },
        { name: 'TOKEN', value, sensitive: true },
      ]
      await runtime.apply(workload({ command: programs.reportEnvironment.command, environment }), quiet)
      await started()
      expect(await inRoom('first')).toBe(value)
      expect(await inRoom('second')).toBe(`${value}!`)
      expect((await inRoom('digest')).trim()).toBe(createHash('sha256').update(value).digest('hex'))
    })

    it('puts no sensitive value into any argv', async () => {
      const value = `canary-${randomBytes(12).toString('hex')}`
      let watching = true
      const found: string[] = []
      const watch = (async () => {
        while (watching) {
          found.push(...(await argvsWith(value)))
          await new Promise((resolve) => setTimeout(resolve, 1))
        }
      })()
      await runtime.apply(workload({ environment: [{ name: 'TOKEN', value, sensitive: true }, { name: 'UID', value: '7', sensitive: false }] }), quiet)
      await started()
      found.push(...(await argvsWith(value)))
      watching = false
      await watch
      expect(found).toEqual([])
    })

    it('places files, mounts, empty directories and the working directory, and keeps read-only what is', async () => {
      const shared = path.join(dataDir, 'rooms', 'shared')
      await runtime.apply(
        workload({
          command: programs.tryFiles.command,
          workingDir: '/work/place',
          files: [{ path: '/config/settings.txt', text: 'region = "north"\nZürich\n', readOnly: true }],
          mounts: [{ source: room, path: '/data', readOnly: false }, { source: shared, path: '/shared', readOnly: true }],
          emptyDirs: [{ path: '/scratch', readOnly: false }],
        }),
        quiet,
      )
      await started()
      expect(await inRoom('copy')).toBe('region = "north"\nZürich\n')
      expect((await inRoom('tried')).trim().split('\n')).toEqual([
        '/config/settings.txt refused', '/shared/new refused', '/scratch/new written', '/tmp/new written', '/new refused', '/work/place',
      ])
      expect(existsSync(path.join(shared, 'new'))).toBe(false)
    })

    it('changes nothing when the same generation is applied again', async () => {
      await runtime.apply(workload(), quiet)
      await started()
      const before = await runtime.observe(id)
      await runtime.apply(workload(), quiet)
      expect(await runtime.observe(id)).toEqual(before)
      expect(await starts()).toBe(1)
    })

    it('starts one process when the same workload is applied twice at once', async () => {
      await Promise.all([runtime.apply(workload(), quiet), runtime.apply(workload(), quiet)])
      await started()
      await new Promise((resolve) => setTimeout(resolve, 300))
      expect(await starts()).toBe(1)
    })

    it('replaces what runs when the generation grows', async () => {
      const apply = (generation: number, value: string): Promise<void> =>
        runtime.apply(workload({ generation, command: programs.reportEnvironment.command, environment: [{ name: 'FIRST', value, sensitive: false }] }), quiet)
      await apply(1, 'old')
      await started(1)
      await apply(2, 'new')
      await started(2)
      expect(await inRoom('first')).toBe('new')
      expect(await runtime.observe(id)).toMatchObject({ state: 'running', generation: 2, restarts: 0 })
      expect((await runtime.list()).filter((listed) => listed === id)).toEqual([id])
    })

    it('restarts a command that crashes, and counts', async () => {
      await runtime.apply(workload({ command: programs.crash.command }), quiet)
      await observed('its exit code', ({ exitCode }) => exitCode === 3)
      const seen = await observed('a restart', ({ restarts }) => restarts >= 2)
      expect(seen.generation).toBe(1)
      await started(3)
    })

    it('restarts a command that ends well, because a service should stay up', async () => {
      await runtime.apply(workload({ command: programs.finish.command }), quiet)
      await observed('a restart', ({ restarts }) => restarts >= 1)
      await observed('its exit code', ({ exitCode }) => exitCode === 0)
    })

    it('shows a program that does not exist as status 127', async () => {
      await runtime.apply(workload({ command: programs.missing.command }), quiet)
      await observed('its exit code', ({ exitCode }) => exitCode === 127)
    })

    it('removes a workload, again if asked again, and leaves its room storage', async () => {
      await runtime.apply(workload({ files: [{ path: '/config/settings.txt', text: 'x', readOnly: true }] }), quiet)
      await started()
      await runtime.remove(id)
      await runtime.remove(id)
      expect(await runtime.observe(id)).toMatchObject({ state: 'absent', generation: null })
      expect(await runtime.list()).not.toContain(id)
      expect(await pastLines()).toEqual([])
      expect(await starts()).toBe(1)
    })

    it('knows nothing of an unknown id, and does not mind', async () => {
      expect(await runtime.observe('nobody-knows')).toEqual({ state: 'absent', generation: null, restarts: 0, exitCode: null, startedAt: null, imageDigest: null })
      await runtime.remove('nobody-knows')
      expect(await pastLines()).toEqual([])
    })

    it('gives the newest lines of both streams, then new ones until it is told to stop', async () => {
      await runtime.apply(workload({ command: programs.talk.command }), quiet)
      await started()
      await until('21 lines', async () => (await pastLines()).length >= 21)
      const lines = await pastLines()
      expect(lines.filter(({ stream }) => stream === 'stdout').map(({ text }) => text)).toEqual(Array.from({ length: 20 }, (_, index) => `line ${index + 1}`))
      expect(lines.filter(({ stream }) => stream === 'stderr').map(({ text }) => text)).toEqual(['problem'])
      expect(lines.every(({ at }) => new Date(at).toISOString() === at)).toBe(true)
      expect(await pastLines(2)).toEqual(lines.slice(-2))

      const stop = new AbortController()
      const followed: string[] = []
      for await (const { text } of runtime.logs(id, { tail: 1, follow: true, signal: stop.signal })) {
        followed.push(text)
        if (followed.length === 1) await writeFile(path.join(room, 'go'), '')
        if (text === 'later') stop.abort()
      }
      expect(followed.slice(1)).toEqual(['later'])
    })

    it('masks sensitive values in logs: in pieces, in several lines and in base64', async () => {
      const token = `tok-${randomBytes(9).toString('hex')}`
      const key = `-----BEGIN TEST KEY-----\n${randomBytes(48).toString('base64')}\n${randomBytes(30).toString('base64')}\n-----END TEST KEY-----\n`
      const environment = [
        { name: 'TOKEN', value: token, sensitive: true },
        { name: 'KEY', value: key, sensitive: true },
        { name: 'PLAIN', value: 'open-word', sensitive: false },
      ]
      await runtime.apply(workload({ command: programs.leak.command, environment }), quiet)
      await started()
      const text = await until('its output', async () => {
        const all = (await pastLines()).map((line) => line.text).join('\n')
        return all.includes('plain is') && all
      })
      expect(text).toContain(`token is ${maskText}.`)
      expect(text).toContain('plain is open-word')
      const base64 = (value: string): string => Buffer.from(value).toString('base64')
      const pieces = [token, base64(token).slice(0, -4), base64(`user:${token}`).slice(8, -4), ...key.split('\n').filter(Boolean), base64(key).slice(0, 76), base64(key).slice(76, 152)]
      for (const piece of pieces) expect(text).not.toContain(piece)
      for (const file of await readdir(path.join(dataDir, 'services', id), { recursive: true, withFileTypes: true }).catch(() => [])) {
        if (file.isFile()) expect(await readFile(path.join(file.parentPath, file.name), 'utf8')).not.toContain(token)
      }
    })

    it('refuses an image that does not exist, where images are used, and leaves nothing', async () => {
      const { usesImage } = await runtime.health()
      const attempt = runtime.apply(workload({ image: subject.missingImage }), quiet)
      if (!usesImage) return expect(await attempt.then(() => started())).toBe(true)
      await expect(attempt).rejects.toEqual(failure('image-not-found'))
      expect(await runtime.list()).not.toContain(id)
      expect(await runtime.observe(id)).toMatchObject({ state: 'absent' })
    })

    it('refuses to start without a command, unless the image has one', async () => {
      const { usesImage } = await runtime.health()
      const attempt = runtime.apply(workload({ command: null }), quiet)
      if (usesImage) return expect(await attempt.then(() => runtime.observe(id))).toMatchObject({ generation: 1 })
      await expect(attempt).rejects.toEqual(failure('no-command'))
    })

    it.each<[string, Partial<Workload>]>([
      ['a path that steps upwards', { files: [{ path: '/config/../../etc/passwd', text: 'x', readOnly: true }] }],
      ['a relative path', { emptyDirs: [{ path: 'scratch', readOnly: false }] }],
      ['two things at one path', { emptyDirs: [{ path: '/data', readOnly: false }] }],
      ['a zero byte in the environment', { environment: [{ name: 'A', value: 'canary\0value', sensitive: true }] }],
      ['a quotation mark that is not closed', { command: 'echo "canary' }],
      ['an id that is no name', { id: '../canary' }],
    ])('refuses %s, without repeating a value, and leaves nothing', async (_, changes) => {
      const error: unknown = await runtime.apply(workload(changes), quiet).catch((caught: unknown) => caught)
      expect(error).toEqual(failure('invalid'))
      expect(error instanceof RuntimeError && error.message).not.toContain('canary')
      expect(await runtime.list()).not.toContain(id)
    })

    it('does nothing once its caller has given up, and works afterwards', async () => {
      const stop = new AbortController()
      stop.abort(new Error('given up'))
      await expect(runtime.apply(workload(), { ...quiet, signal: stop.signal })).rejects.toThrow('given up')
      expect(await runtime.observe(id)).toMatchObject({ state: 'absent' })
      await runtime.apply(workload(), quiet)
      await started()
    })

    it('is found by a server that starts again, and runs once it is applied', async () => {
      await runtime.apply(workload(), quiet)
      await started()
      await runtime.close()
      runtime = subject.open(dataDir)
      const states = { nothing: 'absent', record: 'exited', service: 'running' } as const
      expect(await runtime.observe(id)).toMatchObject({ state: states[subject.survives], generation: subject.survives === 'nothing' ? null : 1 })
      expect(await runtime.list()).toEqual(subject.survives === 'nothing' ? [] : [id])
      await runtime.apply(workload(), quiet)
      await started(subject.survives === 'service' ? 1 : 2)
      expect(await runtime.observe(id)).toMatchObject({ state: 'running', generation: 1 })
    })

    it('says `unavailable`, with a reason, where it cannot work', async () => {
      await mkdir(dataDir, { recursive: true })
      const broken = subject.openBroken(dataDir)
      const health = await broken.health()
      expect(health.available).toBe(false)
      expect(health.reason).toMatch(/\w+ .*\./)
      await expect(broken.apply(workload(), quiet)).rejects.toEqual(failure('unavailable'))
      await broken.close()
    })
  })
}
