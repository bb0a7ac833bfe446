import { CarryError, EarlySignerError } from '../src/carry/errors.ts'
import { verifyAcknowledgement } from '../src/carry/acknowledgement.ts'
import { KeyringError } from '../src/keyring/errors.ts'
import type { Keyring } from '../src/keyring/keyring.ts'
import { loadSignedKeyring } from '../src/keyring/load.ts'
import { type Clock } from '../src/time/clock.ts'
import { dayOfInstant } from '../src/time/day.ts'
import { CollectError } from './collect-error.ts'
import type { CollectOptions } from './collect.ts'

/**
 * Verifies an acknowledgement with the keyring that is on the disk at that moment. An expired
 * keyring still names its signers, each with its own days, so acknowledged envelopes are collected
 * even while no new tips are accepted.
 */
export function createAcknowledgementVerifier(options: {
  keysDir: string
  clock: Clock
}): CollectOptions['verify'] {
  return async (bytes, signature) => {
    const keyring = await loadKeyringOrWait(options.keysDir)
    try {
      return verifyAcknowledgement({
        bytes,
        signature,
        keyring,
        day: dayOfInstant(options.clock.now()),
      })
    } catch (cause) {
      if (!(cause instanceof CarryError)) throw cause
      const code = cause instanceof EarlySignerError ? 'NOT_YET' : 'REFUSED'
      throw new CollectError(code, cause.message, cause)
    }
  }
}

/**
 * The keyring that is on the disk at this moment. @throws CollectError `KEYRING_UNAVAILABLE`.
 */
export async function loadKeyringOrWait(keysDir: string): Promise<Keyring> {
  return (await loadSignedKeyring(keysDir).catch(waitForKeyring)).keyring
}

function waitForKeyring(cause: unknown): never {
  if (!(cause instanceof KeyringError)) throw cause
  throw new CollectError(
    'KEYRING_UNAVAILABLE',
    `acknowledgements and answers wait for a good keyring: ${cause.message}`,
    cause,
  )
}
