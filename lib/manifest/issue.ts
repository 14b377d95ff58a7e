/** What is wrong with a template, or with a value for it. */
export interface Issue {
  readonly code: IssueCode
  /** A sentence a template author can act on. Never holds a value. */
  readonly message: string
  /** Dotted path in the manifest; empty where the place is no field. */
  readonly path: string
  /** Place in the text as fetched, from 1. */
  readonly line: number
  readonly column: number
  /** Variables whose value stands at the place, or is missing there. */
  readonly variables?: readonly string[]
}

export type IssueCode =
  | 'file-unreadable'
  | 'file-too-large'
  | 'values-file'
  | 'file-encoding'
  | 'jinja-syntax'
  | 'jinja-runtime'
  | 'jinja-limit'
  | 'yaml-syntax'
  | 'yaml-limit'
  /** A value is printed where the document has no text. */
  | 'value-misplaced'
  /** A value is there, but the field cannot take it. */
  | 'value-refused'
  /** Wrong only because a value is missing. */
  | 'value-required'
  | 'field-missing'
  | 'field-unknown'
  | 'field-invalid'
  | 'install-rule'
  | 'secret-leak'
  | 'limit'

export type WarningCode =
  | 'secret-leak'
  | 'foreign-secret'
  | 'secret-conflict'
  | 'identity-without-token'
  | 'legacy-placeholder'
  | 'admin-scope'
  | 'suspicious-name'
  | 'duplicate-key'
  | 'duplicate-variable'
  | 'duplicate-environment'
  | 'environment-source'
  | 'reserved-name'
  | 'unusable-name'
  | 'later-dialect'

/** What an installer should know before consenting. */
export interface Warning {
  readonly code: WarningCode
  readonly message: string
  readonly path: string
  readonly line: number
  /** The variables that it is about. */
  readonly variables?: readonly string[]
}

export type Path = readonly (string | number)[]

export const dotted = (path: Path): string => path.join('.')
