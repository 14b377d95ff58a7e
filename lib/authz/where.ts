import type { Prisma } from '@/lib/db/generated/client'
import type { Actor } from '@/lib/auth/actor'
import { holdersOf, type ProjectPermission, type RoomPermission } from './permission'

type Person = Pick<Actor, 'userId'>

/** Projects in which the person holds the permission. Spread it into a where clause beside the id. */
export function projectsWhere({ userId }: Person, permission: ProjectPermission): Prisma.ProjectWhereInput {
  return { members: { some: { userId, role: { in: holdersOf(permission).roles } } } }
}

/** Rooms in which the person holds the permission, by role or by grant; a grant without a role counts for nothing. */
export function roomsWhere({ userId }: Person, permission: RoomPermission): Prisma.RoomWhereInput {
  const { roles, grants } = holdersOf(permission)
  return {
    project: { members: { some: { userId } } },
    OR: [
      { project: { members: { some: { userId, role: { in: roles } } } } },
      { members: { some: { userId, grant: { in: grants } } } },
    ],
  }
}
