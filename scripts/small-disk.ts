import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** A file system of its own for tests that fill or lock a disk. */
export interface SmallDisk {
  directory: string
  /** `size=<n>m` or `ro`, as mount(8) takes them. */
  change(options: string): void
  remove(): void
}

/** Mounts a tmpfs of `megabytes`, or says why it cannot. */
export function smallDisk(megabytes: number): SmallDisk | string {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'a disk to fill needs Linux and root'
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'latchkey disk '))
  const mount = (...args: string[]): void => void execFileSync('mount', args, { stdio: 'pipe' })
  try {
    mount('-t', 'tmpfs', '-o', `size=${String(megabytes)}m`, 'none', directory)
  } catch {
    fs.rmdirSync(directory)
    return 'this machine does not let root mount a tmpfs'
  }
  return {
    directory,
    change: (options) => {
      mount('-o', `remount,${options}`, directory)
    },
    remove: () => {
      execFileSync('umount', ['-l', directory])
      fs.rmdirSync(directory)
    },
  }
}
