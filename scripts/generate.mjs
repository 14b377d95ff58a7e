import { failWith, generate, step } from './steps.mjs'

await step('Database client', generate).catch(failWith)
