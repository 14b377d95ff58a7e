import { createHmac, timingSafeEqual } from 'node:crypto'

/** HMAC-SHA-256 over JSON of the parts, so that no two lists share it; 43 characters of base64url. */
export const mac = (key: string, parts: readonly string[]): string => createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64url')

/** Whether `given` is that mac; takes as long for any text of its length. */
export function isMac(given: string, key: string, parts: readonly string[]): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(mac(key, parts))]
  return one.length === other.length && timingSafeEqual(one, other)
}
