import type { NextRequest } from 'next/server'
import NextAuth, { type NextAuthOptions } from 'next-auth'
import { respond } from '@/lib/auth/respond'

type Context = { params: Promise<{ nextauth: string[] }> }

const nextAuth: (request: NextRequest, context: Context, options: NextAuthOptions) => Promise<Response> = NextAuth

async function route(request: NextRequest, context: Context): Promise<Response> {
  const { nextauth } = await context.params
  return await respond(request, nextauth[0], (options) => nextAuth(request, context, options))
}

export { route as GET, route as POST }
