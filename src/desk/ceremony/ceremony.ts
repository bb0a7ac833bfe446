import type { Primitives } from '../../age/primitives.ts'
import type { Day } from '../../time/day.ts'
import type { Stretching } from '../../keyring/make-keys.ts'
import { CeremonyError } from './errors.ts'
import type { CeremonyFolders } from './folders.ts'
import type { Guide } from './guide.ts'
import type { linuxPlaces } from './machine.ts'
import type { RootKey } from './root-key.ts'
import type { CeremonyState } from './state.ts'

export interface Ceremony {
  readonly folders: CeremonyFolders
  readonly guide: Guide
  readonly primitives: Primitives
  readonly day: Day
  readonly places: { readonly [Name in keyof typeof linuxPlaces]: string }
  /** Of this run alone. */
  readonly rootKey: RootKey
  readonly stretching?: Stretching
}

/** Writes down how far it has come. */
export type Save = (state: CeremonyState) => Promise<void>

/** @throws CeremonyError `STOPPED` for no. */
export async function confirm(
  { guide }: Pick<Ceremony, 'guide'>,
  question: string,
  whenNot: string,
): Promise<void> {
  for (;;) {
    const answer = (await guide.ask(`${question} (yes or no) `)).toLowerCase()
    if (answer === 'yes') return
    if (answer === 'no')
      throw new CeremonyError('STOPPED', `${whenNot}; the same command goes on from here`)
  }
}

/**
 * Asks until `read`, which only looks, takes the answer: what it throws is said, and asked again.
 */
export async function askUntil<T>(
  { guide }: Pick<Ceremony, 'guide'>,
  question: string,
  read: (answer: string) => T | Promise<T>,
): Promise<T> {
  for (;;) {
    const answer = await guide.ask(question)
    try {
      return await read(answer)
    } catch (error) {
      if (!hasCode(error)) throw error
      guide.say(`  ${error.message}`)
    }
  }
}

/** Of our own error classes, not the engine's: those are bugs. */
function hasCode(error: unknown): error is Error & { code: string } {
  return error instanceof Error && typeof (error as { code?: unknown }).code === 'string'
}
