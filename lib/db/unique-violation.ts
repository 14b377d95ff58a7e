import { Prisma } from './generated/client'

/** Whether a write failed because a row with that key is there already (Prisma's P2002). */
export const isUniqueViolation = (error: unknown): boolean =>
  error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002'
