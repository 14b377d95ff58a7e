import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, chown, copyFile, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { until } from '../contract-suite'
import type { Workload } from '../runtime'
import type { ChildRequest } from './isolated-child'
import type { SandboxTool } from './sandbox'
import { whyNotOffered } from './sandbox-offer'

const project = path.resolve(import.meta.dirname, '../../..')
const isRoot = process.getuid?.() === 0
/** An ordinary user needs no account. */
const ordinary = 4242

const tools: SandboxTool[] = ['bubblewrap', 'unshare']
const users = isRoot ? ['root', 'an ordinary user'] : ['an ordinary user']
const wanted = users.flatMap((user) => tools.map((tool) => ({ tool, user, runAs: isRoot && user !== 'root' ? ordinary : null })))
const offers = await Promise.all(wanted.map(({ tool, runAs }) => whyNotOffered(tool, runAs)))
const cases = wanted.map((entry, index) => ({ ...entry, reason: offers[index] ?? null }))

/** What a sandboxed program sees and can do: one fact a line. */
const explorer = (paths: string[]): string => `
for path in ${paths.map((item) => `'${item}'`).join(' ')}; do
  if cat "$path" >/dev/null 2>&1 || ls "$path"/ >/dev/null 2>&1; then echo "sees $path"; fi
done
for pid in 1 $SERVER_PID; do cat /proc/$pid/environ 2>/dev/null | tr '\\0' '\\n' | grep -q canary && echo "reads environ of $pid"; done
ls -d /proc/[0-9]* | wc -l | sed 's/^/processes /'
grep -E '^(Cap(Eff|Prm|Bnd|Inh|Amb)|NoNewPrivs)' /proc/self/status | tr -d '\\t'
id -u | sed 's/^/uid /'
for space in user mnt pid ipc uts net; do echo "$space $(readlink /proc/self/ns/$space)"; done
for path in /usr/canary /etc/canary /bin/canary /proc/sys/kernel/panic; do { echo x >"$path"; } 2>/dev/null && echo "writes $path"; done
unshare --user true 2>/dev/null && echo "makes namespaces"
mount -t tmpfs none /tmp 2>/dev/null && echo "mounts"
ls -A / | tr '\\n' ' ' | sed 's/^/root /'; echo
ls -A /etc | tr '\\n' ' ' | sed 's/^/etc /'; echo
env -0 | tr '\\n\\0' '  ' | sed 's/^/environment /'; echo
echo room >/data/written && echo "writes its room"
node -e 'console.log("node runs")'
getent hosts localhost >/dev/null && echo "resolves names"
echo done
`

describe.each(cases)('a process in $tool, started by $user', ({ tool, runAs, reason }) => {
  let base: string
  let dataDir: string
  let child: ChildProcess | null
  const canary = `canary-${randomBytes(8).toString('hex')}`
  const mark = `mark-${randomBytes(8).toString('hex')}`
  const marked = async (): Promise<number[]> => {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
    const argvs = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
    return pids.filter((_, index) => argvs[index]?.includes(mark)).map(Number)
  }

  const workload = (changes: Partial<Workload>): Workload => ({
    id: 'isolated', generation: 1, labels: {}, image: 'not-used', command: '/bin/sh /var/start.sh', workingDir: null,
    environment: [{ name: 'TOKEN', value: canary, sensitive: true }],
    mounts: [{ source: path.join(dataDir, 'rooms', 'mine'), path: '/data', readOnly: false }],
    files: [], emptyDirs: [], ports: [], writableRoot: false, ...changes,
  })

  const start = (changes: Partial<Workload>, node = process.execPath): { lines: string[]; server: ChildProcess } => {
    const request: ChildRequest = { dataDir, tool, workload: workload(changes), user: runAs }
    const server = spawn(node, ['--import', 'tsx', path.join(import.meta.dirname, 'isolated-child.ts'), JSON.stringify(request)], {
      cwd: project, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, SERVER_CANARY: 'canary', HOME: base },
    })
    child = server
    const lines: string[] = []
    if (server.stdout) createInterface({ input: server.stdout }).on('line', (line) => lines.push((JSON.parse(line) as { text?: string }).text ?? line))
    return { lines, server }
  }

  beforeEach(async ({ skip }) => {
    if (reason !== null) skip(reason)
    child = null
    base = await mkdtemp(path.join(os.tmpdir(), 'latchkey-isolation-'))
    dataDir = path.join(base, 'data')
    await mkdir(path.join(dataDir, 'rooms', 'other'), { recursive: true })
    await writeFile(path.join(dataDir, 'root-key'), canary)
    await writeFile(path.join(dataDir, 'rooms', 'other', 'file'), canary)
    for (const item of runAs === null ? [] : [base, dataDir, path.join(dataDir, 'root-key'), path.join(dataDir, 'rooms')]) await chown(item, ordinary, ordinary)
    await chmod(base, 0o700)
  })
  afterEach(async () => {
    if (reason !== null) return
    child?.kill('SIGKILL')
    // a failed test may have left what it looked for
    await until('an empty process table', async () => {
      const left = (await marked()).filter((pid) => pid !== child?.pid)
      for (const pid of left) spawnSync('kill', ['-9', String(pid)])
      return left.length === 0
    })
    await rm(base, { recursive: true, force: true })
  })

  it('sees a bare system, its room and its environment, and has no rights', async () => {
    const unseen = [base, dataDir, `${dataDir}/root-key`, `${dataDir}/rooms/other/file`, project, `${project}/package.json`, '/root', '/home', '/work', '/var/log', '/var/lib', '/run', '/sys', '/boot', '/mnt', '/opt', '/etc/shadow', '/etc/ssh', os.homedir(), '/usr/share/doc']
    const { lines, server } = start({ files: [{ path: '/var/start.sh', text: explorer(unseen), readOnly: true }], environment: [{ name: 'TOKEN', value: canary, sensitive: true }, { name: 'SERVER_PID', value: String(process.pid), sensitive: false }] })
    const facts = await until('its report', async () => lines.includes('done') && lines)
    const fact = (name: string): string => facts.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1) ?? ''

    expect(facts.filter((line) => /^(sees|reads|writes \/|makes|mounts)/.test(line))).toEqual([])
    expect(facts).toEqual(expect.arrayContaining(['CapEff:0000000000000000', 'CapPrm:0000000000000000', 'CapBnd:0000000000000000', 'CapInh:0000000000000000', 'CapAmb:0000000000000000', 'NoNewPrivs:1']))
    expect(fact('uid')).toBe('1000')
    expect(Number(fact('processes'))).toBeLessThan(8)
    for (const space of ['user', 'mnt', 'pid', 'ipc', 'uts']) {
      expect([space, fact(space)]).not.toEqual([space, await readlink(`/proc/${server.pid}/ns/${space}`)])
      expect(fact(space)).toMatch(/^\w+:\[\d+\]$/)
    }
    expect(facts).toEqual(expect.arrayContaining(['writes its room', 'node runs', 'resolves names']))
    expect(fact('environment').split(' ').filter((entry) => /^[A-Z_]+=/.test(entry)).map((entry) => entry.split('=')[0]).sort()).toEqual(['HOME', 'LANG', 'PATH', 'PWD', 'SERVER_PID', 'TOKEN'])
    expect(fact('root').split(' ').filter((name) => !/^(bin|sbin|lib(32|64|x32)?|usr|etc|dev|proc|tmp|data|var|nix|)$/.test(name))).toEqual([])
    expect(fact('etc')).not.toMatch(/shadow|ssh|\.key/)
    expect(await readFile(path.join(dataDir, 'rooms', 'mine', 'written'), 'utf8')).toBe('room\n')
  })

  it('finds a Node that is installed in a home directory, and nothing else of that home', async () => {
    const installed = path.join(base, '.versions', 'node', 'bin')
    await mkdir(installed, { recursive: true })
    await copyFile(process.execPath, path.join(installed, 'node'))
    await writeFile(path.join(base, '.versions', 'node', 'npmrc'), canary)
    for (const item of runAs === null ? [] : [path.join(base, '.versions'), path.join(base, '.versions', 'node')]) await chown(item, ordinary, ordinary)
    const look = `command -v node; node -e 'console.log("it runs")'; find ${base} | sort; echo done; exec sleep 600`
    const { lines } = start({ files: [{ path: '/var/start.sh', text: look, readOnly: true }] }, path.join(installed, 'node'))
    const seen = await until('its report', async () => lines.includes('done') && lines)
    expect(seen.slice(1)).toEqual([`${installed}/node`, 'it runs', base, `${base}/.versions`, `${base}/.versions/node`, installed, `${installed}/node`, 'done'])
  })

  it('is gone, with all it started, when the server is killed', async () => {
    const running = async (): Promise<number> => (await marked()).filter((pid) => pid !== child?.pid).length
    const { lines, server } = start({ command: `/bin/sh -c 'setsid sleep 600 ${mark} & (trap "" TERM HUP INT; while :; do sleep 1; done) & echo up; sleep 600; echo ${mark}'` })
    await until('its start', async () => lines.includes('up'))
    expect(await running()).toBeGreaterThan(0)
    server.kill('SIGKILL')
    await until('its end', async () => (await running()) === 0, 3_000)
    // what is left behind is found, and removed, by the next server
    expect(await readdir(path.join(dataDir, 'services'))).toContain('isolated')
  })

  it('refuses a mount behind a symbolic link, and a file that a link would lead out of the room', async () => {
    const secretDir = path.join(base, 'elsewhere')
    await mkdir(secretDir)
    await mkdir(path.join(dataDir, 'rooms', 'mine'))
    await symlink(secretDir, path.join(dataDir, 'rooms', 'mine', 'link'))
    for (const item of runAs === null ? [] : [secretDir, path.join(dataDir, 'rooms', 'mine')]) await chown(item, ordinary, ordinary)
    for (const changes of [
      { mounts: [{ source: path.join(dataDir, 'rooms', 'mine', 'link'), path: '/data', readOnly: false }] },
      { files: [{ path: '/data/link/planted', text: 'x', readOnly: true }] },
    ]) {
      const { lines, server } = start({ command: 'sleep 600', ...changes })
      await until('its refusal', async () => server.exitCode !== null)
      expect(lines.join()).toMatch(/failed/)
    }
    expect(await readdir(secretDir)).toEqual([])
  })
})
