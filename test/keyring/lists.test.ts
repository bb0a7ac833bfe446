import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

import { addRecipient, retire } from '../../src/keyring/edit.ts'
import { KeyringError } from '../../src/keyring/errors.ts'
import { fingerprintGroups, recipientDigest } from '../../src/keyring/fingerprint.ts'
import {
  formatIdentityFile,
  generateIdentityPair,
  parseIdentityFile,
  recipientsOf,
} from '../../src/keyring/identity-file.ts'
import { recipientsText, recipientsX25519Text } from '../../src/keyring/recipients-file.ts'
import { always, day, encode, makeCard, makeKeyring, makeTempDir, primitives } from './fixtures.ts'

describe('recipientsText', () => {
  const keyring = retire(
    addRecipient(addRecipient(makeKeyring(), makeCard('Lee'), always), makeCard('Old'), always),
    'Old',
    day,
  )
  const keyLines = (text: string) =>
    text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))

  it('lists all recipients of one kind that are in force, after a comment about its purpose', () => {
    const [kim, lee] = keyring.recipients
    const hybrid = recipientsText(keyring, day)
    const classic = recipientsX25519Text(keyring, day)
    expect(keyLines(hybrid)).toEqual([kim?.recipient, lee?.recipient])
    expect(keyLines(classic)).toEqual([kim?.recipient_x25519, lee?.recipient_x25519])
    expect(hybrid).toMatch(/^# Post-quantum recipients/)
    expect(classic).toMatch(/^# Classic recipients/)
    expect(hybrid).not.toContain('DEMO')
    expect(recipientsText({ ...keyring, demo: true }, day)).toContain('# DEMO')
  })
})

const hasAge = spawnSync('age', ['--version']).status === 0
if (!hasAge)
  console.warn(
    'skipped: age -R on the recipients file, because age is not installed (apt-get install age)',
  )

describe.runIf(hasAge)('age the program', () => {
  it('seals to recipients-x25519.txt, and opens with the classic line of the identity file', async () => {
    const dir = await makeTempDir()
    const pair = generateIdentityPair(primitives)
    const card = { ...makeCard('Lee'), ...recipientsOf(pair) }
    await writeFile(
      join(dir, 'r.txt'),
      recipientsX25519Text(addRecipient(makeKeyring(), card, always), day),
    )
    await writeFile(join(dir, 'lee.identity'), formatIdentityFile(pair, { name: 'Lee', day }))
    const script =
      'echo hello | age -R r.txt > x.age && grep ^AGE-SECRET-KEY-1 lee.identity | age -d -i - x.age'
    expect(spawnSync('sh', ['-c', script], { cwd: dir, encoding: 'utf8' }).stdout).toBe('hello\n')
  })
})

describe('parseIdentityFile', () => {
  const pair = generateIdentityPair(primitives)
  const text = formatIdentityFile(pair, { name: 'Lee', day })

  it('reads both identities, and refuses other lines without quoting them', () => {
    expect(parseIdentityFile(primitives, encode(text)).map(({ kind }) => kind)).toEqual([
      'hybrid',
      'x25519',
    ])
    expect(() => parseIdentityFile(primitives, encode('# only a comment\n'))).toThrow('no identity')
    const broken = text.replace('AGE-SECRET-KEY-PQ-1', 'AGE-SECRET-KEY-PQ-2')
    expect(() => parseIdentityFile(primitives, encode(broken))).toThrow(
      /line 5 is not an AGE-SECRET-KEY$/,
    )
    expect(() => parseIdentityFile(primitives, encode(broken))).toThrow(KeyringError)
  })
})

describe('fingerprintGroups', () => {
  it('makes eight groups of five digits', () => {
    expect(fingerprintGroups('00000000'.repeat(8))).toBe(Array(8).fill('00000').join(' '))
    // 0xffffffff = 4294967295
    expect(fingerprintGroups(new Uint8Array(32).fill(255))).toBe(Array(8).fill('67295').join(' '))
    expect(fingerprintGroups('0000002a'.repeat(8).toUpperCase())).toBe(
      Array(8).fill('00042').join(' '),
    )
  })

  it.each([[31], [33]])('refuses %i bytes', (length) => {
    expect(() => fingerprintGroups(new Uint8Array(length))).toThrow(KeyringError)
    expect(() => fingerprintGroups('00'.repeat(length))).toThrow(KeyringError)
  })

  it('covers both recipients of a person', () => {
    const card = makeCard()
    const other = { ...card, recipient_x25519: makeCard().recipient_x25519 }
    expect(recipientDigest(card)).not.toEqual(recipientDigest(other))
  })
})
