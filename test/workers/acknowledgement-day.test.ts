import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formatAcknowledgement, signAcknowledgement } from '../../src/carry/acknowledgement.ts'
import { retire } from '../../src/keyring/edit.ts'
import { formatKeyring } from '../../src/keyring/keyring.ts'
import { keyringFileName, signatureFileName, rootFileName } from '../../src/keyring/load.ts'
import { formatPublicKeyFile, generateSigningKey } from '../../src/keyring/minisign.ts'
import { signKeyring } from '../../src/keyring/sign.ts'
import { addDays } from '../../src/time/day.ts'
import { createAcknowledgementVerifier } from '../../workers/acknowledgements.ts'
import { day, holdCeremony } from '../support/ceremony.ts'
import { makeTempDir } from '../support/temp-dir.ts'

const ceremony = holdCeremony()
const root = generateSigningKey()
const retiredOn = addDays(day, 10)

/**
 * Verifies an acknowledgement with a keyring that was issued while the desk's key was valid and
 * that states when that key expires.
 */
async function verifyOn(today: string): Promise<string> {
  const keysDir = await makeTempDir()
  const keyring = formatKeyring(retire(ceremony.keyring, 'desk', retiredOn))
  writeFileSync(join(keysDir, keyringFileName), keyring)
  writeFileSync(join(keysDir, signatureFileName), signKeyring(keyring, root))
  writeFileSync(join(keysDir, rootFileName), formatPublicKeyFile(root.publicKey))
  const clock = { now: () => new Date(`${today}T12:00:00Z`) }
  const acknowledgement = { day: today, receipts: ['a'.repeat(64)] }
  const bytes = formatAcknowledgement(acknowledgement)
  const signature = signAcknowledgement(bytes, ceremony.desk, acknowledgement)
  return await createAcknowledgementVerifier({ keysDir, clock })(
    bytes,
    new TextEncoder().encode(signature),
  ).then(
    () => 'taken',
    (error: { code: string }) => error.code,
  )
}

describe('an acknowledgement of a desk whose key is retired later than the keyring was issued', () => {
  it.each([
    ['on the day before the key begins', addDays(day, -1), 'NOT_YET'],
    ['on the day of issue', day, 'taken'],
    ['on the last day in force', addDays(retiredOn, -1), 'taken'],
    ['on the day it is retired', retiredOn, 'REFUSED'],
    ['long after', addDays(retiredOn, 30), 'REFUSED'],
  ])('%s (%s) is %s', async (_when, today, outcome) => {
    expect(await verifyOn(today)).toBe(outcome)
  })
})
