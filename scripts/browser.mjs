import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { root, run, StepError } from './steps.mjs'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']
const places = ['/Applications/Chromium.app/Contents/MacOS/Chromium', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome']

function onPath() {
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  return [...names.flatMap((name) => folders.map((folder) => path.join(folder, name))), ...places].find((file) => fs.existsSync(file))
}

async function playwrights() {
  const { chromium } = await import(pathToFileURL(path.join(root, 'node_modules/@playwright/test/index.mjs')).href)
  return fs.existsSync(chromium.executablePath()) ? chromium.executablePath() : undefined
}

/**
 * Finds a Chromium for the browser tests, or gets one, and names it in CHROMIUM_PATH.
 * In order: CHROMIUM_PATH, an installed one, Playwright's download, Debian's package when root.
 */
export async function browser() {
  const given = process.env.CHROMIUM_PATH
  if (given) {
    if (!fs.existsSync(given)) throw new StepError('CHROMIUM_PATH names no file. Correct it, or leave it unset to have a browser found.')
    return 'CHROMIUM_PATH'
  }
  const found = onPath() ?? (await playwrights()) ?? (await download()) ?? (await debian())
  if (!found) throw new StepError('There is no Chromium for the browser tests, and none could be fetched. Install chromium, or name one in CHROMIUM_PATH.')
  process.env.CHROMIUM_PATH = found
  return found
}

async function download() {
  await run(process.execPath, [path.join(root, 'node_modules/@playwright/test/cli.js'), 'install', 'chromium'], { limit: 180_000 })
  return playwrights()
}

async function debian() {
  if (process.getuid?.() !== 0 || !fs.existsSync('/usr/bin/apt-get')) return undefined
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['update', '-qq'], { env })
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { env })
  return onPath()
}
