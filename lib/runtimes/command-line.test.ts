import fc from 'fast-check'
import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { splitCommand } from './command-line'

describe('a command line', () => {
  it.each<[string, string[]]>([
    ['/bin/bash /var/start.sh', ['/bin/bash', '/var/start.sh']],
    ['  node\tserver.js \n', ['node', 'server.js']],
    [`sh -c "echo 'a b' && exit 1"`, ['sh', '-c', `echo 'a b' && exit 1`]],
    [`sh -c 'echo "$HOME"'`, ['sh', '-c', 'echo "$HOME"']],
    [String.raw`a "b \"c\" \\ \x \$d" 'e\f' g\ h`, ['a', String.raw`b "c" \ \x $d`, String.raw`e\f`, 'g h']],
    [`--rule='one two'three"four"`, ['--rule=one twothreefour']],
    [`a '' ""`, ['a', '', '']],
    ['a \\\n  b', ['a', 'b']],
  ])('%s', (command, words) => {
    expect(splitCommand(command)).toEqual(words)
  })

  it('takes everything else of the shell as text, so that no value in it becomes code', () => {
    expect(splitCommand('run a && b | c > d ; e & $F `g` $(h) *.i #j ~')).toEqual(['run', 'a', '&&', 'b', '|', 'c', '>', 'd', ';', 'e', '&', '$F', '`g`', '$(h)', '*.i', '#j', '~'])
  })

  it.each([[null], [''], [' \n']])('refuses to be nothing: %j', (command) => {
    expect(() => splitCommand(command)).toThrow(expect.objectContaining({ code: 'no-command' }))
  })

  it.each([['a "b'], ["a 'b"], ['a \\']])('refuses an open end: %s', (command) => {
    expect(() => splitCommand(command)).toThrow(expect.objectContaining({ code: 'invalid' }))
  })

  it('splits as a shell does, for texts that have no more than quotes', () => {
    const piece = fc.constantFrom('a', 'é', ' ', '\t', "'", '"', '\\', '$', '%', '-')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }).map((parts) => `x${parts.join('')}`), (command) => {
        fc.pre(!/\$[^\s%$]|\\$/.test(command) && !/\$/.test(command.replace(/'[^']*'/g, '')))
        let expected: string | null
        try {
          expected = execFileSync('sh', ['-c', `for w in ${command}\ndo printf '%s\\0' "$w"; done`], { stdio: 'pipe' }).toString()
        } catch {
          expected = null
        }
        let words: string[] | null
        try {
          words = splitCommand(command)
        } catch {
          words = null
        }
        expect(words?.map((word) => `${word}\0`).join('') ?? null).toBe(expected)
      }),
      { numRuns: 150 },
    )
  })
})
