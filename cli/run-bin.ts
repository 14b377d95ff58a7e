import { spawn } from 'node:child_process'
import path from 'node:path'

export interface Run {
  readonly status: number | null
  readonly out: string
  readonly err: string
}

export const bin = path.resolve('bin', 'latchkey.mjs')

/** Runs the command line as its users do; for tests. */
export function runBin(args: readonly string[], { cwd = '.', input = '', command = [process.execPath, bin] }: { cwd?: string; input?: string | Uint8Array; command?: readonly string[] } = {}): Promise<Run> {
  return new Promise((resolve, reject) => {
    const [program = process.execPath, ...first] = command
    const child = spawn(program, [...first, ...args], { cwd })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() }))
    // A child that does not read its input is no failure.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })
}
