import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import type { SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg'
import { adapterFactory, type Datasource } from './adapters'

type Bindings = typeof import('@prisma/schema-engine-wasm/schema_engine_bg')

const packageDir = path.dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'))

/** The commit of Prisma's engines that the WebAssembly build was made from. */
export function engineCommit(): string {
  const { version } = JSON.parse(fs.readFileSync(path.join(packageDir, 'package.json'), 'utf8')) as { version: string }
  return version.split('.').at(-1) ?? version
}

let bindings: Promise<Bindings> | undefined

async function load(): Promise<Bindings> {
  const glue = (await import(pathToFileURL(path.join(packageDir, 'schema_engine_bg.js')).href)) as Bindings
  const wasm = await WebAssembly.compile(fs.readFileSync(path.join(packageDir, 'schema_engine_bg.wasm')))
  const { exports } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': { ...glue } })
  glue.__wbg_set_wasm(exports)
  const start = exports['__wbindgen_start']
  if (typeof start === 'function') (start as () => void)()
  return glue
}

export interface OpenEngine {
  engine: SchemaEngine
  /** The driver's own error behind one that the engine reports as external; otherwise the error itself. */
  cause(error: unknown): unknown
  close(): Promise<void>
}

/**
 * Prisma's schema engine on a database.
 * @param datamodels pairs of path and text of the Prisma schema, for commands that need it.
 */
export async function openEngine(datasource: Datasource, datamodels?: [string, string][]): Promise<OpenEngine> {
  const { SchemaEngine } = await (bindings ??= load())
  const { factory, close } = adapterFactory(datasource)
  const bound = bindMigrationAwareSqlAdapterFactory(factory)
  try {
    const engine = await SchemaEngine.new({ datamodels }, () => undefined, bound)
    return {
      engine,
      cause: (error) => {
        const id = /External error id#(\d+)/.exec(error instanceof Error ? error.message : '')?.[1]
        return id === undefined ? error : (bound.errorRegistry.consumeError(Number(id))?.error ?? error)
      },
      close: async () => {
        await close()
        engine.free()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}
