import { openEngine } from './docker-engine'
import { benchStarts } from './starts'
import { sayVerdicts } from './report'
const e = await openEngine()
console.log(e)
if ('host' in e) await benchStarts('docker', 'create and start of a container', { DOCKER_HOST: e.host })
sayVerdicts()
