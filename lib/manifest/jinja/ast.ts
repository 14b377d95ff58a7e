/** `at`: offset in the source. */
interface Placed {
  readonly at: number
}

export type Constant = null | boolean | bigint | number | string
export type Arithmetic = '+' | '-' | '*' | '/' | '//' | '%' | '**'
export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in'

export interface Arguments {
  readonly positional: readonly Expression[]
  readonly named: readonly { readonly name: string; readonly value: Expression }[]
  readonly spread: Expression | null
  readonly spreadNamed: Expression | null
}

export interface FilterNode extends Placed {
  readonly kind: 'filter'
  /** Null stands for the text of the block that the filter is applied to. */
  readonly target: Expression | null
  readonly name: string
  readonly args: Arguments
}

export interface CallNode extends Placed {
  readonly kind: 'call'
  readonly callee: Expression
  readonly args: Arguments
}

export interface SliceNode extends Placed {
  readonly kind: 'slice'
  readonly start: Expression | null
  readonly stop: Expression | null
  readonly step: Expression | null
}

export type Expression = Placed &
  (
    | { readonly kind: 'constant'; readonly value: Constant }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'list' | 'tuple'; readonly items: readonly Expression[] }
    | { readonly kind: 'dict'; readonly entries: readonly (readonly [Expression, Expression])[] }
    | { readonly kind: 'sign'; readonly operator: '+' | '-'; readonly operand: Expression }
    | { readonly kind: 'not'; readonly operand: Expression }
    | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
    | { readonly kind: 'arithmetic'; readonly operator: Arithmetic; readonly left: Expression; readonly right: Expression }
    | { readonly kind: 'compare'; readonly first: Expression; readonly rest: readonly { readonly operator: Comparison; readonly operand: Expression }[] }
    | { readonly kind: 'concat'; readonly parts: readonly Expression[] }
    | { readonly kind: 'conditional'; readonly test: Expression; readonly then: Expression; readonly otherwise: Expression | null }
    | { readonly kind: 'attribute'; readonly target: Expression; readonly name: string }
    | { readonly kind: 'item'; readonly target: Expression; readonly key: Expression }
    | { readonly kind: 'test'; readonly subject: Expression; readonly name: string; readonly args: Arguments }
    | SliceNode
    | CallNode
    | FilterNode
  )

export type Target = Placed &
  (
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'tuple'; readonly items: readonly Target[] }
    | { readonly kind: 'field'; readonly object: string; readonly name: string }
  )

export interface Parameter {
  readonly name: string
  readonly default: Expression | null
}

export interface MacroNode extends Placed {
  readonly kind: 'macro'
  readonly name: string
  readonly parameters: readonly Parameter[]
  readonly body: readonly Statement[]
  /** The names that the body mentions: they tell whether it takes a caller and extra arguments. */
  readonly mentions: ReadonlySet<string>
}

export interface ForNode extends Placed {
  readonly kind: 'for'
  readonly target: Target
  readonly iterable: Expression
  readonly condition: Expression | null
  readonly recursive: boolean
  readonly body: readonly Statement[]
  readonly otherwise: readonly Statement[]
}

export type Statement = Placed &
  (
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'print'; readonly value: Expression }
    | { readonly kind: 'if'; readonly branches: readonly { readonly test: Expression; readonly body: readonly Statement[] }[]; readonly otherwise: readonly Statement[] }
    | { readonly kind: 'set'; readonly target: Target; readonly value: Expression }
    | { readonly kind: 'set-block'; readonly target: Target; readonly filter: Expression | null; readonly body: readonly Statement[] }
    | { readonly kind: 'with'; readonly bindings: readonly { readonly target: Target; readonly value: Expression }[]; readonly body: readonly Statement[] }
    | { readonly kind: 'block'; readonly body: readonly Statement[] }
    | { readonly kind: 'autoescape'; readonly enabled: Expression; readonly body: readonly Statement[] }
    | { readonly kind: 'call-block'; readonly call: CallNode; readonly macro: MacroNode }
    | { readonly kind: 'filter-block'; readonly filter: Expression; readonly body: readonly Statement[] }
    | ForNode
    | MacroNode
  )
