'use client'

import type { FormAction } from '@/components/action-form'
import { ConfirmButton } from '@/components/confirm-button'
import { Mono } from '@/components/install/facts'
import { Checkbox } from '@/components/ui/checkbox'
import type { ServiceSecretView } from '@/lib/install/views'
import { secretValue } from '@/lib/ui/secret-choice'

/** Asks, secret by secret, what goes with the service. Those that no other service uses are chosen at first. */
export function UninstallButton({ action, name, secrets }: { action: FormAction; name: string; secrets: readonly ServiceSecretView[] }) {
  const stored = secrets.filter((secret) => secret.written && secret.present)
  return (
    <ConfirmButton action={action} label="Uninstall" title={`Uninstall ${name}?`} confirm="Uninstall">
      <p>The service stops and is removed from the room. Files that it wrote to the room stay.</p>
      {stored.length === 0 ? null : (
        <fieldset className="mt-5">
          <legend className="mb-2 font-medium">Delete these secrets with it?</legend>
          <ul className="flex flex-col gap-2">
            {stored.map((secret) => (
              <li key={secretValue(secret)}>
                <label className="flex items-start gap-3 rounded-lg border px-3 py-2.5">
                  <Checkbox name="secret" value={secretValue(secret)} defaultChecked={secret.usedBy.length === 0} />
                  <span className="min-w-0">
                    <Mono>{secret.id}</Mono>
                    <span className="text-muted-foreground block wrap-anywhere">
                      owned by <Mono>{secret.owner}</Mono>
                    </span>
                    <span className={secret.usedBy.length === 0 ? 'text-muted-foreground block' : 'text-caution block wrap-anywhere'}>
                      {secret.usedBy.length === 0 ? 'No other service uses it' : `Also used by ${secret.usedBy.join(', ')}`}
                    </span>
                  </span>
                </label>
              </li>
            ))}
          </ul>
        </fieldset>
      )}
    </ConfirmButton>
  )
}
