import { openEngine } from './docker-engine'
import { benchPages } from './pages'
import { say, sayVerdicts, title, unjudged } from './report'
import { benchStarts } from './starts'
import { benchTemplates } from './templates'

benchTemplates()
await benchStarts('process', 'spawning the command', {})
const engine = await openEngine()
if ('reason' in engine) {
  title('Click to Running, docker runtime')
  say(`  not measured: ${engine.reason}`)
  unjudged('click to Running, docker: overhead', engine.reason)
} else {
  try {
    await benchStarts('docker', 'create and start of a container', { DOCKER_HOST: engine.host })
  } finally {
    await engine.close()
  }
}
await benchPages()
sayVerdicts()
