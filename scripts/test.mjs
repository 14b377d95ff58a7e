import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { browser } from './browser.mjs'
import { build, checkNode, generate, install, root, run, step, StepError } from './steps.mjs'

/** `npm test`: sets up what is missing, runs every check, and prints the sum of all tests last, alone on its line. */

const total = { passed: 0, failed: 0, skipped: [] }
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'latchkey-test-'))
const bin = (name) => path.join(root, 'node_modules', name)

// What this machine's own server is told must not reach the tests.
for (const name of Object.keys(process.env)) {
  if ((name.startsWith('LATCHKEY_') && !name.startsWith('LATCHKEY_TEST_')) || name === 'DATABASE_URL' || name.startsWith('npm_lifecycle')) delete process.env[name]
}
process.chdir(root)

function add({ passed, failed, skipped }) {
  total.passed += passed
  total.failed += failed
  total.skipped.push(...skipped)
  return `${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`
}

/** A step that later ones need. Its failure is one failed test. */
async function need(name, work_) {
  await step(name, work_).catch((error) => {
    total.failed += 1
    process.stdout.write(`${error instanceof StepError ? error.message : error.stack}\n`)
    throw error
  })
}

async function check(name, args) {
  await step(name, async () => {
    const { code, output } = await run(process.execPath, args)
    if (code !== 0) process.stdout.write(`${output.trim()}\n`)
    return add({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: [] })
  })
}

async function suite(name, args, env, read) {
  await step(name, async () => {
    const { code } = await run(process.execPath, args, { env, show: true })
    const counts = read()
    // a run that fails without naming a test has failed all the same
    if (code !== 0 && counts.failed === 0) counts.failed = 1
    return add(counts)
  })
}

const json = (file) => (fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : null)

function playwrightCounts(report) {
  if (report === null) return { passed: 0, failed: 1, skipped: [] }
  const skipped = []
  const visit = (suite_) => {
    for (const spec of suite_.specs ?? []) {
      for (const test of spec.tests) {
        if (test.status === 'skipped') skipped.push({ name: `${spec.file}: ${spec.title}`, reason: test.annotations.find(({ type }) => type === 'skip')?.description ?? '' })
      }
    }
    for (const inner of suite_.suites ?? []) visit(inner)
  }
  for (const outer of report.suites) visit(outer)
  const { expected, unexpected, flaky } = report.stats
  return { passed: expected + flaky, failed: unexpected + report.errors.length, skipped }
}

async function main() {
  checkNode()
  await need('Dependencies', install)
  await need('Database client', generate)
  await need('Browser', browser)
  await check('Lint', ['--max-old-space-size=4096', bin('eslint/bin/eslint.js'), '.'])
  await check('Types', [bin('typescript/bin/tsc'), '--noEmit'])
  await need('Pages', build)
  const counts = path.join(work, 'vitest.json')
  await suite(
    'Unit and database',
    [bin('vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=./scripts/count-reporter.mjs'],
    { LATCHKEY_TEST_COUNTS: counts },
    () => json(counts) ?? { passed: 0, failed: 1, skipped: [] },
  )
  const report = path.join(work, 'playwright.json')
  await suite('Browser tests', [bin('@playwright/test/cli.js'), 'test', '--reporter=list,json'], { PLAYWRIGHT_JSON_OUTPUT_FILE: report }, () => playwrightCounts(json(report)))
}

process.on('exit', () => fs.rmSync(work, { recursive: true, force: true }))

function finish() {
  for (const { name, reason } of total.skipped) process.stdout.write(`skipped: ${name}${reason ? ` (${reason})` : ''}\n`)
  const { passed, failed, skipped } = total
  process.stdout.write(`${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}\n`)
  process.exit(failed > 0 ? 1 : 0)
}

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130))
process.stdout.write('Testing Latchkey\n')
await main().catch((error) => {
  if (total.failed === 0) {
    total.failed += 1
    process.stdout.write(`${error.stack}\n`)
  }
})
finish()
