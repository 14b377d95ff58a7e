import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { AppError } from '@/lib/errors'
import { inspectTemplate } from '@/lib/manifest/inspect'
import { catalogueText, listCatalogue } from './catalogue'

const Variable = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string().optional(),
  obscure: z.boolean().default(false),
  optional: z.boolean().default(false),
  type: z.string().optional(),
  enum: z.array(z.string()).optional(),
  annotations: z.record(z.string(), z.string()).default({}),
})
const Shape = z.object({
  metadata: z.object({ annotations: z.object({ 'meshagent.service.id': z.string(), 'meshagent.service.readme': z.string() }) }),
  variables: z.array(Variable),
  ports: z.array(z.object({ num: z.string() })).default([]),
})

const entries = await listCatalogue()
const shapes = await Promise.all(entries.map(async ({ id }) => ({ id, ...Shape.parse(parse(await catalogueText(id))) })))

it('lists at least six templates by name, each with what it asks for', () => {
  expect(entries.length).toBeGreaterThanOrEqual(6)
  expect(entries.map(({ name }) => name)).toEqual(entries.map(({ name }) => name).sort((a, b) => a.localeCompare(b, 'en')))
  expect(entries.find(({ id }) => id === 'webhook-inbox')).toMatchObject({
    name: 'Webhook inbox',
    icon: '📥',
    asks: [
      { label: 'Signing secret', optional: false, secret: true },
      { label: 'Port', optional: true, secret: false },
      { label: 'Listen on', optional: true, secret: false },
    ],
  })
})

it.each(['', '.', 'none', '../catalogue', 'website.yaml', 'website/../website', '/etc/passwd', '__proto__'])('has no template "%s"', async (id) => {
  await expect(catalogueText(id)).rejects.toThrow(AppError)
})

it('gives every template an id of its own, a readme, titles, and a port of its own', () => {
  expect(shapes.map(({ metadata }) => metadata.annotations['meshagent.service.id'])).toEqual(shapes.map(({ id }) => `latchkey.${id}`))
  for (const { metadata } of shapes) expect(metadata.annotations['meshagent.service.readme']).toMatch(/^# /)
  const ports = shapes.flatMap((shape) => shape.ports.map(({ num }) => num))
  expect(ports.length).toBeGreaterThan(1)
  expect(new Set(ports).size).toBe(ports.length)
})

it('shows every kind of variable between them', () => {
  const variables = shapes.flatMap((shape) => shape.variables)
  const isSecret = (variable: z.infer<typeof Variable>): boolean => variable.annotations['meshagent.secret.id'] !== undefined
  const kinds: Record<string, (variable: z.infer<typeof Variable>) => boolean> = {
    plain: (variable) => !variable.optional && !variable.obscure && !variable.enum && !variable.type,
    optional: (variable) => variable.optional && !variable.obscure && !variable.enum && !variable.type,
    'obscured only': (variable) => variable.obscure && !isSecret(variable),
    secret: isSecret,
    enum: (variable) => variable.enum !== undefined && !variable.optional,
    'optional enum': (variable) => variable.enum !== undefined && variable.optional,
    email: (variable) => variable.type === 'email',
    route: (variable) => variable.type === 'route' && variable.annotations['meshagent.route.port'] !== undefined,
    described: (variable) => variable.description !== undefined,
  }
  expect(Object.keys(kinds).filter((kind) => !variables.some((variable) => kinds[kind]?.(variable)))).toEqual([])
})

it.each(entries.map((entry) => [entry.id, entry] as const))('%s checks clean and can be installed; the overview says what the manifest says', async (id, entry) => {
  const { ok, errors, warnings, install, spec, variables, secrets } = inspectTemplate(await catalogueText(id))
  expect({ ok, errors, warnings, install }).toEqual({ ok: true, errors: [], warnings: [], install: [] })
  expect(spec?.metadata).toMatchObject({ name: entry.name, description: entry.description, icon: entry.icon })
  const written = new Set(secrets.writes.map(({ variable }) => variable))
  expect(entry.asks).toEqual(variables.map(({ name, title, optional }) => ({ label: title, optional, secret: written.has(name) })))
  expect(secrets.reads.map((read) => [read.identity, read.id])).toEqual(secrets.writes.map((write) => [write.identity, write.id]))
})

it('takes port and listening address from the installer', async () => {
  const values = { folder: 'site', audience: 'everyone', port: '9000', listen_on: '0.0.0.0' }
  const { ok, spec, routes } = inspectTemplate(await catalogueText('website'), { values })
  expect(ok).toBe(true)
  expect(spec?.ports).toMatchObject([{ num: 9000, type: 'http', liveness: '/healthz' }])
  expect(routes).toMatchObject([{ variable: 'address', port: '9000' }])
  expect(spec?.container?.environment).toContainEqual({ name: 'LISTEN_ON', value: '0.0.0.0' })
})
