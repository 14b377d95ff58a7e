import { expect, test } from '@playwright/test'
import { startLatchkey, type Latchkey } from './latchkey'

let server: Latchkey
test.beforeAll(async () => void (server = await startLatchkey({ firstAdmin: false })))
test.afterAll(() => server.remove())

test('pages come alive under their policy, and foreign scripts do not run', async ({ page }) => {
  const refused: string[] = []
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) refused.push(message.text())
  })
  const link = /http:\S+\/setup\?token=\S+/.exec(server.output())?.[0] ?? ''
  for (const url of [`${server.url}/sign-in`, link]) {
    await page.goto(url, { waitUntil: 'networkidle' })
    expect(await page.evaluate(() => [...document.querySelectorAll('input, button')].some((element) => Object.keys(element).some((key) => key.startsWith('__reactProps'))))).toBe(true)
  }
  expect(refused).toEqual([])
  await page.evaluate(() => {
    const script = document.createElement('div')
    script.innerHTML = '<img src="data:," onerror="document.title = \'taken over\'">'
    document.body.append(script)
  })
  await expect.poll(() => refused.length).toBeGreaterThan(0)
  expect(await page.title()).not.toBe('taken over')
})
