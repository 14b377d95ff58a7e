import { createServer, type Server } from 'node:http'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import Docker from 'dockerode'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeContract, until } from '../contract-suite'
import { openRuntime } from '../registry'
import type { Workload } from '../runtime'
import { openDockerRuntime } from './docker-runtime'
import { startTestbed } from './testbed'

const testbed = await startTestbed()
const dockerHost = testbed.dockerHost ?? undefined
const instance = `test${process.pid}`
const registryPort = 4200 + (process.pid % 50)
const image = 'testbed/service:1'
const quiet = { signal: new AbortController().signal, progress: (): void => undefined }

/** A registry that has nothing, one that lets nobody in, and one that never answers. */
function openRegistry(): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.url === '/v2/') return response.writeHead(200).end('{}')
    if (request.url?.includes('/slow/')) return
    const code = request.url?.includes('/closed/') ? 'DENIED' : 'MANIFEST_UNKNOWN'
    response.writeHead(code === 'DENIED' ? 403 : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ errors: [{ code, message: code === 'DENIED' ? 'requested access to the resource is denied' : 'manifest unknown' }] }))
  })
  return new Promise((resolve) => server.listen(registryPort, '127.0.0.1', () => resolve(server)))
}

describe.skipIf(testbed.dockerHost === null)(`docker${testbed.reason === null ? '' : ` (skipped: ${testbed.reason})`}`, () => {
  const docker = new Docker({ socketPath: (dockerHost ?? '').replace('unix://', '') })
  let registry: Server
  let dataDir: string

  beforeAll(async () => {
    registry = await openRegistry()
    dataDir = await mkdtemp(path.join(os.tmpdir(), 'latchkey-docker-'))
  })
  afterAll(async () => {
    for (const id of await open().list()) await open().remove(id)
    registry.closeAllConnections()
    registry.close()
    await rm(dataDir, { recursive: true, force: true })
  })

  describeContract('the docker runtime', {
    open: (directory) => openDockerRuntime({ dataDir: directory, dockerHost, instance }),
    openBroken: (directory) => openDockerRuntime({ dataDir: directory, dockerHost: 'unix:///nowhere/docker.sock', instance }),
    image,
    missingImage: `127.0.0.1:${registryPort}/nothing/here:1`,
    survives: 'service',
  })

  const workload = (changes: Partial<Workload> = {}): Workload => ({
    id: 'own', generation: 1, labels: {}, image, command: '/bin/sh -c "exec sleep 600"', workingDir: null, environment: [], mounts: [], files: [], emptyDirs: [], ports: [], writableRoot: false, ...changes,
  })
  const open = (name = instance): ReturnType<typeof openDockerRuntime> => openDockerRuntime({ dataDir, dockerHost, instance: name })
  const apply = (changes: Partial<Workload>, signal = quiet.signal): Promise<void> => open().apply(workload(changes), { ...quiet, signal })

  it('runs the image’s own command, with the environment it was given', async () => {
    const runtime = open()
    await runtime.apply(workload({ command: null, environment: [{ name: 'REQUIRE', value: 'TOKEN', sensitive: false }, { name: 'TOKEN', value: 'a value', sensitive: true }] }), quiet)
    const lines: string[] = []
    for await (const { text } of runtime.logs('own', { tail: 1, follow: true, signal: AbortSignal.timeout(5_000) })) {
      lines.push(text)
      break
    }
    expect(lines[0]).toMatch(/started version=1 port=8080 TOKEN=sha256:/)
    await runtime.remove('own')
  })

  it('gives a container no capabilities, no new privileges, a bounded number of processes, and its values only as environment', async () => {
    const runtime = open()
    await runtime.apply(workload({ environment: [{ name: 'TOKEN', value: 'canary-value', sensitive: true }], files: ['/etc/app/settings', '/scratch/x'].map((file) => ({ path: file, text: 'x', readOnly: true })), emptyDirs: [{ path: '/scratch', readOnly: false }] }), quiet)
    const info = await docker.getContainer(`latchkey-${instance}-own`).inspect()
    expect(info.HostConfig).toMatchObject({ CapDrop: ['ALL'], SecurityOpt: ['no-new-privileges'], PidsLimit: 512, ReadonlyRootfs: true, Init: true, PortBindings: {} })
    expect(info.Config.Env).toContain('TOKEN=canary-value')
    expect(JSON.stringify({ ...info, Config: { ...info.Config, Env: [] } })).not.toContain('canary-value')
    expect(JSON.stringify(await docker.getImage(info.Image).inspect())).not.toContain('canary-value')
    await runtime.remove('own')
    expect(info.Mounts.filter(({ Name }) => Name)).toHaveLength(1)
    for (const { Name } of info.Mounts) if (Name) await expect(docker.getVolume(Name).inspect()).rejects.toMatchObject({ statusCode: 404 })
    expect(await docker.listImages({ filters: { label: [`latchkey.instance=${instance}`] } })).toEqual([])
  })

  it('places files also in room storage, in empty directories, in /tmp and in a writable root', async () => {
    for (const writableRoot of [false, true]) {
      const runtime = open()
      const paths = ['/data/notes/rules.md', '/scratch/rules.md', '/tmp/rules.md', '/var/run/rules.md']
      await runtime.apply(
        workload({
          writableRoot,
          command: `/bin/sh -c 'cat ${paths.join(' ')}; sleep 600'`,
          mounts: [{ source: path.join(dataDir, 'rooms', 'r'), path: '/data', readOnly: false }],
          emptyDirs: [{ path: '/scratch', readOnly: false }],
          files: paths.map((file) => ({ path: file, text: `${file}\n`, readOnly: true })),
        }),
        quiet,
      )
      const seen = await until('the files', async () => {
        const lines: string[] = []
        for await (const { text } of runtime.logs('own', { ...quiet, tail: 10, follow: false })) lines.push(text)
        return lines.length >= 4 && lines
      })
      expect(seen).toEqual(paths)
      await runtime.remove('own')
    }
  })

  it('tells why an image cannot be had', async () => {
    const registryName = `127.0.0.1:${registryPort}`
    await expect(apply({ image: `${registryName}/none/x:1` })).rejects.toMatchObject({ code: 'image-not-found' })
    await expect(apply({ image: `${registryName}/closed/x:1` })).rejects.toMatchObject({ code: 'pull-denied' })
    await expect(apply({ image: '127.0.0.1:1/none/x:1' })).rejects.toMatchObject({ code: 'failed' })
    await expect(apply({ image: 'Not A Name' })).rejects.toMatchObject({ code: 'invalid' })
    expect(await open().list()).toEqual([])
  })

  it('shows a pull while it lasts, and gives it up when asked', async () => {
    const runtime = open()
    const stop = new AbortController()
    const attempt = runtime.apply(workload({ image: `127.0.0.1:${registryPort}/slow/x:1` }), { ...quiet, signal: stop.signal })
    attempt.catch(() => undefined)
    await until('the pull', async () => (await runtime.observe('own')).state === 'pulling')
    stop.abort(new Error('given up'))
    await expect(attempt).rejects.toThrow('given up')
    expect(await runtime.observe('own')).toMatchObject({ state: 'absent' })
  })

  it('replaces a container that an earlier run made and never started', async () => {
    const runtime = open()
    await docker.createContainer({ name: `latchkey-${instance}-own`, Image: image, Labels: { 'latchkey.instance': instance, 'latchkey.id': 'own', 'latchkey.generation': '1' } })
    await docker.createContainer({ name: `latchkey-${instance}-own.files`, Image: image, Labels: { 'latchkey.instance': instance, 'latchkey.id': 'own' } })
    expect(await runtime.list()).toEqual(['own'])
    await runtime.apply(workload({ files: [{ path: '/etc/x', text: 'x', readOnly: true }] }), quiet)
    expect(await runtime.observe('own')).toMatchObject({ state: 'running' })
    await runtime.remove('own')
    expect(await docker.listContainers({ all: true, filters: { label: [`latchkey.instance=${instance}`] } })).toEqual([])
  })

  it('starts a container again that somebody stopped', async () => {
    const runtime = open()
    await runtime.apply(workload(), quiet)
    await docker.getContainer(`latchkey-${instance}-own`).stop({ t: 0 })
    expect(await runtime.observe('own')).toMatchObject({ state: 'exited', generation: 1 })
    await runtime.apply(workload(), quiet)
    expect(await runtime.observe('own')).toMatchObject({ state: 'running' })
    await runtime.remove('own')
  })

  it('never touches what it did not make, even under its own name', async () => {
    const theirs = await docker.createContainer({ name: `latchkey-${instance}-own`, Image: image })
    const runtime = open()
    await expect(runtime.apply(workload(), quiet)).rejects.toMatchObject({ code: 'failed' })
    await runtime.remove('own')
    expect(await runtime.list()).toEqual([])
    const other = open(`${instance}b`)
    await other.apply(workload({ id: 'foreign' }), quiet)
    await runtime.remove('foreign')
    expect(await other.observe('foreign')).toMatchObject({ state: 'running' })
    expect((await theirs.inspect()).State.Status).toBe('created')
    await other.remove('foreign')
    await theirs.remove()
  })

  it('masks the log of a container that an earlier process started', async () => {
    await apply({ command: '/bin/sh -c "echo \\"token $TOKEN\\"; exec sleep 600"', environment: [{ name: 'TOKEN', value: 'canary-value', sensitive: true }] })
    const later = open()
    const lines = await until('its line', async () => {
      const seen: string[] = []
      for await (const { text } of later.logs('own', { ...quiet, tail: 5, follow: false })) seen.push(text)
      return seen.length > 0 && seen
    })
    expect(lines).toEqual(['token [masked]'])
    await later.remove('own')
  })

  it('follows a log through restarts', async () => {
    const runtime = open()
    await runtime.apply(workload({ command: '/bin/sh -c "echo again; exit 1"' }), quiet)
    const seen: string[] = []
    for await (const { text } of runtime.logs('own', { tail: 10, follow: true, signal: AbortSignal.timeout(15_000) })) if (seen.push(text) === 4) break
    expect(seen).toEqual(['again', 'again', 'again', 'again'])
    await runtime.remove('own')
  })

  it('is what `auto` takes when an engine answers', async () => {
    const settings = { choice: 'auto', dataDir, processUnsafe: false, instance } as const
    expect((await openRuntime({ ...settings, dockerHost })).name).toBe('docker')
    expect((await openRuntime({ ...settings, dockerHost: 'unix:///nowhere/docker.sock' })).name).toBe('process')
  })
})
