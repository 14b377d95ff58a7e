import { concatenate } from './concatenate'
import type { Engine } from './engine'
import type { Method } from './methods'
import { flag, integer, integerOrNone, strictText, type Bound } from './parameters'
import { capitalize, isAllCase, swapCase, titleText } from './python-case'
import { characters, itemsOf } from './python-sequence'
import { isSpace, skipBackward, skipForward, splitLines, splitOnSpace } from './python-space'
import { formatBraces } from './brace-format'
import { centerText, justify, replaceText } from './text-tools'
import { constant, isObject, list, tuple, typeName, type CallArguments, type Data, type Value } from './values'

const method = (parameters: readonly string[], required: number, apply: (engine: Engine, own: string, bound: Bound) => Data): Method<string> => ({
  parameters,
  required,
  apply(engine, own, bound) {
    engine.spend(1 + own.length / 32)
    return constant(apply(engine, own, bound))
  },
})

const plain = (change: (own: string) => Data) => method([], 0, (_, own) => change(own))
const texts = (parts: readonly string[]) => parts.map((part) => constant(part))

function characterSet(engine: Engine, chars: Value | undefined): (character: string) => boolean {
  if (chars === undefined || chars.data === null) return isSpace
  const set = new Set(strictText(engine, chars))
  return (character) => set.has(character)
}

const strip = (start: boolean, end: boolean) =>
  method(['chars'], 0, (engine, own, [chars]) => {
    const set = characterSet(engine, chars)
    const from = start ? skipForward(own, set) : 0
    return own.slice(from, end ? skipBackward(own, set, from) : own.length)
  })

function split(fromEnd: boolean): Method<string> {
  return method(['sep', 'maxsplit'], 0, (engine, own, [separator, most]) => {
    const limit = integer(engine, most, -1) < 0 ? Infinity : integer(engine, most, -1)
    engine.spend(own.length / 16)
    if (separator === undefined || separator.data === null) {
      if (!fromEnd) return list(texts(splitOnSpace(own, limit)))
      const mirrored = splitOnSpace(characters(own).reverse().join(''), limit)
      return list(texts(mirrored.reverse().map((part) => characters(part).reverse().join(''))))
    }
    const by = strictText(engine, separator)
    if (by === '') engine.fail('empty separator')
    engine.search(own, by)
    const parts = own.split(by)
    if (parts.length - 1 <= limit) return list(texts(parts))
    const cut = fromEnd ? parts.length - limit : limit
    const head = parts.slice(0, cut)
    const tail = parts.slice(cut)
    return list(texts(fromEnd ? [head.join(by), ...tail] : [...head, tail.join(by)]))
  })
}

const partition = (fromEnd: boolean) =>
  method(['sep'], 1, (engine, own, [separator]) => {
    const by = strictText(engine, separator)
    if (by === '') engine.fail('empty separator')
    engine.search(own, by)
    const at = fromEnd ? own.lastIndexOf(by) : own.indexOf(by)
    if (at < 0) return tuple(texts(fromEnd ? ['', '', own] : [own, '', '']))
    return tuple(texts([own.slice(0, at), by, own.slice(at + by.length)]))
  })

/** The part of the text from `start` to `end`, and how many characters stand before it. */
function stretch(engine: Engine, own: string, start: Value | undefined, end: Value | undefined): { part: string; before: number } | null {
  const all = characters(own)
  const place = (value: Value | undefined, fallback: number) => {
    const given = integerOrNone(engine, value) ?? fallback
    return given < 0 ? Math.max(0, given + all.length) : given
  }
  const from = place(start, 0)
  const to = Math.min(place(end, all.length), all.length)
  return from > all.length || from > to ? null : { part: all.slice(from, to).join(''), before: from }
}

const find = (fromEnd: boolean, mustFind: boolean) =>
  method(['sub', 'start', 'end'], 1, (engine, own, [wanted, start, end]) => {
    const sub = strictText(engine, wanted)
    engine.search(own, sub)
    const inside = stretch(engine, own, start, end)
    const at = inside === null ? -1 : fromEnd ? inside.part.lastIndexOf(sub) : inside.part.indexOf(sub)
    if (at < 0 || inside === null) return mustFind ? engine.fail('substring not found') : -1n
    return BigInt(inside.before + characters(inside.part.slice(0, at)).length)
  })

const affix = (matches: (part: string, wanted: string) => boolean) =>
  method(['affix', 'start', 'end'], 1, (engine, own, [wanted, start, end]) => {
    const data = wanted?.data ?? null
    const options = isObject(data) && data.kind === 'tuple' ? data.items : [wanted]
    const inside = stretch(engine, own, start, end)
    return options.some((option) => {
      const text = strictText(engine, option)
      engine.spend(text.length / 64)
      return inside !== null && matches(inside.part, text)
    })
  })

const justified = (side: 'left' | 'right') =>
  method(['width', 'fillchar'], 1, (engine, own, [width, fill]) => justify(engine, own, integer(engine, width, 0), strictText(engine, fill, ' '), side))

const consistsOf = (pattern: RegExp) => plain((own) => own !== '' && Array.from(own).every((character) => pattern.test(character)))

export const STRING_METHODS: Readonly<Record<string, Method<string>>> = {
  upper: plain((own) => own.toUpperCase()),
  lower: plain((own) => own.toLowerCase()),
  casefold: plain((own) => own.toLowerCase().replaceAll('ß', 'ss')),
  capitalize: plain(capitalize),
  title: plain(titleText),
  swapcase: plain(swapCase),
  strip: strip(true, true),
  lstrip: strip(true, false),
  rstrip: strip(false, true),
  split: split(false),
  rsplit: split(true),
  splitlines: method(['keepends'], 0, (engine, own, [keepEnds]) => {
    engine.spend(own.length / 16)
    return list(texts(splitLines(own, flag(engine, keepEnds))))
  }),
  partition: partition(false),
  rpartition: partition(true),
  replace: method(['old', 'new', 'count'], 2, (engine, own, [old, fresh, count]) =>
    replaceText(engine, own, strictText(engine, old), strictText(engine, fresh), integer(engine, count, -1))),
  find: find(false, false),
  rfind: find(true, false),
  index: find(false, true),
  rindex: find(true, true),
  count: method(['sub'], 1, (engine, own, [wanted]) => {
    const sub = strictText(engine, wanted)
    engine.search(own, sub)
    return BigInt(sub === '' ? characters(own).length + 1 : own.split(sub).length - 1)
  }),
  startswith: affix((part, wanted) => part.startsWith(wanted)),
  endswith: affix((part, wanted) => part.endsWith(wanted)),
  removeprefix: method(['prefix'], 1, (engine, own, [prefix]) => (own.startsWith(strictText(engine, prefix)) ? own.slice(strictText(engine, prefix).length) : own)),
  removesuffix: method(['suffix'], 1, (engine, own, [suffix]) => {
    const end = strictText(engine, suffix)
    return end !== '' && own.endsWith(end) ? own.slice(0, -end.length) : own
  }),
  center: method(['width', 'fillchar'], 1, (engine, own, [width, fill]) => centerText(engine, own, integer(engine, width, 0), strictText(engine, fill, ' '))),
  ljust: justified('left'),
  rjust: justified('right'),
  zfill: method(['width'], 1, (engine, own, [width]) => {
    const sign = own.startsWith('+') || own.startsWith('-') ? own.slice(0, 1) : ''
    return sign + justify(engine, own.slice(sign.length), integer(engine, width, 0) - sign.length, '0', 'right')
  }),
  isdigit: consistsOf(/\p{Nd}|[\u00b2\u00b3\u00b9\u2070-\u2089]/u),
  isdecimal: consistsOf(/\p{Nd}/u),
  isnumeric: consistsOf(/\p{N}/u),
  isalpha: consistsOf(/\p{L}/u),
  isalnum: consistsOf(/[\p{L}\p{N}]/u),
  isspace: plain((own) => own !== '' && skipForward(own) === own.length),
  islower: plain((own) => isAllCase(own, 'lower')),
  isupper: plain((own) => isAllCase(own, 'upper')),
  isidentifier: plain((own) => /^[\p{ID_Start}_]\p{ID_Continue}*$/u.test(own)),
  isascii: plain((own) => !/[^\x00-\x7f]/.test(own)),
  join: {
    parameters: ['iterable'],
    required: 1,
    apply(engine, own, [iterable]) {
      const items = itemsOf(engine, iterable ?? constant(null))
      for (const { data } of items) {
        if (typeof data !== 'string' && !(isObject(data) && data.kind === 'captured')) engine.fail(`sequence item: expected str instance, ${typeName(data)} found`)
      }
      return concatenate(engine, items.flatMap((item, index) => (index === 0 ? [item] : [constant(own), item])))
    },
  },
  format: { apply: (engine, own, _, args: CallArguments) => formatBraces(engine, own, args) },
}
