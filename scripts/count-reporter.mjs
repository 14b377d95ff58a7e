import fs from 'node:fs'
import path from 'node:path'

/** A reporter of vitest that writes `{ passed, failed, skipped: [{ name, reason }] }` to the file named by LATCHKEY_TEST_COUNTS. */
export default function CountReporter() {
  return {
    onTestRunEnd(modules, unhandled) {
      const counts = { passed: 0, failed: unhandled.length, skipped: [] }
      for (const module of modules) {
        counts.failed += module.errors().length
        for (const test of module.children.allTests()) {
          const result = test.result()
          if (result.state === 'passed') counts.passed += 1
          else if (result.state === 'skipped') counts.skipped.push({ name: `${module.relativeModuleId}: ${test.fullName}`, reason: result.note ?? '' })
          else counts.failed += 1
        }
        for (const suite of module.children.allSuites()) counts.failed += suite.errors().length
      }
      fs.mkdirSync(path.dirname(process.env.LATCHKEY_TEST_COUNTS), { recursive: true })
      fs.writeFileSync(process.env.LATCHKEY_TEST_COUNTS, JSON.stringify(counts))
    },
  }
}
