import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { smallDisk } from '@/scripts/small-disk'
import { openEmbedded } from './embedded'

let place: string
let made: string
let directory: string
const children: ChildProcess[] = []

beforeAll(async () => {
  made = fs.mkdtempSync(path.join(os.tmpdir(), 'latchkey made '))
  await (await openEmbedded(path.join(made, 'db'))).close()
})
afterAll(() => {
  fs.rmSync(made, { recursive: true })
})

/** A database made before, since making one takes seconds. */
const existing = (): void => {
  fs.cpSync(path.join(made, 'db'), directory, { recursive: true })
}

beforeEach(() => {
  place = fs.mkdtempSync(path.join(os.tmpdir(), 'latchkey db '))
  directory = path.join(place, 'db')
})
afterEach(async () => {
  for (const child of children.splice(0)) await killed(child)
  fs.rmSync(place, { recursive: true, force: true })
})

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

/** Another process that opens the database and writes rows 1, 2, 3, ..., printing each once it is acknowledged. */
function writer(where: string): { child: ChildProcess; acknowledged: () => number } {
  const code = `
    const { openEmbedded } = await import(${JSON.stringify(pathToFileURL(path.resolve('lib/db/embedded.ts')).href)})
    const { pool } = await openEmbedded(${JSON.stringify(where)})
    await pool.query('CREATE TABLE IF NOT EXISTS row (id int PRIMARY KEY)')
    const { rows } = await pool.query('SELECT coalesce(max(id), 0) AS last FROM row')
    for (let id = rows[0].last + 1; ; id += 1) {
      await pool.query('INSERT INTO row VALUES ($1)', [id])
      process.stdout.write(id + '\\n')
    }`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  return { child, acknowledged: () => Number(output.trim().split('\n').at(-1)) }
}

async function until(look: () => boolean): Promise<void> {
  while (!look()) await new Promise((resolve) => setTimeout(resolve, 20))
}

const rows = async (): Promise<{ id: number }[]> => {
  const { pool, close } = await openEmbedded(directory)
  return pool
    .query<{ id: number }>('SELECT id FROM row ORDER BY id')
    .then((result) => result.rows)
    .finally(close)
}

describe('the embedded database', () => {
  it('is refused to a second process, with the process that holds it', async () => {
    existing()
    const { child, acknowledged } = writer(directory)
    await until(() => acknowledged() > 0)
    await expect(openEmbedded(directory)).rejects.toThrow(`is in use by process ${String(child.pid)}`)
  })

  it('is refused to a second opener in the same process, and free again once closed', async () => {
    existing()
    const first = await openEmbedded(directory)
    await expect(openEmbedded(directory)).rejects.toThrow('in use by this process')
    await first.close()
    await (await openEmbedded(directory)).close()
  })

  it('keeps every acknowledged row through kill -9 in the midst of writing', async () => {
    existing()
    for (let round = 0; round < 3; round += 1) {
      const { child, acknowledged } = writer(directory)
      const before = acknowledged() || 0
      await until(() => acknowledged() > before + 30)
      await killed(child)
      const kept = await rows()
      expect(kept.length).toBeGreaterThanOrEqual(acknowledged())
      expect(kept.map(({ id }) => id)).toEqual(kept.map((_, index) => index + 1))
    }
  })

  it('takes over from a process that is gone, even when its id was given to another', async () => {
    existing()
    const lock = `${directory}.lock`
    const held = await openEmbedded(directory)
    const [own = ''] = fs.readdirSync(lock)
    await held.close()
    const [, , where = ''] = own.split('~')
    fs.writeFileSync(path.join(lock, `${String(process.ppid)}~12345~${where}`), '')
    fs.writeFileSync(path.join(lock, `999999999~12345~${where}`), '')
    const taken = await openEmbedded(directory)
    expect(fs.readdirSync(lock)).toEqual([own])
    await taken.close()
  })

  it('waits for no host or container whose claim has gone quiet', async () => {
    existing()
    fs.mkdirSync(`${directory}.lock`)
    fs.writeFileSync(path.join(`${directory}.lock`, '1~12345~another.host'), '')
    await (await openEmbedded(directory)).close()
  })

  it('starts anew when its first making was cut short', async () => {
    fs.mkdirSync(path.join(`${directory}.new`, 'base'), { recursive: true })
    fs.writeFileSync(path.join(`${directory}.new`, 'PG_VERSION'), '18\n')
    await (await openEmbedded(directory)).close()
    expect(fs.existsSync(`${directory}.new`)).toBe(false)
  })

  it('is named as damaged when its files are, and is left as it is', async () => {
    existing()
    fs.writeFileSync(path.join(directory, 'global/pg_control'), Buffer.alloc(64))
    await expect(openEmbedded(directory)).rejects.toThrow(/files are damaged. Restore the directory from a backup/)
    fs.rmSync(path.join(directory, 'PG_VERSION'))
    await expect(openEmbedded(directory)).rejects.toThrow(/files are damaged/)
    expect(fs.existsSync(path.join(directory, 'global/pg_control'))).toBe(true)
  })

  it('is refused when another version of PostgreSQL made it', async () => {
    existing()
    fs.writeFileSync(path.join(directory, 'PG_VERSION'), '17\n')
    await expect(openEmbedded(directory)).rejects.toThrow('made by PostgreSQL 17')
  })

  it('says that a file stands in the way of its directory', async () => {
    fs.writeFileSync(path.join(place, 'taken'), '')
    await expect(openEmbedded(path.join(place, 'taken', 'db'))).rejects.toThrow('a part of the path is a file')
  })

  it('says that its directory cannot be written', async (context) => {
    const disk = smallDisk(10)
    if (typeof disk === 'string') {
      if (process.getuid?.() === 0) return context.skip(disk)
      fs.chmodSync(place, 0o500)
      await expect(openEmbedded(directory)).rejects.toThrow('this user may not write there')
      return undefined
    }
    disk.change('ro')
    await expect(openEmbedded(path.join(disk.directory, 'db'))).rejects.toThrow('the file system is read-only').finally(disk.remove)
    return undefined
  })

  it('says that the disk is full, keeps what was acknowledged, and goes on once there is room', async (context) => {
    const disk = smallDisk(20)
    if (typeof disk === 'string') return context.skip(disk)
    try {
      directory = path.join(disk.directory, 'db')
      await expect(openEmbedded(directory)).rejects.toThrow('the disk is full')
      disk.change('size=80m')
      const { pool, close } = await openEmbedded(directory)
      await pool.query('CREATE TABLE row (id serial, filling bytea)')
      const insert = (): Promise<unknown> => pool.query(`INSERT INTO row (filling) SELECT string_agg(sha512(random()::text::bytea), '') FROM generate_series(1, 512)`)
      let acknowledged = 0
      const fill = async (): Promise<never> => {
        for (;;) {
          await insert()
          acknowledged += 1
        }
      }
      await expect(fill()).rejects.toThrow('No space left on device')
      expect(acknowledged).toBeGreaterThan(0)
      await insert().catch(() => undefined)
      disk.change('size=200m')
      await insert()
      const { rows: counts } = await pool.query<{ count: string }>('SELECT count(*) FROM row')
      expect(Number(counts[0]?.count)).toBeGreaterThan(acknowledged)
      await close()
    } finally {
      disk.remove()
    }
    return undefined
  })
})
