import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeContract, until } from '../contract-suite'
import type { LogLine, Runtime, Workload } from '../runtime'
import { openProcessRuntime } from './process-runtime'
import { whyNotOffered } from './sandbox-offer'
import type { SandboxTool } from './sandbox'

const quiet = { signal: new AbortController().signal, progress: (): void => undefined }

for (const tool of ['bubblewrap', 'unshare'] satisfies SandboxTool[]) {
  const reason = await whyNotOffered(tool)
  describe.skipIf(reason !== null)(`${tool}${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
    describeContract(`the process runtime with ${tool}`, {
      open: (dataDir) => openProcessRuntime({ dataDir, unsafe: false, tools: [tool], delay: () => 50 }),
      openBroken: (dataDir) => openProcessRuntime({ dataDir, unsafe: false, tools: [] }),
      image: 'not-used',
      missingImage: 'not-used-either',
      survives: 'record',
    })
    describe('and besides', () => besides(tool))
  })
}

describe('without isolation, if that was asked for', () => besides('none'))

function besides(tool: SandboxTool | 'none'): void {
  let dataDir: string
  let runtime: Runtime

  beforeEach(async () => {
    dataDir = await mkdtemp(path.join(os.tmpdir(), "latchkey process's-"))
    runtime = openProcessRuntime({ dataDir, unsafe: tool === 'none', tools: tool === 'none' ? [] : [tool], delay: () => 50 })
  })
  afterEach(async () => {
    await runtime.close()
    await rm(dataDir, { recursive: true, force: true })
  })

  const workload = (changes: Partial<Workload>): Workload => ({
    id: 'own', generation: 1, labels: {}, image: 'not-used', command: 'true', workingDir: null, environment: [], files: [], emptyDirs: [], ports: [], writableRoot: false,
    mounts: [{ source: path.join(dataDir, 'rooms', 'a b'), path: '/data', readOnly: false }], ...changes,
  })
  const lines = async (count: number): Promise<string[]> =>
    until(`${count} lines`, async () => {
      const seen: LogLine[] = []
      for await (const line of runtime.logs('own', { ...quiet, tail: 1_000, follow: false })) seen.push(line)
      const texts = seen.map(({ text }) => text).filter((text) => !text.startsWith('[latchkey]'))
      return texts.length >= count && texts
    })

  it('keeps the text of a sensitive file in memory, for as long as the service is there', async () => {
    const canary = `canary-${crypto.randomUUID()}`
    const held = (): string => execFileSync('sh', ['-c', `grep -rlF -- "$0" "$1" /dev/shm || true`, canary, dataDir], { encoding: 'utf8' })
    await runtime.apply(workload({ command: `/bin/sh -c 'wc -c <"$0"; exec sleep 600' /etc/pin.conf`, files: [{ path: '/etc/pin.conf', text: canary, readOnly: true, sensitive: true }] }), quiet)
    expect(await lines(1)).toEqual([String(canary.length)])
    expect(held()).toMatch(/^\/dev\/shm\/[^\n]+\n$/)
    await runtime.remove('own')
    expect(held()).toBe('')
  })

  it.skipIf(tool === 'none')('never mounts what a service has put in the place of a mounted directory, at a restart either', async () => {
    const room = path.join(dataDir, 'rooms', 'room')
    const outside = path.join(dataDir, 'outside')
    await mkdir(room, { recursive: true })
    await mkdir(outside)
    await writeFile(path.join(outside, 'key'), 'not for services')
    const command = `/bin/sh -c 'if [ -e /inner/key ]; then echo escaped; exec sleep 600; fi; mv /data/inner /data/old; ln -s "$0" /data/inner; echo swapped' '${outside.replaceAll("'", `'\\''`)}'`
    await runtime.apply(workload({ command, mounts: [{ source: room, path: '/data', readOnly: false }, { source: path.join(room, 'inner'), path: '/inner', readOnly: false }] }), quiet)
    expect((await lines(2)).slice(0, 2)).toEqual(['swapped', 'A mounted directory was replaced after it had been prepared. Restart the service.'])
    await expect(runtime.apply(workload({ command, generation: 2, mounts: [{ source: path.join(room, 'inner'), path: '/inner', readOnly: false }] }), quiet)).rejects.toMatchObject({ code: 'invalid' })
  })

  it.skipIf(tool === 'none')('makes nothing outside where a link waits in the place of a file', async () => {
    const room = path.join(dataDir, 'rooms', 'a b')
    const outside = path.join(dataDir, 'outside')
    await mkdir(room, { recursive: true })
    await mkdir(outside)
    // bubblewrap has the machine at /oldroot while it builds
    await symlink(`/oldroot${outside}/made`, path.join(room, 'conf'))
    const files = [{ path: '/data/conf', text: 'x', readOnly: false }]
    await expect(runtime.apply(workload({ command: 'sleep 600', files }), quiet)).rejects.toMatchObject({ code: 'failed' })
    expect(await readdir(outside)).toEqual([])
  })

  it('runs a script that the manifest brings, and gives it its arguments', async () => {
    await runtime.apply(workload({ command: `/bin/sh /var/start.sh 'a  b' "c\\"d" '' e`, files: [{ path: '/var/start.sh', text: 'printf "<%s>" "$@"; echo; exec sleep 600', readOnly: true }] }), quiet)
    expect(await lines(1)).toEqual(['<a  b><c"d><><e>'])
    expect(await runtime.health()).toMatchObject({ isolation: tool === 'none' ? 'none' : 'namespaces', usesImage: false })
  })

  it('asks a command to end, and ends one that does not listen, with all it started', async () => {
    const polite = `/bin/sh -c 'trap "echo bye >/data/bye; exit 0" TERM; echo up; while :; do sleep 0.05; done'`
    if (tool !== 'none') {
      await runtime.apply(workload({ command: polite }), quiet)
      await lines(1)
      await runtime.remove('own')
      expect(await readFile(path.join(dataDir, 'rooms', 'a b', 'bye'), 'utf8')).toBe('bye\n')
    }
    await runtime.apply(workload({ command: `/bin/sh -c 'trap "" TERM; echo $$; while :; do sleep 0.05; done'` }), quiet)
    await lines(1)
    const from = Date.now()
    await runtime.remove('own')
    expect(Date.now() - from).toBeGreaterThan(4_500)
    expect(Date.now() - from).toBeLessThan(8_000)
  })

  it('leaves the server’s own environment out', async () => {
    process.env['LATCHKEY_TEST_CANARY'] = 'canary'
    await runtime.apply(workload({ command: 'env', environment: [{ name: 'OWN', value: '1', sensitive: false }] }), quiet)
    delete process.env['LATCHKEY_TEST_CANARY']
    const names = (await lines(4)).slice(0, 4).map((line) => line.split('=')[0])
    expect(names.sort()).toEqual(['HOME', 'LANG', 'OWN', 'PATH'])
  })

  if (tool === 'none') return

  it('places files in mounts, in empty directories, in /tmp and over the system’s own', async () => {
    const paths = ['/data/notes/rules.md', '/scratch/deep/rules.md', '/tmp/rules.md', '/etc/hosts', '/etc/app/x', '/data/cache/rules.md', '/app/it\'s a "name"']
    const quoted = paths.map((item) => `"${item.replaceAll('"', '\\"')}"`).join(' ')
    for (const writableRoot of [false, true]) {
      await runtime.apply(
        workload({
          writableRoot,
          generation: writableRoot ? 2 : 1,
          command: 'sh /start.sh',
          workingDir: '/data/new/place',
          emptyDirs: [{ path: '/scratch', readOnly: true }, { path: '/data/cache', readOnly: false }],
          files: [...paths.map((file) => ({ path: file, text: `${file}\n`, readOnly: true })), { path: '/start.sh', text: `cat ${quoted}; pwd; for d in /scratch /data/cache / /app; do touch $d/new 2>/dev/null && echo "wrote $d"; done; exec sleep 600`, readOnly: true }],
        }),
        quiet,
      )
      const count = paths.length + 1 + (writableRoot ? 3 : 1)
      const seen = (await lines(writableRoot ? count * 2 - 2 : count)).slice(-count)
      expect(seen).toEqual([...paths, '/data/new/place', 'wrote /data/cache', ...(writableRoot ? ['wrote /', 'wrote /app'] : [])])
    }
  })

  it.each(['/usr/local/x', '/proc/x', '/lib/x', '/dev/x', '/'])('refuses to place a file at %s', async (file) => {
    await expect(runtime.apply(workload({ files: [{ path: file, text: '', readOnly: true }] }), quiet)).rejects.toMatchObject({ code: 'invalid' })
  })

  it('refuses a secret under a name that no shell can set, and one that is too long', async () => {
    for (const [name, value] of [['with.dot', 'canary'], ['UID', 'canary'], ['LONG', 'canary'.repeat(30_000)]] as const) {
      const attempt = runtime.apply(workload({ environment: [{ name, value, sensitive: true }] }), quiet)
      await expect(attempt).rejects.toMatchObject({ code: 'invalid', message: expect.not.stringContaining('canary') as string })
    }
  })

  it('does not let a variable reach a program that still has rights', async () => {
    const hostile = { LD_PRELOAD: '/data/evil.so', BASH_ENV: '/data/evil', ENV: '/data/evil', IFS: 'abc', PATH: '/data/evil:/usr/bin:/bin', PS4: '$(echo evil >&2)', SHELLOPTS: 'xtrace' }
    await runtime.apply(workload({ command: `/bin/sh -c 'echo "$PATH"; exec sleep 600'`, environment: Object.entries(hostile).map(([name, value]) => ({ name, value, sensitive: false })) }), quiet)
    const seen = await until('its PATH', async () => (await lines(1)).includes(hostile.PATH) && lines(1))
    // the loader of programs inside complains of the library that is not there; none outside has heard of it
    expect(seen.filter((line) => /evil/.test(line) && !/ld\.so|^\/data\/evil:/.test(line))).toEqual([])
  })
}
