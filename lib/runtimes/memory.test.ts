import { expect, it } from 'vitest'
import { simulatedPrograms } from './contract-programs'
import { describeContract } from './contract-suite'
import { openMemoryRuntime } from './memory'
import { RuntimeError, type Workload } from './runtime'

const open = (): ReturnType<typeof openMemoryRuntime> => openMemoryRuntime({ programs: simulatedPrograms, images: ['image'] })

describeContract('the memory runtime', {
  open,
  openBroken: () => {
    const runtime = open()
    runtime.setAvailable(false)
    return runtime
  },
  image: 'image',
  missingImage: 'missing',
  survives: 'nothing',
})

const workload: Workload = {
  id: 'one', generation: 1, labels: {}, image: 'image', command: null, workingDir: null, environment: [], mounts: [], files: [], emptyDirs: [], ports: [], writableRoot: false,
}
const quiet = { signal: new AbortController().signal, progress: (): void => undefined }

it('lets a test decide what fails, crashes and is printed', async () => {
  const runtime = openMemoryRuntime({ restartDelay: 5 })
  runtime.failNext(new RuntimeError('failed', 'No.'))
  await expect(runtime.apply(workload, quiet)).rejects.toMatchObject({ code: 'failed' })
  await runtime.apply(workload, quiet)
  runtime.print('one', 'hello')
  runtime.crash('one', 9)
  await expect.poll(() => runtime.observe('one')).toMatchObject({ state: 'running', restarts: 1, exitCode: 9 })
  const lines: string[] = []
  for await (const { text } of runtime.logs('one', { tail: 5, follow: false, signal: quiet.signal })) lines.push(text)
  expect(lines).toEqual(['hello'])
  expect(runtime.started).toEqual([workload])
})

it('shows a pull while it lasts, and ends it when the caller gives up', async () => {
  const runtime = openMemoryRuntime({ pullDelay: 10_000 })
  const stop = new AbortController()
  const attempt = runtime.apply(workload, { ...quiet, signal: stop.signal })
  await expect.poll(() => runtime.observe('one')).toMatchObject({ state: 'pulling' })
  stop.abort(new Error('given up'))
  await expect(attempt).rejects.toThrow('given up')
  expect(await runtime.observe('one')).toMatchObject({ state: 'absent' })
})
