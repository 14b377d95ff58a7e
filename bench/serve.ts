import { serve } from '../server'

/** The app as scripts/bench.mjs built it, on the PORT and the LATCHKEY_DATA of the environment. */
const { stop } = await serve({ development: false, directory: process.cwd() })
process.once('SIGTERM', () => void stop().then(() => process.exit(0)))
