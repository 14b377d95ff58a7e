'use client'

import { ActionForm, SubmitButton, type FormAction } from '@/components/action-form'
import { NativeSelect } from '@/components/ui/native-select'

interface ChoiceFormProps {
  action: FormAction
  name: string
  /** Names the choice and whose it is, for those who do not see the row. */
  label: string
  value: string
  options: readonly { value: string; label: string }[]
}

/** One choice with a button, small enough for a row of a list. */
export function ChoiceForm({ action, name, label, value, options }: ChoiceFormProps) {
  return (
    <ActionForm action={action} className="max-w-full">
      <div className="flex gap-2">
        <NativeSelect key={value} name={name} aria-label={label} defaultValue={value} className="w-40">
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </NativeSelect>
        <SubmitButton variant="outline">Save</SubmitButton>
      </div>
    </ActionForm>
  )
}
