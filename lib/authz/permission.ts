/** The whole policy as data: who holds what, and what each of them may do. Pure; docs and tests enumerate it. */

export const projectRoles = ['admin', 'developer', 'member'] as const
export type ProjectRole = (typeof projectRoles)[number]

export const roomGrants = ['owner', 'member'] as const
export type RoomGrant = (typeof roomGrants)[number]

/** A person's footing in a place. Without a role in the project nobody stands anywhere in it. */
export interface Standing {
  role: ProjectRole | null
  /** Null also where no room is concerned. */
  grant: RoomGrant | null
}

/** Those who may hold a permission: by a role in the project, or by a grant in the room. */
export type Holder = `project:${ProjectRole}` | `room:${RoomGrant}`

export const projectPolicy = {
  'view:project': ['project:admin', 'project:developer', 'project:member'],
  'rename:project': ['project:admin'],
  'manage:members': ['project:admin'],
  'create:room': ['project:admin', 'project:developer'],
} as const satisfies Record<string, readonly Holder[]>

const everyone = ['project:admin', 'room:owner', 'room:member'] as const
const owners = ['project:admin', 'room:owner'] as const

export const roomPolicy = {
  'view:room': everyone,
  'view:service': everyone,
  'rename:room': owners,
  'manage:grants': owners,
  'invite:person': owners,
  'install:service': owners,
  'update:service': owners,
  'uninstall:service': owners,
  'restart:service': owners,
  /** What there is, never what it says. */
  'view:secret': owners,
  'set:secret': owners,
  'delete:secret': owners,
  'view:activity': owners,
} as const satisfies Record<string, readonly Holder[]>

export type ProjectPermission = keyof typeof projectPolicy
export type RoomPermission = keyof typeof roomPolicy
export type Permission = ProjectPermission | RoomPermission

export const policy: Readonly<Record<Permission, readonly Holder[]>> = { ...projectPolicy, ...roomPolicy }

/** Whether somebody who stands so may do that. */
export function can(standing: Standing, permission: Permission): boolean {
  if (standing.role === null) return false
  const holders = policy[permission]
  return holders.includes(`project:${standing.role}`) || (standing.grant !== null && holders.includes(`room:${standing.grant}`))
}

/** The roles, or the grants, that hold a permission: the same table, for a where clause. */
export function holdersOf(permission: Permission): { roles: ProjectRole[]; grants: RoomGrant[] } {
  const holders = policy[permission]
  return {
    roles: projectRoles.filter((role) => holders.includes(`project:${role}`)),
    grants: roomGrants.filter((grant) => holders.includes(`room:${grant}`)),
  }
}
