import { createHash } from 'node:crypto'
import { inflateSync } from 'node:zlib'
import * as vectors from 'cctv-age'
import { describe, expect, it } from 'vitest'
import { AgeError } from '../../src/age/errors.ts'
import type { Unwrap } from '../../src/age/file.ts'
import { openFile, unwrapWith } from '../../src/age/file.ts'
import { parseIdentity } from '../../src/age/keys.ts'
import { unwrapWithPassphrase } from '../../src/age/passphrase.ts'
import type { Primitives } from '../../src/age/primitives.ts'
import { inlineEngine } from '../../src/age/stream.ts'
import { pieces } from './pieces.ts'
import { providers } from './providers.ts'

interface Vector {
  name: string
  expect: string
  payloadSha256: string | undefined
  identities: string[]
  passphrases: string[]
  isArmored: boolean
  file: Uint8Array
}

// The outcomes that each kind of vector may have here. Armored files are always refused, because
// tips are binary.
const outcomes: Record<string, string[]> = {
  success: ['success'],
  'no match': ['NO_MATCH'],
  'HMAC failure': ['OPEN_FAILED'],
  'payload failure': ['OPEN_FAILED'],
  'header failure': ['HEADER_INVALID', 'NOT_AGE'],
}

function readVector(name: string, bytes: Uint8Array): Vector {
  const end = Buffer.from(bytes).indexOf('\n\n')
  const fields = Buffer.from(bytes.subarray(0, end))
    .toString()
    .split('\n')
    .map((line) => line.split(': ') as [string, string])
  const all = (key: string) => fields.filter(([field]) => field === key).map(([, value]) => value)
  const body = bytes.subarray(end + 2)
  return {
    name,
    expect: all('expect')[0] ?? '',
    payloadSha256: all('payload')[0],
    identities: all('identity'),
    passphrases: all('passphrase'),
    isArmored: all('armored').length > 0,
    file: all('compressed').length > 0 ? inflateSync(body) : body,
  }
}

function unwrapFor(primitives: Primitives, vector: Vector): Unwrap {
  const identities = unwrapWith(
    primitives,
    vector.identities.map((text) => parseIdentity(primitives, text)),
  )
  return async (stanzas) => {
    for (const passphrase of vector.passphrases) {
      const fileKey = await unwrapWithPassphrase(primitives, stanzas, passphrase)
      if (fileKey) return fileKey
    }
    return identities(stanzas)
  }
}

async function openVector(primitives: Primitives, vector: Vector, pieceBytes: number) {
  const released = createHash('sha256')
  const tools = { primitives, engine: inlineEngine(primitives) }
  try {
    for await (const bytes of openFile(
      tools,
      unwrapFor(primitives, vector),
      pieces(vector.file, pieceBytes),
    ))
      released.update(bytes)
    return { outcome: 'success', released: released.digest('hex') }
  } catch (error) {
    if (!(error instanceof AgeError)) throw error
    return { outcome: error.code, released: released.digest('hex') }
  }
}

const all = Object.entries(vectors)
  .filter((entry): entry is [string, Uint8Array] => entry[1] instanceof Uint8Array)
  .map(([name, bytes]) => readVector(name, bytes))
const binary = all.filter((vector) => !vector.isArmored)
const armored = all.filter((vector) => vector.isArmored)

it('has all of the vectors', () => {
  expect(binary.length).toBe(110)
  expect(armored.length).toBe(33)
})

describe.each(providers)('openFile with the $provider provider', ({ primitives }) => {
  describe.each(binary)('when given the CCTV vector $name', (vector) => {
    // Feeding long streams byte by byte would be slow. These pieces cross every boundary too.
    const sizes = vector.file.length < 20_000 ? [Infinity, 1] : [Infinity, 65_537]
    it.each(sizes)(`ends with ${vector.expect} in pieces of %d bytes`, async (pieceBytes) => {
      const { outcome, released } = await openVector(primitives, vector, pieceBytes)
      expect(outcomes[vector.expect]).toContain(outcome)
      if (vector.payloadSha256 !== undefined) expect(released).toBe(vector.payloadSha256)
    })
  })

  it.each(armored)('refuses the armored CCTV vector $name', async (vector) => {
    const { outcome } = await openVector(primitives, vector, Infinity)
    expect(['ARMORED', 'NOT_AGE', 'HEADER_INVALID']).toContain(outcome)
  })
})
