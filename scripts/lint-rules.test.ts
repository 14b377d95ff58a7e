import { ESLint } from 'eslint'
import tseslint from 'typescript-eslint'
import { describe, expect, it } from 'vitest'

const eslint = new ESLint({
  // without types: the rules of the architecture need none, and the files need not exist
  overrideConfig: [{ files: ['**/*.ts', '**/*.tsx'], languageOptions: { parserOptions: { projectService: false } }, rules: tseslint.configs.disableTypeChecked.rules ?? {} }],
})

/** The ids of the rules that `code` breaks in `file`, apart from unused names. */
async function broken(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: file })
  const ids = result?.messages.map(({ ruleId, message }) => ruleId ?? message) ?? []
  return [...new Set(ids)].filter((id) => !id.endsWith('no-unused-vars'))
}

const store = `import { putSecret } from '@/lib/secrets/secret-store'\nvoid putSecret`

describe('the rules of the architecture', () => {
  it.each<[rule: string, file: string, code: string]>([
    ['pure/imports', 'lib/manifest/parse.ts', `import fs from 'node:fs'\nvoid fs`],
    ['pure/imports', 'lib/manifest/jinja/deep.ts', `import path from 'path'\nvoid path`],
    ['pure/imports', 'lib/authz/permission.ts', `import { cache } from 'react'\nvoid cache`],
    ['pure/imports', 'lib/install/form-schema.ts', `import { headers } from 'next/headers'\nvoid headers`],
    ['pure/imports', 'lib/install/partition-inputs.ts', `import { db } from '../db/client'\nvoid db`],
    ['pure/imports', 'lib/install/clear-record.ts', `import { env } from '@/lib/env'\nvoid env`],
    ['pure/imports', 'lib/deployments/status.ts', `import { Prisma } from '@prisma/client'\nvoid Prisma`],
    ['pure/globals', 'lib/manifest/parse.ts', `export const text = Buffer.from('a')`],
    ['pure/globals', 'lib/manifest/parse.ts', `export const got = fetch('https://example.com')`],
    ['pure/syntax', 'lib/manifest/parse.ts', `export const late = import('node:fs')`],
    ['settings/syntax', 'lib/auth/token.ts', `export const home = process.env.HOME`],
    ['settings/syntax', 'app/page.tsx', `export const home = process['env']`],
    ['settings/imports', 'lib/auth/token.ts', `import { env } from 'node:process'\nvoid env`],
    ['pages/imports', 'app/page.tsx', `import { db } from '@/lib/db/client'\nvoid db`],
    ['pages/imports', 'components/x.tsx', `import { seal } from '../lib/crypto/envelope'\nvoid seal`],
    ['pages/imports', 'app/api/x/route.ts', `import { openRuntime } from '@/lib/runtimes/registry'\nvoid openRuntime`],
    ['pages/imports', 'app/page.tsx', store],
    ['pages/imports', 'app/page.tsx', `import pg from 'pg'\nvoid pg`],
    ['secrets/syntax', 'lib/install/install-service.ts', `export const rows = (tx: Tx) => tx.secret.findMany()`],
    ['secrets/syntax', 'lib/install/install-service.ts', `export const rows = (tx: Tx) => tx.secretVersion.deleteMany({})`],
    ['secrets/syntax', 'scripts/dump.ts', `export const rows = (db: Db) => db.dataKey.count()`],
    ['secrets/syntax', 'lib/audit/record.ts', 'export const rows = (db: Db) => db.$queryRaw`SELECT * FROM "SecretVersion"`'],
    ['ciphers/imports', 'lib/auth/token.ts', `import { createCipheriv } from 'node:crypto'\nvoid createCipheriv`],
    ['ciphers/syntax', 'lib/auth/token.ts', `export const key = crypto.subtle.generateKey('Ed25519', false, [])`],
    ['reveal/syntax', 'lib/install/install-service.ts', `export const text = (value: SecretValue) => value.reveal()`],
    ['reveal/syntax', 'app/page.tsx', `export const text = (value: SecretValue) => value?.['reveal']()`],
    ['runtimes/imports', 'lib/runtimes/docker/apply.ts', `import { db } from '@/lib/db/client'\nvoid db`],
    ['runtimes/imports', 'lib/runtimes/process/apply.ts', `import { actor } from '../../auth/actor'\nvoid actor`],
    ['runtimes/imports', 'lib/runtimes/memory.ts', store],
    ['runtime-docker/imports', 'lib/runtimes/docker/apply.ts', `import { run } from '../process/run'\nvoid run`],
    ['runtime-process/imports', 'lib/runtimes/process/run.ts', `import { apply } from '@/lib/runtimes/docker/apply'\nvoid apply`],
    ['engines/imports', 'lib/runtimes/registry.ts', `import Docker from 'dockerode'\nvoid Docker`],
    ['no-console', 'lib/auth/token.ts', `console.log('x')`],
    ['@typescript-eslint/no-explicit-any', 'lib/auth/token.ts', `export const list: any = []`],
    ['@typescript-eslint/no-non-null-assertion', 'lib/auth/token.ts', `export const first = (list: string[]) => list[0]!`],
    ['@typescript-eslint/ban-ts-comment', 'lib/auth/token.ts', `// @ts-ignore\nexport const one: string = 1`],
    ['no-console', 'lib/auth/token.ts', `// eslint-disable-next-line no-console\nconsole.log('comments switch nothing off')`],
  ])('%s refuses, in %s: %s', async (rule, file, code) => {
    expect(await broken(file, code)).toContain(rule)
  })

  it.each<[file: string, code: string]>([
    ['lib/manifest/fetch-template.ts', `import https from 'node:https'\nvoid https`],
    ['lib/manifest/yaml/scanner.ts', `function fetch(): number {\n  return 1\n}\nexport const one = fetch()`],
    ['lib/deployments/status.ts', `import type { Observation } from '@/lib/runtimes/runtime'\nexport type Seen = Observation`],
    ['lib/env.ts', `export const home = process.env['HOME']`],
    ['lib/install/install-service.ts', store],
    ['lib/secrets/secret-store.ts', `export const rows = (tx: Tx) => tx.secret.findMany()`],
    ['lib/auth/token.ts', `import { createHash, randomBytes } from 'node:crypto'\nvoid createHash\nvoid randomBytes`],
    ['lib/deployments/resolve-workload.ts', `export const text = (value: SecretValue) => value.reveal()`],
    ['lib/runtimes/docker/apply.ts', `import { mask } from '../mask'\nvoid mask`],
    ['app/page.tsx', `import { listProjects } from '@/lib/projects/list-projects'\nvoid listProjects`],
  ])('allows, in %s: %s', async (file, code) => {
    expect(await broken(file, code)).toEqual([])
  })
})
