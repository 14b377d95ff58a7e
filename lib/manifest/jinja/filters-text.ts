import { captured, indentCaptured, trimCaptured } from './captured'
import type { Engine } from './engine'
import { plainFilter, textFilter, type FilterTable } from './filter-kinds'
import { flag, integer, integerOrNone, strictText, text } from './parameters'
import { formatPercentWithSources } from './percent-format'
import { capitalize, titleWords } from './python-case'
import { lengthOf, dictOf } from './python-sequence'
import { isTrue, toText } from './python-repr'
import { isSpace } from './python-space'
import { centerText, replaceText, truncateText, wrapText } from './text-tools'
import { constant, derived, isCaptured, isUndefined, tuple, union, type Value } from './values'

/** Changes the shape of a text; tokens in captured text stay tokens. */
function reshape(engine: Engine, target: Value, change: (text: string) => string): Value {
  if (isCaptured(target.data) && target.from.size === 0) {
    engine.spend(target.data.text.length / 32)
    return captured(engine, change(target.data.text))
  }
  const { text: plain, from } = toText(engine, target)
  engine.spend(plain.length / 32)
  return derived(change(plain), from)
}

function asString(engine: Engine, target: Value): Value {
  if (typeof target.data === 'string' || isCaptured(target.data)) return target
  const { text: plain, from } = toText(engine, target)
  return derived(plain, from, target.swayedBy)
}

function indentation(engine: Engine, width: number): string {
  engine.reserve(Math.max(0, width))
  return ' '.repeat(Math.max(0, width))
}

export const TEXT_FILTERS: FilterTable = {
  upper: textFilter([], (_, value) => value.toUpperCase()),
  lower: textFilter([], (_, value) => value.toLowerCase()),
  capitalize: textFilter([], (_, value) => capitalize(value)),
  title: textFilter([], (_, value) => titleWords(value)),
  center: textFilter(['width'], (engine, value, [width]) => centerText(engine, value, integer(engine, width, 80))),
  wordcount: textFilter([], (_, value) => BigInt(value.match(/[\p{L}\p{N}_]+/gu)?.length ?? 0)),
  replace: textFilter(
    ['old', 'new', 'count'],
    (engine, value, [old, fresh, count]) => replaceText(engine, value, text(engine, old), text(engine, fresh), integerOrNone(engine, count) ?? -1),
    2,
  ),
  truncate: {
    parameters: ['length', 'killwords', 'end', 'leeway'],
    apply(engine, target, [length, killWords, end, leeway]) {
      if (typeof target.data !== 'string') {
        return Number(lengthOf(engine, target)) <= integer(engine, length, 255) + (integerOrNone(engine, leeway) ?? 5) ? target : engine.fail('only text can be truncated')
      }
      const short = truncateText(engine, target.data, integer(engine, length, 255), flag(engine, killWords), strictText(engine, end, '...'), integerOrNone(engine, leeway) ?? 5)
      return derived(short, target.from)
    },
  },
  wordwrap: textFilter(['width', 'break_long_words', 'wrapstring', 'break_on_hyphens'], (engine, value, [width, breakLongWords, separator, breakOnHyphens]) =>
    wrapText(engine, value, {
      width: integer(engine, width, 79),
      breakLongWords: flag(engine, breakLongWords, true),
      breakOnHyphens: flag(engine, breakOnHyphens, true),
      separator: separator === undefined || separator.data === null ? '\n' : strictText(engine, separator),
    })),
  string: { parameters: [], structured: true, precise: true, apply: (engine, target) => asString(engine, target) },
  safe: { parameters: [], structured: true, precise: true, apply: (engine, target) => ({ ...asString(engine, target), safe: true }) },
  trim: {
    parameters: ['chars'],
    structured: true,
    apply(engine, target, [chars]) {
      const set = chars === undefined || chars.data === null ? isSpace : ((all) => (one: string) => all.includes(one))(strictText(engine, chars))
      return reshape(engine, target, (own) => trimCaptured(engine, own, set))
    },
  },
  indent: {
    parameters: ['width', 'first', 'blank'],
    structured: true,
    apply(engine, target, [width, first, blank]) {
      if (typeof target.data !== 'string' && !isCaptured(target.data)) engine.fail(isUndefined(target.data) ? target.data.reason : 'indent needs a string')
      const by = typeof width?.data === 'string' ? width.data : indentation(engine, integer(engine, width, 4))
      return reshape(engine, target, (own) => indentCaptured(engine, own, by, flag(engine, first), flag(engine, blank)))
    },
  },
  default: {
    parameters: ['default_value', 'boolean'],
    structured: true,
    precise: true,
    apply(engine, target, [fallback = constant(''), boolean]) {
      const { data } = target
      const replace = isUndefined(data) || (flag(engine, boolean) && !isTrue(engine, data))
      return replace ? { ...fallback, from: union(target.from, fallback.from), swayedBy: union(target.swayedBy, fallback.swayedBy) } : target
    },
  },
  format: {
    apply(engine, target, _, args) {
      if (args.positional.length > 0 && args.named.size > 0) engine.fail("can't handle positional and keyword arguments at the same time")
      const { text: format, from } = toText(engine, target)
      const values = args.named.size > 0
        ? dictOf(engine, [...args.named].map(([name, value]) => [constant(name), value]))
        : tuple([...args.positional])
      const formatted = formatPercentWithSources(engine, format, constant(values))
      return derived(formatted.text, union(from, formatted.from))
    },
  },
  length: {
    parameters: [],
    precise: true,
    apply: (engine, target) => derived(lengthOf(engine, target), target.from, target.swayedBy),
  },
  pprint: plainFilter([], (engine) => engine.fail("The filter 'pprint' is not available in a manifest.")),
  urlize: plainFilter([], (engine) => engine.fail("The filter 'urlize' is not available in a manifest.")),
}
