import { readdirSync, readFileSync, lstatSync } from 'node:fs'
import path from 'node:path'

/** Finding a value wherever it might have been copied, in the encodings that software uses without being asked. */

/** A value that occurs nowhere by chance, with characters that each encoding changes. */
export const canary = (name: string): string => `cnry/${name}+${crypto.randomUUID()}?é"`

/** base64 of a text inside a longer one starts at any of three offsets; the middle is what all of them share. */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
    const whole = encoded.replace(/=+$/, '')
    return whole.slice(offset === 0 ? 0 : 4, whole.length - 2)
  })
}

/** Forms of a value by encoding: of the whole, and of its random core, which survives whatever is done around it. */
export function formsOf(value: string): { encoding: string; text: string }[] {
  const core = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(value)?.[0] ?? value
  return [value, core].flatMap((text) => {
    const bytes = Buffer.from(text, 'utf8')
    const base64 = base64Forms(bytes)
    return [
      { encoding: 'plain', text },
      { encoding: 'JSON', text: JSON.stringify(text).slice(1, -1) },
      { encoding: 'URL', text: encodeURIComponent(text) },
      { encoding: 'hex', text: bytes.toString('hex') },
      { encoding: 'HEX', text: bytes.toString('hex').toUpperCase() },
      ...base64.map((form) => ({ encoding: 'base64', text: form })),
      ...base64.map((form) => ({ encoding: 'base64url', text: form.replaceAll('+', '-').replaceAll('/', '_') })),
    ]
  })
}

export interface Finding {
  value: string
  encoding: string
  where: string
}

/** Collects texts and bytes from everywhere, then tells which of them hold one of the values. */
export function createNet(values: Readonly<Record<string, string>>) {
  const needles = Object.entries(values).flatMap(([name, value]) =>
    formsOf(value).map(({ encoding, text }) => ({ name, encoding, bytes: Buffer.from(text, 'utf8') })),
  )
  const findings: Finding[] = []
  const look = (where: string, content: string | Uint8Array): void => {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : Buffer.from(content.buffer, content.byteOffset, content.byteLength)
    for (const needle of needles)
      if (bytes.includes(needle.bytes)) findings.push({ value: needle.name, encoding: needle.encoding, where })
  }
  const lookIn = (directory: string, skip: (file: string) => boolean = () => false): number => {
    let files = 0
    for (const name of readdirSync(directory)) {
      const file = path.join(directory, name)
      const stat = lstatSync(file)
      if (skip(file)) continue
      look(`name ${file}`, name)
      if (stat.isDirectory()) files += lookIn(file, skip)
      else if (stat.isFile()) {
        files += 1
        look(file, readFileSync(file))
      }
    }
    return files
  }
  return { look, lookIn, findings }
}
