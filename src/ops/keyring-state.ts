import { KeyringError, type KeyringErrorCode } from '../keyring/errors.ts'
import { loadKeyring } from '../keyring/load.ts'
import { type Clock } from '../time/clock.ts'
import { dayOfInstant } from '../time/day.ts'
import type { ProblemCode } from './problems.ts'

export type KeyringState =
  | 'nominal'
  | 'expires_soon'
  | 'should_have_rotated'
  | 'expired'
  | 'not_yet'
  | 'invalid'

export const keyringStates: readonly KeyringState[] = [
  'nominal',
  'expires_soon',
  'should_have_rotated',
  'expired',
  'not_yet',
  'invalid',
]

export interface KeyringNow {
  state: KeyringState
  /** 0 on the last valid day; null without a valid keyring. */
  daysLeft: number | null
  /** Whether this is a demo keyring, whose identity is stored on this server. */
  isDemo: boolean
}

/** A ceremony needs people in one room, and arranging it takes about a month. */
const soonDays = 30
const overdueDays = 14

const dayMs = 24 * 60 * 60 * 1000

/** Checks the keyring as it is now. Never rejects. */
export async function checkKeyring({
  keysDir,
  clock,
}: {
  keysDir: string
  clock: Clock
}): Promise<KeyringNow> {
  const day = dayOfInstant(clock.now())
  try {
    const { keyring } = await loadKeyring({ dir: keysDir, day })
    const daysLeft = Math.round((Date.parse(keyring.expires) - Date.parse(day)) / dayMs)
    return { state: stateOf(daysLeft), daysLeft, isDemo: keyring.demo }
  } catch (error) {
    const code = error instanceof KeyringError ? error.code : null
    return {
      state: (code !== null && stateOfError[code]) || 'invalid',
      daysLeft: null,
      isDemo: false,
    }
  }
}

const stateOfError: Partial<Record<KeyringErrorCode, KeyringState>> = {
  EXPIRED: 'expired',
  NOT_YET: 'not_yet',
}

function stateOf(daysLeft: number): KeyringState {
  if (daysLeft < overdueDays) return 'should_have_rotated'
  return daysLeft < soonDays ? 'expires_soon' : 'nominal'
}

export const keyringProblems: Readonly<Record<KeyringState, ProblemCode | null>> = {
  nominal: null,
  expires_soon: 'KEYRING_EXPIRES_SOON',
  should_have_rotated: 'KEYRING_SHOULD_HAVE_ROTATED',
  expired: 'KEYRING_EXPIRED',
  not_yet: 'KEYRING_NOT_YET',
  invalid: 'KEYRING_INVALID',
}
