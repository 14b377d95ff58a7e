import { insideId } from './host-facts'
import { launcherArgv, setupFd, statusFd } from './launcher'
import type { SandboxPlan, SandboxStep } from './sandbox-plan'
import type { SandboxCommand } from './sandbox'

function argumentsOf(step: SandboxStep): string[] {
  switch (step.kind) {
    case 'directory':
      return ['--perms', step.mode, '--dir', step.path]
    case 'symlink':
      return ['--symlink', step.target, step.path]
    case 'bind':
      return [step.readOnly ? '--ro-bind' : '--bind', step.source, step.path]
    case 'tmpfs':
      return ['--perms', step.mode, '--tmpfs', step.path]
    case 'proc':
      return ['--proc', '/proc']
    case 'dev':
      return ['--dev', '/dev']
  }
}

/**
 * Runs `command` under bubblewrap (bwrap(1)). As root bubblewrap builds the file system and the launcher then becomes an
 * ordinary user, because bubblewrap alone would leave the service the root user's identity on this machine.
 */
export function bubblewrapCommand(plan: SandboxPlan, command: readonly string[], options: { workingDir: string; asRoot: boolean; canDisableUserns: boolean }): SandboxCommand {
  const readOnly = plan.steps.flatMap((step) => (step.kind === 'tmpfs' && step.readOnly ? ['--remount-ro', step.path] : []))
  const root = plan.writableRoot ? ['--chmod', '0777', '/'] : ['--remount-ro', '/']
  const user = ['--unshare-user', '--uid', String(insideId), '--gid', String(insideId), ...(options.canDisableUserns ? ['--disable-userns'] : [])]
  const rights = ['--cap-drop', 'ALL', '--cap-add', 'CAP_SETUID', '--cap-add', 'CAP_SETGID']
  const setup = [
    ...['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--hostname', 'service', '--die-with-parent', '--new-session'],
    ...(options.asRoot ? rights : user),
    ...plan.steps.flatMap(argumentsOf),
    ...readOnly,
    ...root,
    ...['--chdir', '/'],
  ]
  return {
    argv: ['bwrap', '--args', String(setupFd), '--info-fd', String(statusFd), '--', ...launcherArgv(command, { workingDir: options.workingDir, confine: options.asRoot ? 'root' : null })],
    setup: setup.map((argument) => `${argument}\0`).join(''),
  }
}
