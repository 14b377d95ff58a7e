// Worker threads take no TypeScript by themselves, and `--import tsx` does not reach them on Node 20.
import { tsImport } from 'tsx/esm/api'

await tsImport('./worker.ts', import.meta.url)
