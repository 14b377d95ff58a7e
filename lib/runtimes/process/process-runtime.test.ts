import { describeContract } from '../contract-suite'
import { openProcessRuntime } from './process-runtime'
import type { SandboxTool } from './sandbox'

for (const tool of ['bubblewrap', 'unshare'] satisfies SandboxTool[]) {
  describeContract(`the process runtime with ${tool}`, {
    open: (dataDir) => openProcessRuntime({ dataDir, unsafe: false, tools: [tool], delay: () => 50 }),
    openBroken: (dataDir) => openProcessRuntime({ dataDir, unsafe: false, tools: [] }),
    image: 'not-used',
    missingImage: 'not-used-either',
    survives: 'record',
  })
}
