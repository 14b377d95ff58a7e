import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { openEmbedded } from '@/lib/db/embedded'
import { choosePlace, pasteTemplate, showOutput, signIn, startLatchkey, type Latchkey } from './latchkey'

/** SIGKILL in the middle of installations: whatever was begun is finished after the restart or was never begun, and nothing is there twice. */

const template = (name: string): string => `version: v1
kind: ServiceTemplate
metadata:
  name: ${name}
  annotations: {meshagent.service.id: ${name}}
variables:
  - name: token
    obscure: true
    annotations: {meshagent.secret.id: ${name}-token, meshagent.secret.identity: ${name}}
container:
  image: example.test/x:1
  command: /bin/sh -c 'echo up; while true; do sleep 1; done' ${name}-mark
  environment:
    - {name: MESHAGENT_TOKEN, token: {identity: ${name}}}
    - {name: TOKEN, secret: {identity: ${name}, id: ${name}-token}}
`

const delays = [0, 60, 250, 900]

test('a server killed in mid-install finishes after its restart, once', async ({ page }, info) => {
  test.setTimeout(240_000)
  let server = await startLatchkey()
  const port = Number(new URL(server.url).port)
  try {
    await signIn(page, server.url)
    for (const [round, delay] of delays.entries()) {
      const name = `crash-${String(round)}`
      await pasteTemplate(page, server.url, template(name))
      await choosePlace(page)
      await page.getByLabel(/^token/).fill(`value ${name}`)
      await page.getByRole('button', { name: 'Install', exact: true }).click()
      await new Promise((resolve) => setTimeout(resolve, delay))
      await server.kill()
      expect(processes(name)).toBe(0)
      server = await startLatchkey({ dataDir: server.dataDir, port })
      // The person tries again, in the same page if it is still there: the same request is the same install.
      const again = page.getByRole('button', { name: 'Install', exact: true })
      if (await again.isVisible()) {
        await expect(page.getByText(/nothing is installed twice/)).toBeVisible()
        await page.getByLabel(/^token/).fill(`value ${name}`)
        await again.click()
        await page.waitForURL(/\/s\/[0-9a-f-]+$/)
      } else await page.reload()
      await expect(page.getByRole('status').getByText('Running', { exact: true })).toBeVisible({ timeout: 30_000 })
      await expect.poll(() => processes(name)).toBe(1)
    }
    await server.stop()
    expect(delays.map((_, round) => processes(`crash-${String(round)}`))).toEqual(delays.map(() => 0))
    expect(await counts(server)).toEqual({ Installation: delays.length, Deployment: delays.length, Secret: delays.length, SecretVersion: delays.length })
  } finally {
    await showOutput(server, info)
    await server.remove()
  }
})

/** How many processes run the command of a service. */
function processes(name: string): number {
  const all = execFileSync('ps', ['axo', 'args'], { encoding: 'utf8' })
  return all.split('\n').filter((line) => line.startsWith('/bin/sh -c echo up') && line.endsWith(`${name}-mark`)).length
}

async function counts(server: Latchkey): Promise<Record<string, number>> {
  const { pool, close } = await openEmbedded(path.join(server.dataDir, 'db'))
  try {
    const entries = await Promise.all(
      ['Installation', 'Deployment', 'Secret', 'SecretVersion'].map(async (table) => {
        const { rows } = await pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM "${table}"`)
        return [table, rows[0]?.n ?? -1] as const
      }),
    )
    return Object.fromEntries(entries)
  } finally {
    await close()
  }
}
