import type { Call } from '@/lib/call'
import { requireServerAdmin } from '@/lib/authz/require'

export interface UserSummary {
  userId: string
  email: string
  name: string | null
  serverAdmin: boolean
  /** How they can sign in. */
  password: boolean
  singleSignOn: boolean
  createdAt: Date
}

/**
 * Everybody with an account, oldest first.
 * @throws AppError forbidden unless the actor is an admin of the server
 */
export async function listUsers(call: Call): Promise<UserSummary[]> {
  requireServerAdmin(call)
  const users = await call.db.user.findMany({
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    select: { id: true, email: true, name: true, serverAdmin: true, passwordHash: true, createdAt: true, _count: { select: { accounts: true } } },
  })
  return users.map(({ id, passwordHash, _count, ...user }) => ({
    ...user,
    userId: id,
    password: passwordHash !== null,
    singleSignOn: _count.accounts > 0,
  }))
}
