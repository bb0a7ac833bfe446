import type { Request, Response } from 'express'
import { describe, expect, it } from 'vitest'
import { createForeignHostWatch } from '../../src/server/foreign-host.ts'

/** Whether a request with this header is noticed, and whether the next one hides it again. */
function hasSeen(host: string | undefined): boolean {
  const watch = createForeignHostWatch()
  let passed = 0
  for (const each of [host, 'localhost'])
    watch.look({ headers: { host: each } } as Request, {} as Response, () => (passed += 1))
  expect(passed).toBe(2)
  return watch.hasSeen()
}

const onion = `${'b'.repeat(56)}.onion`

describe('createForeignHostWatch', () => {
  it.each([
    onion,
    onion.toUpperCase(),
    `${onion}:8080`,
    `${onion}.`,
    `www.${onion}`,
    'tips.example.org',
    'localhost.example.org',
    '127.0.0.1.example.org',
    '127.0.0.256',
    '192.0.2.7:8440',
    '[2001:db8::1]:8440',
  ])('notices %s', (host) => expect(hasSeen(host)).toBe(true))

  it.each([
    undefined,
    '',
    'localhost',
    'LOCALHOST:8440',
    'localhost.',
    '127.0.0.1',
    '127.0.0.1:8440',
    '[::1]:8440',
    'intake:8440',
    'socket',
  ])('does not take %s for another machine', (host) => expect(hasSeen(host)).toBe(false))
})
