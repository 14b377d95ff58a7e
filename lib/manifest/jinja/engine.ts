import type { Run } from './run'
import type { CallArguments, Value } from './values'

/** What filters, tests and methods may ask of the evaluator. */
export interface Engine extends Run {
  filter(name: string, target: Value, args: CallArguments): Value
  test(name: string, subject: Value, args: CallArguments): Value
  knows(what: 'filter' | 'test', name: string): boolean
  call(callee: Value, args: CallArguments): Value
  /** `value.name`; Jinja's undefined when there is no such attribute. Keys are no attributes. */
  attribute(value: Value, name: string): Value
  /** `value[key]`, falling back to attributes. */
  item(value: Value, key: Value): Value
}
