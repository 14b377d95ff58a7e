import { describe, expect, it } from 'vitest'
import { AppError } from '@/lib/errors'
import { isAllowListed, parseTemplateUrl, rawFileUrl } from './template-url'

const raw = (link: string): string => rawFileUrl(new URL(link)).href

describe('parseTemplateUrl', () => {
  it('drops the fragment and keeps the query', () => {
    expect(parseTemplateUrl('https://example.test/t.yaml?token=1#L3').href).toBe('https://example.test/t.yaml?token=1')
  })
  it('takes a Location relative to the hop that sent it', () => {
    expect(parseTemplateUrl('../b.yaml', new URL('https://example.test/x/y/a')).href).toBe('https://example.test/x/b.yaml')
  })
  it.each(['', 'example.test/t.yaml', 'https://', 'http://[::1', 'file:///etc/passwd', 'ftp://example.test/', 'data:text/plain,a', 'javascript:1', 'https://user@example.test/', 'https://:pw@example.test/', `https://example.test/${'a'.repeat(4096)}`])(
    'refuses %s',
    (link) => {
      expect(() => parseTemplateUrl(link)).toThrow(AppError)
    },
  )
  it('refuses a link that only grows too long by its encoding', () => {
    expect(() => parseTemplateUrl(`https://example.test/${'ü'.repeat(1000)}`)).toThrow(/longer than 4096/)
  })
})

describe('rawFileUrl', () => {
  it('turns the page of a file on GitHub into the file, whatever the name of the branch', () => {
    expect(raw('https://github.com/o/r/blob/main/a/b.yaml')).toBe('https://raw.githubusercontent.com/o/r/main/a/b.yaml')
    expect(raw('https://github.com/o/r/blob/feature/x/a%20b.yaml?plain=1')).toBe('https://raw.githubusercontent.com/o/r/feature/x/a%20b.yaml')
  })
  it.each(['https://github.com/o/r', 'https://github.com/o/r/tree/main/x', 'https://github.com.example.test/o/r/blob/main/x', 'http://github.com/o/r/blob/main/x', 'https://github.com:8443/o/r/blob/main/x'])(
    'leaves %s alone',
    (link) => {
      expect(raw(link)).toBe(link)
    },
  )
})

describe('isAllowListed', () => {
  const allowed = (link: string, ...allow: string[]): boolean => isAllowListed(new URL(link), allow)
  it('matches a host on every port, and host:port on that port alone, the default port included', () => {
    expect(allowed('http://localhost:4500/', 'localhost')).toBe(true)
    expect(allowed('http://localhost:4500/', 'LocalHost:4500')).toBe(true)
    expect(allowed('http://localhost:4501/', 'localhost:4500')).toBe(false)
    expect(allowed('https://example.test/', 'example.test:443')).toBe(true)
    expect(allowed('http://example.test/', 'example.test:443')).toBe(false)
    expect(allowed('http://[::1]:4500/', '[::1]:4500')).toBe(true)
  })
  it('matches neither subdomains, nor suffixes, nor another spelling of the place', () => {
    expect(allowed('http://a.example.test/', 'example.test')).toBe(false)
    expect(allowed('http://example.test.evil.test/', 'example.test')).toBe(false)
    expect(allowed('http://localhost./', 'localhost')).toBe(false)
    expect(allowed('http://127.0.0.1/', 'localhost')).toBe(false)
    expect(allowed('http://anything.test/', '', '*')).toBe(false)
  })
})
