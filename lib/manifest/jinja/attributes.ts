import { settled } from './captured'
import type { Engine } from './engine'
import { methodOf } from './methods'
import { itemAt, keySources } from './python-sequence'
import { constant, derived, isDict, isNative, isObject, isUndefined, missing, NONE, tainted, typeName, union, type Value } from './values'

function ownAttribute(engine: Engine, value: Value, name: string): Value | undefined {
  const { data, from } = value
  if (isNative(data)) {
    const found = data.attribute?.(name)
    return found && tainted(found, from)
  }
  if (isObject(data) && data.kind === 'tuple' && data.fields) {
    const found = data.items[data.fields.indexOf(name)]
    if (found) return tainted(found, from)
  }
  return methodOf(engine, value, name)
}

const nothing = (value: Value, other: Value, reason: string): Value =>
  derived(missing(reason), union(value.from, other.from, isDict(value.data) ? keySources(value.data) : NONE))

/** `value.name` of a template: an attribute if there is one, else an item. */
export function attributeOrItem(engine: Engine, value: Value, name: string): Value {
  if (isUndefined(value.data)) engine.fail(value.data.reason)
  return ownAttribute(engine, value, name) ?? itemAt(engine, value, constant(name))
    ?? nothing(value, value, `'${typeName(value.data)} object' has no attribute '${name}'`)
}

/** `value[key]` of a template: an item if there is one, else an attribute. */
export function itemOrAttribute(engine: Engine, value: Value, keyValue: Value): Value {
  if (isUndefined(value.data)) engine.fail(value.data.reason)
  const key = settled(engine, keyValue)
  const found = itemAt(engine, value, key) ?? (typeof key.data === 'string' ? ownAttribute(engine, value, key.data) : undefined)
  return found ? tainted(found, key.from) : nothing(value, key, `'${typeName(value.data)} object' has no such element`)
}

/** Attributes only. The name may be a value, so no error tells it. */
export function attributeOnly(engine: Engine, value: Value, name: string): Value {
  if (isUndefined(value.data)) engine.fail(value.data.reason)
  return ownAttribute(engine, value, name) ?? nothing(value, value, `'${typeName(value.data)} object' has no such attribute`)
}
