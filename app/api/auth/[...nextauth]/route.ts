import type { NextRequest } from 'next/server'
import NextAuth from 'next-auth'
import { respond } from '@/lib/auth/respond'

type Context = { params: Promise<{ nextauth: string[] }> }

async function route(request: NextRequest, context: Context): Promise<Response> {
  const { nextauth } = await context.params
  return await respond(request, nextauth[0], async (options): Promise<Response> => await NextAuth(request, context, options))
}

export { route as GET, route as POST }
