import { ActionForm, SubmitButton, type FormAction } from '@/components/action-form'
import { TextField } from '@/components/form-fields'

/** One name and one button: makes or renames a project or a room. */
export function NameForm({ action, label, submit, help, initial }: { action: FormAction; label: string; submit: string; help?: string; initial?: string }) {
  return (
    <ActionForm action={action}>
      <div className="flex flex-col gap-3 sm:flex-row sm:items-start">
        <TextField name="name" label={label} help={help} defaultValue={initial} autoComplete="off" maxLength={100} className="flex-1" />
        <SubmitButton className="sm:mt-6.5">{submit}</SubmitButton>
      </div>
    </ActionForm>
  )
}
