import { requireServerAdmin } from '@/lib/authz/require'
import type { Call } from '@/lib/call'
import type { RuntimeView } from '@/lib/install/views'
import { currentRuntimeView } from './current-runtime'

/** Which runtime this server uses and how it is. @throws AppError forbidden */
export async function viewRuntime(call: Call): Promise<RuntimeView> {
  requireServerAdmin(call)
  return currentRuntimeView()
}
