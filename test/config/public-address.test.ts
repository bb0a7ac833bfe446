import { describe, expect, it } from 'vitest'
import { loadSettings } from '../../config/settings.ts'
import { isPublic } from '../../config/public-address.ts'

const onion = `${'b'.repeat(56)}.onion`

describe('isPublic', () => {
  it.each([
    [{}, false],
    [{ TUMEN_LISTEN: 'unix:/run/tumen/intake.sock' }, false],
    [{ TUMEN_LISTEN: '[::1]:8440' }, false],
    [{ TUMEN_LISTEN: '127.0.0.2:8440' }, false],
    [{ TUMEN_LISTEN: '127.0.0.256:8440' }, true],
    [{ TUMEN_LISTEN: '127.0.0.1.example.org:8440' }, true],
    [{ TUMEN_LISTEN: '[::ffff:203.0.113.7]:8440' }, true],
    [{ TUMEN_LISTEN: '0.0.0.0:8440' }, true],
    [{ TUMEN_LISTEN: '203.0.113.7:80' }, true],
    [{ TUMEN_ONION_SOCKET: '/run/tumen/onion/intake.sock' }, true],
    [{ TUMEN_TOR_DIR: '/run/tumen/tor' }, true],
    [{ TUMEN_ONION_ADDRESS: onion, TUMEN_TOR_SOCKS: '127.0.0.1:9050' }, true],
    [{ TUMEN_TOR_SOCKS: '127.0.0.1:9050' }, false],
  ])('with %o is %s', (env, expected) => {
    expect(isPublic(loadSettings(env))).toBe(expected)
  })
})
