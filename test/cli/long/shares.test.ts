import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'

import { sealWithPassphrase } from '../../../src/age/passphrase.ts'
import { primitives } from '../../support/ceremony.ts'
import { runHere } from '../support/run-here.ts'
import { makeTempDir } from '../support/run-tumen.ts'

/** Work factor of another program's file, which may be lower than ours. */
const quickLogN = 4

let dir = ''
const run = (...args: string[]) => runHere({ dir, env: {} }, ['keys', ...args])
const share = (number: number, of = 'root', total = 3) => `${of}.share-${number}-of-${total}.txt`

beforeEach(async () => {
  dir = await makeTempDir()
  await run('new', 'root', '--purpose', 'root', '--no-passphrase')
})

describe('tumen keys split', () => {
  it('splits an identity with a passphrase, and restores it with another one', async () => {
    writeFileSync(join(dir, 'pw'), 'orbit velvet canyon drift mango pistol\n')
    writeFileSync(join(dir, 'pw2'), 'quantum barely inside wedding fox elbow\n')
    await run('new', '김', '--no-passphrase')
    const sealed = await sealWithPassphrase(
      primitives,
      readFileSync(join(dir, '김.identity')),
      'orbit velvet canyon drift mango pistol',
      quickLogN,
    )
    writeFileSync(join(dir, '김.identity.age'), sealed)
    expect(
      await run(
        'split',
        '김.identity.age',
        '--shares',
        '2',
        '--threshold',
        '2',
        '--passphrase-file',
        'pw',
      ),
    ).toMatchObject({ status: 0, stderr: '' })
    const restored = await run(
      'combine',
      share(1, '김', 2),
      share(2, '김', 2),
      '--passphrase-file',
      'pw2',
      '--out',
      'restored',
    )
    expect(restored).toMatchObject({ status: 0, stderr: '' })
    const before = JSON.parse((await run('show', '김.card.json', '--json')).stdout)
    const after = JSON.parse(
      (await run('show', 'restored/김.identity.age', '--passphrase-file', 'pw2', '--json')).stdout,
    )
    expect(after).toEqual({
      kind: 'identity',
      recipient: before.recipient,
      recipient_x25519: before.recipient_x25519,
      fingerprint: before.fingerprint,
    })
  })
})
