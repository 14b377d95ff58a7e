import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { can, holdersOf, policy, projectRoles, roomGrants, type Holder, type Permission } from './permission'

/** Written out a second time by hand: a change of the policy has to be made twice to pass. */
const expected: Record<Permission, string> = {
  'view:project': 'admin developer member',
  'rename:project': 'admin',
  'manage:members': 'admin',
  'create:room': 'admin developer',
  'view:room': 'admin /owner /member',
  'view:service': 'admin /owner /member',
  'rename:room': 'admin /owner',
  'manage:grants': 'admin /owner',
  'invite:person': 'admin /owner',
  'install:service': 'admin /owner',
  'update:service': 'admin /owner',
  'uninstall:service': 'admin /owner',
  'restart:service': 'admin /owner',
  'view:secret': 'admin /owner',
  'set:secret': 'admin /owner',
  'delete:secret': 'admin /owner',
  'view:activity': 'admin /owner',
}
const permissions = Object.keys(expected) as Permission[]

describe('the policy', () => {
  test('names every permission and no other', () => {
    expect(Object.keys(policy).sort()).toEqual([...permissions].sort())
  })

  test.each(permissions)('%s is held by exactly the people meant', (permission) => {
    const words = expected[permission].split(' ')
    for (const role of projectRoles)
      for (const grant of [...roomGrants, null]) {
        const meant = words.includes(role) || (grant !== null && words.includes(`/${grant}`))
        expect(can({ role, grant }, permission), `${role} with ${grant ?? 'no grant'}`).toBe(meant)
      }
  })

  test.each(permissions)('%s is refused to whoever has no role, whatever grant is left over', (permission) => {
    for (const grant of [...roomGrants, null]) expect(can({ role: null, grant }, permission)).toBe(false)
  })

  test.each(permissions)('%s reads the same from can and from holdersOf', (permission) => {
    const { roles, grants } = holdersOf(permission)
    expect([...roles, ...grants.map((grant) => `/${grant}`)].join(' ')).toBe(expected[permission])
  })

  test('is what docs/access.md tells people', () => {
    const rows = readFileSync(new URL('../../docs/access.md', import.meta.url), 'utf8').matchAll(/^\| (\w+:\w+) \|(.*)\|$/gm)
    const told = [...rows].map(([, permission, cells]) => [permission, cells?.split('|').map((cell) => cell.trim() === 'yes')])
    const columns: Holder[] = ['project:admin', 'project:developer', 'project:member', 'room:owner', 'room:member']
    expect(told).toEqual(Object.entries(policy).map(([permission, holders]) => [permission, columns.map((holder) => holders.includes(holder))]))
  })
})
