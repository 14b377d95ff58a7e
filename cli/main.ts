import { processOutput, type Output } from './output'

const USAGE = `Usage:
  latchkey template check FILE... [--json]
  latchkey template render FILE [--values FILE.yaml] [--reveal] [--json]

check   Tells what is wrong with manifests, what an installer should know of them,
        and what an installation would store. Exit status 1 if a file has errors.
render  Prints the service that a template becomes with the values given.
        Secrets are always masked, obscured values unless --reveal is given.

FILE may be - for standard input. With --json each file is one line of JSON.
No server or database is needed.
`

/** Runs one command. Returns the exit status: 0 fine, 1 errors in a template, 2 wrong usage. */
export async function main(args: readonly string[], output: Output = processOutput()): Promise<number> {
  const [area, verb, ...rest] = args
  if (area === undefined) return usageError(output, 'A command is missing.')
  if (area === '--help' || area === '-h' || area === 'help' || rest.includes('--help') || rest.includes('-h') || verb === '--help' || verb === '-h') {
    output.out(USAGE)
    return 0
  }
  if (area !== 'template') return usageError(output, `There is no command "${area}".`)
  if (verb === undefined) return usageError(output, 'Say what to do with the template: check or render.')
  if (verb !== 'check' && verb !== 'render') return usageError(output, `There is no command "template ${verb}".`)
  const { parseOptions } = await import('./options')
  const options = parseOptions(verb, rest)
  if (typeof options === 'string') return usageError(output, options)
  const { runTemplate } = await import('./template')
  return runTemplate(options, output)
}

function usageError(output: Output, message: string): number {
  output.err(`latchkey: ${message}\n\n${USAGE}`)
  return 2
}
