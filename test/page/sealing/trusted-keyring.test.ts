import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { fingerprintGroups } from '../../../src/keyring/fingerprint.ts'
import { maxKeyringBytes, maxSignatureFileBytes } from '../../../src/keyring/bounds.ts'
import { formatKeyring } from '../../../src/keyring/keyring.ts'
import {
  formatPublicKeyLine,
  generateSigningKey,
  signMinisign,
} from '../../../src/keyring/minisign.ts'
import { fetchKeyring } from '../../../src/page/sealing/fetch-keyring.ts'
import { recipientsInForce } from '../../../src/page/sealing/recipients-in-force.ts'
import type { SignedKeyring } from '../../../src/page/sealing/trusted-keyring.ts'
import { checkSigned, describeKeyring } from '../../../src/page/sealing/trusted-keyring.ts'
import { ceremony, keyringFiles, keyringJson, root, rootKey, serveFiles } from './site.ts'

const origin = 'http://tumen.onion'
const source = { origin, rootKey, fetch: serveFiles(keyringFiles) }

const loadFrom = async (from: {
  origin: string
  rootKey: string
  fetch: typeof fetch
}): Promise<SignedKeyring> => checkSigned(await fetchKeyring(from), from.rootKey)

function signed(bytes: Uint8Array, key = root): Record<string, string | Uint8Array> {
  return {
    '/keyring.json': bytes,
    '/keyring.json.minisig': signMinisign({ secretKey: key, message: bytes, trustedComment: 'x' }),
  }
}

describe('fetchKeyring', () => {
  it('returns the keyring and its fingerprint if the root signed it', async () => {
    const { keyring, fingerprint } = await loadFrom(source)
    expect(keyring).toEqual(ceremony.keyring)
    expect(fingerprint).toBe(createHash('sha256').update(keyringJson).digest('hex'))
  })

  it('requests it from its own origin, as the page has announced, and without a referrer', async () => {
    const asked: [string, RequestInit | undefined][] = []
    await loadFrom({
      ...source,
      fetch: (url, init) => (asked.push([String(url), init]), source.fetch(url)),
    })
    expect(asked.map(([url]) => url)).toEqual([
      `${origin}/keyring.json`,
      `${origin}/keyring.json.minisig`,
    ])
    for (const [, init] of asked)
      expect(init).toEqual({ credentials: 'same-origin', referrerPolicy: 'no-referrer' })
  })

  const changed = Buffer.from(keyringJson).map((byte, at) => (at === 700 ? byte ^ 1 : byte))
  it.each<[string, Record<string, string | Uint8Array>, string?]>([
    ['another key signed', signed(keyringJson, generateSigningKey())],
    ['was changed', { ...keyringFiles, '/keyring.json': changed }],
    [
      'has a signature that is none',
      { ...keyringFiles, '/keyring.json.minisig': 'untrusted comment: x\n' },
    ],
    [
      'is of another version',
      signed(Buffer.from(JSON.stringify({ ...ceremony.keyring, version: 2 }))),
    ],
    [
      'is something else that the root signed',
      signed(Buffer.from('{"format":"tumen-card","version":1}')),
    ],
    ['is no JSON', signed(Buffer.from('keyring'))],
    ['meets a page with a damaged root key', keyringFiles, 'RWdamaged'],
  ])('throws KEYRING_UNTRUSTED for one that %s', async (_what, files, key = rootKey) => {
    await expect(
      loadFrom({ origin, rootKey: key, fetch: serveFiles(files) }),
    ).rejects.toMatchObject({ name: 'SealingError', code: 'KEYRING_UNTRUSTED' })
  })

  it.each<[string, typeof fetch]>([
    ['the connection breaks', () => Promise.reject(new TypeError('no network'))],
    ['the keyring is missing', serveFiles({ '/keyring.json.minisig': 'x' })],
    ['the signature is missing', serveFiles({ '/keyring.json': keyringJson })],
    ['the intake is closed', async () => new Response('{"code":"CLOSED"}', { status: 503 })],
    [
      'the keyring is endless',
      serveFiles({ ...keyringFiles, '/keyring.json': new Uint8Array(maxKeyringBytes + 1) }),
    ],
    [
      'the signature is endless',
      serveFiles({
        ...keyringFiles,
        '/keyring.json.minisig': new Uint8Array(maxSignatureFileBytes + 1),
      }),
    ],
  ])('throws KEYRING_UNREACHABLE when %s', async (_what, fetch) => {
    await expect(loadFrom({ origin, rootKey, fetch })).rejects.toMatchObject({
      code: 'KEYRING_UNREACHABLE',
    })
  })

  it('reads one of the largest allowed size, and checks its content', async () => {
    const files = { ...keyringFiles, '/keyring.json': new Uint8Array(maxKeyringBytes) }
    await expect(loadFrom({ origin, rootKey, fetch: serveFiles(files) })).rejects.toMatchObject({
      code: 'KEYRING_UNTRUSTED',
    })
  })
})

describe('describeKeyring', () => {
  it('names the recipients of a tip, with fingerprints in eight groups', async () => {
    const keyring = await loadFrom(source)
    expect(describeKeyring(keyring, '2026-11-23')).toEqual({
      fingerprint: fingerprintGroups(keyring.fingerprint).split(' '),
      recipients: [{ name: '김 분석가', role: 'analyst' }],
      issued: keyring.keyring.issued,
      isDemo: false,
      expires: '2027-11-23',
    })
  })

  it.each([
    ['2027-11-23', false],
    ['2027-11-24', true],
    ['2026-11-22', true],
  ])('on %s counts it as expired: %s', async (day, isExpired) => {
    const keyring = await loadFrom(source)
    const call = () => describeKeyring(keyring, day)
    if (isExpired) expect(call).toThrow(expect.objectContaining({ code: 'KEYRING_EXPIRED' }))
    else expect(call).not.toThrow()
  })

  it('omits people whose keys are not in force', async () => {
    const [entry] = ceremony.keyring.recipients
    const keyring = {
      ...ceremony.keyring,
      recipients: [
        { ...entry!, name: 'gone', retired: '2026-11-23' },
        { ...entry!, valid_until: '2026-11-24' },
      ],
    }
    const fetched = await loadFrom({
      ...source,
      fetch: serveFiles(signed(formatKeyring(keyring))),
    })
    expect(describeKeyring(fetched, '2026-11-23').recipients).toEqual([
      { name: '김 분석가', role: 'analyst' },
    ])
    expect(recipientsInForce(fetched, '2026-11-23')).toHaveLength(1)
    expect(() => recipientsInForce(fetched, '2026-11-25')).toThrow(
      expect.objectContaining({ code: 'KEYRING_EXPIRED' }),
    )
  })
})

describe('a root key line', () => {
  it('is read from the format of keys/root.pub', async () => {
    await expect(
      loadFrom({ ...source, rootKey: formatPublicKeyLine(root.publicKey) }),
    ).resolves.toBeDefined()
  })
})
