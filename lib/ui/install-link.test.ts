import { expect, it } from 'vitest'
import { templateAddress } from './install-link'

it('takes the template out of an install link of any host', () => {
  expect(templateAddress(' https://app.example.com/install?url=https%3A%2F%2Fx.example%2Ft.yaml%3Fa%3D1 ')).toBe('https://x.example/t.yaml?a=1')
})
it('leaves other addresses and text alone', () => {
  for (const text of ['https://x.example/install', 'https://x.example/t.yaml?url=y', 'not an address', '']) expect(templateAddress(text)).toBe(text)
})
