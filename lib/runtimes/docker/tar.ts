import path from 'node:path'
import { RuntimeError, type SeededFile } from '../runtime'
import { insidePath } from '../inside-path'

const block = 512

/** The name and prefix fields of a header. @throws RuntimeError `invalid` for a path that does not fit. */
function splitName(file: string): [string, string] {
  if (Buffer.byteLength(file) <= 100) return [file, '']
  for (let cut = file.indexOf('/'); cut !== -1; cut = file.indexOf('/', cut + 1)) {
    const [prefix, name] = [file.slice(0, cut), file.slice(cut + 1)]
    if (Buffer.byteLength(name) <= 100 && Buffer.byteLength(prefix) <= 155) return [name, prefix]
  }
  throw new RuntimeError('invalid', 'The path of a file is too long.')
}

function header(file: string, size: number, mode: number): Buffer {
  const [name, prefix] = splitName(file)
  const bytes = Buffer.alloc(block)
  const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, '0')}\0`
  const put = (text: string, at: number): number => bytes.write(text, at)
  put(name, 0)
  put(octal(mode, 8), 100)
  put(octal(0, 8), 108)
  put(octal(0, 8), 116)
  put(octal(size, 12), 124)
  put(octal(0, 12), 136)
  put('        ', 148)
  put('0', 156)
  put('ustar\x0000', 257)
  put(prefix, 345)
  put(`${bytes.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `, 148)
  return bytes
}

/** Files as an archive in the ustar format (POSIX.1-2017, pax), executable, with paths from `base`. */
export function tarOf(files: readonly SeededFile[], base: string): Buffer {
  const parts = files.flatMap((file) => {
    const content = Buffer.from(file.text)
    return [header(path.posix.relative(base, insidePath(file.path)), content.length, file.readOnly ? 0o555 : 0o777), content, Buffer.alloc(-content.length & (block - 1))]
  })
  return Buffer.concat([...parts, Buffer.alloc(2 * block)])
}
