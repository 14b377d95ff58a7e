import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'prisma/config'

const root = path.dirname(fileURLToPath(import.meta.url))
const embedded = path.resolve(root, process.env.LATCHKEY_DATA ?? '.latchkey/data', 'db')
const url = process.env.DATABASE_URL || `pglite:${embedded}`

const downloaded = fs.readdirSync(path.join(root, 'node_modules/@prisma/engines')).some((name) => name.startsWith('schema-engine-'))
if (!downloaded || url.startsWith('pglite:')) {
  process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= path.join(root, 'scripts/prisma-engine/schema-engine.mjs')
}

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url },
})
