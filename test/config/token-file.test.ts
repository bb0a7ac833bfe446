import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadSettings, SettingsError } from '../../config/settings.ts'
import { opsAuthorization, readTokenFile, TokenFileError } from '../../config/token-file.ts'

let folder = ''
let file = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tumen-token-'))
  file = join(folder, 'token')
})
afterAll(() => rm(folder, { recursive: true }))

async function codeFor(text: string, mode = 0o600): Promise<string> {
  await writeFile(file, text)
  await chmod(file, mode)
  try {
    return readTokenFile(file)
  } catch (error) {
    if (!(error instanceof TokenFileError)) throw error
    expect(error.message).not.toContain(text.trim() || '\0')
    return error.code
  }
}

const base64 = Buffer.alloc(32, 7).toString('base64')

describe('readTokenFile', () => {
  it.each([
    ['base64', base64],
    ['base64url', Buffer.alloc(33, 255).toString('base64url')],
    ['hex', 'a7'.repeat(32)],
  ])('returns the line of a file in %s', async (_form, text) => {
    expect(await codeFor(`${text}\n`)).toBe(text)
  })

  it.each([
    ['31 bytes in hex', 'a7'.repeat(31)],
    ['31 bytes in base64', Buffer.alloc(31, 7).toString('base64')],
    ['nothing', ''],
    ['a sentence', 'correct horse battery staple correct horse battery staple'],
    ['two lines', `${base64}\n${base64}`],
    ['more than a kilobyte', 'a7'.repeat(513)],
  ])('refuses %s', async (_what, text) => {
    expect(await codeFor(text)).toBe('TOKEN_TOO_SHORT')
  })

  it.each([0o640, 0o604, 0o622])('refuses a file of mode %o', async (mode) => {
    expect(await codeFor(base64, mode)).toBe('TOKEN_OPEN_TO_OTHERS')
  })

  it('refuses a missing file', () => {
    expect(() => readTokenFile(`${file}.none`)).toThrow(
      expect.objectContaining({ code: 'TOKEN_UNREADABLE' }),
    )
  })
})

describe('opsAuthorization', () => {
  it('is nothing without a file, and its bearer token with one', async () => {
    await codeFor(base64)
    expect(opsAuthorization(null)).toEqual({})
    expect(opsAuthorization(file)).toEqual({ authorization: `Bearer ${base64}` })
  })
})

describe('loadSettings', () => {
  it.each(['127.0.0.1:1', '127.8.8.8:1', '[::1]:1', 'localhost:1', 'unix:/run/x'])(
    'lets ops listen on %s without a token',
    (address) => {
      expect(() => loadSettings({ TUMEN_OPS_LISTEN: address })).not.toThrow()
    },
  )
  it.each(['0.0.0.0:1', '[::]:1', '10.0.0.1:1', 'ops.example:1', '127.evil.example:1'])(
    'refuses %s without one',
    (address) => {
      expect(() => loadSettings({ TUMEN_OPS_LISTEN: address })).toThrow(SettingsError)
      expect(() => loadSettings({ TUMEN_OPS_LISTEN: address })).toThrow(
        'TUMEN_OPS_LISTEN needs TUMEN_OPS_TOKEN_FILE',
      )
      expect(() =>
        loadSettings({ TUMEN_OPS_LISTEN: address, TUMEN_OPS_TOKEN_FILE: '/x' }),
      ).not.toThrow()
    },
  )
})
