import { rmSync } from 'node:fs'
import path from 'node:path'
import { encode } from 'next-auth/jwt'
import { authSecret } from '@/lib/auth/auth-secret'
import { markOwn } from '@/lib/auth/own-text'
import { startSession } from '@/lib/auth/session'
import { closeDb } from '@/lib/db/client'
import { loadTemplate } from '@/lib/install/load-template'
import { installPath } from '@/lib/ui/install-path'
import { writeConsent } from '@/lib/ui/consent-text'
import { handBack } from './child'
import { holds, scriptsOf, total, type Script } from './scripts-of-page'
import { runNode, withServer } from './server'
import { makeWorkplace } from './workplace'

export interface PageWeight {
  name: string
  scripts: number
  /** Bytes, gzipped. */
  bytes: number
  /** Largest first. */
  largest: { path: string; bytes: number; holds: string }[]
}

export interface PageWeights {
  bare: PageWeight
  pages: PageWeight[]
}

const PORT = 4600
const BARE_PORT = 4601
const LARGEST = 8
/** Of the catalogue, with several kinds of fields. */
const TEMPLATE = 'website'
const ROOT = path.resolve('.')
const BARE = path.join(import.meta.dirname, 'bare')
const NEXT = path.join(ROOT, 'node_modules', 'next', 'dist', 'bin', 'next')

const weigh = (name: string, scripts: readonly Script[]): PageWeight => ({
  name,
  scripts: scripts.length,
  bytes: total(scripts),
  largest: scripts.slice(0, LARGEST).map((script) => ({ path: script.path, bytes: script.size, holds: holds(script) })),
})

/** A page of a minimal app, built here and now with the same Next and React. */
async function weighBare(): Promise<PageWeight> {
  const output = path.join(BARE, '.next')
  rmSync(output, { recursive: true, force: true })
  try {
    await runNode([NEXT, 'build'], BARE)
    const origin = `http://localhost:${BARE_PORT}`
    return await withServer([NEXT, 'start', '--port', String(BARE_PORT)], { cwd: BARE, env: {}, address: origin }, async () => {
      const html = await (await fetch(origin)).text()
      return weigh('bare Next page', await scriptsOf(html, origin))
    })
  } finally {
    rmSync(output, { recursive: true, force: true })
  }
}

/** The states of the install page, for somebody who is signed in and has a room. */
async function weighInstall(): Promise<PageWeight[]> {
  const { owner, roomId } = await makeWorkplace()
  const { digest } = await loadTemplate(owner, { catalogue: TEMPLATE })
  await closeDb()
  const origin = `http://localhost:${PORT}`
  const session = await encode({ token: { ...startSession(owner.actor.userId) }, secret: authSecret() })
  // As the wizard notes what was accepted at the review.
  const review = markOwn(owner.actor.userId, writeConsent(digest, null, []))
  const cookie = `next-auth.session-token=${session}; latchkey-review-${digest.slice(7, 23)}=${review}`
  const states: [name: string, path: string, holds: string][] = [
    ['/install', installPath({}), 'type="file"'],
    ['/install, the review', installPath({ template: digest, room: roomId }), 'name="tick"|Continue'],
    ['/install, the form', installPath({ template: digest, room: roomId, step: 'form' }), 'autoComplete="off"|autocomplete="off"'],
  ]
  const env = { PORT: String(PORT), HOST: 'localhost', LATCHKEY_RUNTIME: 'process' }
  return await withServer(['--import', 'tsx', path.join(import.meta.dirname, 'serve.ts')], { cwd: ROOT, env, address: `${origin}/api/healthz` }, async () => {
    const weights: PageWeight[] = []
    for (const [name, place, sign] of states) {
      const answer = await fetch(new URL(place, origin), { headers: { cookie }, redirect: 'manual' })
      const html = await answer.text()
      if (!answer.ok || !new RegExp(sign).test(html)) throw new Error(`${name} did not show what is to be measured (status ${answer.status}).`)
      weights.push(weigh(name, await scriptsOf(html, origin)))
    }
    return weights
  })
}

await handBack(async (): Promise<PageWeights> => ({ bare: await weighBare(), pages: await weighInstall() }))
