import fs from 'node:fs'
import net from 'node:net'
import { build, checkNode, failWith, generate, install, migrate, root, step, StepError } from './steps.mjs'

/** `npm start` and, with --dev, `npm run dev`: sets up what is missing, then serves from this very process. */

const STOP_MS = 20_000
const development = process.argv.includes('--dev')

let stop = async () => undefined
let stopping = false
async function end(status) {
  if (stopping) return
  stopping = true
  setTimeout(() => process.exit(1), STOP_MS).unref()
  await stop()
  process.exit(status)
}
for (const [signal, status] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]]) {
  process.on(signal, () => void end(serving ? 0 : status).catch(failWith))
}
let serving = false

const parentOf = (pid) => {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]
  } catch {
    return undefined
  }
}

/** Under npm a shell often stands between, which passes no signal on: the server ends when npm or that shell has ended. */
function endWithParent() {
  if (process.env.npm_lifecycle_event === undefined) return
  const shell = process.ppid
  const npm = parentOf(shell)
  setInterval(() => {
    if (process.ppid !== shell || parentOf(shell) !== npm) void end(0)
  }, 1_000).unref()
}

function addressProblem(error) {
  const { HOST: host = 'localhost', PORT: port = '3000' } = process.env
  const reasons = {
    EADDRINUSE: `Port ${port} is in use. Stop what uses it, or choose another one: PORT=${Number(port) + 1} npm start`,
    EACCES: `This user may not listen on port ${port}. Choose one above 1023: PORT=3000 npm start`,
    EADDRNOTAVAIL: `This machine has no address ${host}. Correct HOST, or leave it unset for localhost.`,
    ENOTFOUND: `The name ${host} cannot be resolved. Correct HOST, or leave it unset for localhost.`,
    ERR_SOCKET_BAD_PORT: 'PORT is not a port number. Give one from 0 to 65535; 0 takes any free one.',
  }
  return reasons[error?.code] ? new StepError(reasons[error.code], { cause: error }) : error
}

/** Says at once, before a long set-up, that the address cannot be had. Chooses the port when PORT is 0. */
async function checkAddress() {
  const { HOST: host = 'localhost', PORT: port = '3000' } = process.env
  const probe = net.createServer()
  await new Promise((resolve, reject) => {
    probe.once('error', (error) => reject(addressProblem(error)))
    try {
      probe.listen({ port: /^\d+$/.test(port) ? Number(port) : -1, host }, resolve)
    } catch (error) {
      reject(addressProblem(error))
    }
  })
  if (port === '0') process.env.PORT = String(probe.address().port)
  await new Promise((resolve) => probe.close(resolve))
}

function welcome({ origin, firstAdmin, since }) {
  const lines = [`\nLatchkey is ready on ${origin} (started in ${((performance.now() - since) / 1000).toFixed(1)} s)`]
  if (firstAdmin.kind === 'link') lines.push('', 'There is no admin yet. Make the first one with this link, which works once:', `  ${firstAdmin.link}`)
  if (firstAdmin.kind === 'made') lines.push(`The first admin is ${firstAdmin.email}, as LATCHKEY_ADMIN_EMAIL says.`)
  process.stdout.write(`${lines.join('\n')}\n`)
}

async function main() {
  endWithParent()
  checkNode()
  process.chdir(root)
  process.env.NODE_ENV = development ? 'development' : 'production'
  process.env.NEXT_TELEMETRY_DISABLED = '1'
  await checkAddress()
  process.stdout.write('Setting up Latchkey\n')
  await step('Dependencies', install)
  await step('Database client', generate)
  if (!development) await step('Pages', build)
  await step('Database', migrate)
  const since = performance.now()
  const { tsImport } = await import('tsx/esm/api')
  const { serve } = await tsImport('../server.ts', import.meta.url)
  const server = await serve({ development, directory: root }).catch((error) => {
    throw addressProblem(error)
  })
  stop = server.stop
  serving = true
  welcome({ ...server, since })
}

await main().catch((error) => failWith(error?.name === 'DatabaseError' || error?.name === 'SettingsError' ? new StepError(error.message) : error))
