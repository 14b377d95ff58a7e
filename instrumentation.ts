/** Next calls this once, when the server starts. */
export async function register(): Promise<void> {
  // The condition stands here as Next's bundler reads it, so that no other runtime gets the server's modules.
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const { registerServer } = await import('./lib/server-hooks')
    const { startServer } = await import('./lib/start-server')
    registerServer(startServer())
  }
}
