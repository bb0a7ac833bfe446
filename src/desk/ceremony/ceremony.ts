import type { Primitives } from '../../age/primitives.ts'
import type { Day } from '../../time/day.ts'
import type { Stretching } from '../../keyring/make-keys.ts'
import { CeremonyError } from './errors.ts'
import type { CeremonyFolders } from './folders.ts'
import type { Guide } from './guide.ts'
import type { linuxPlaces } from './machine.ts'
import type { HeldKey } from './held-key.ts'
import type { CeremonyState } from './state.ts'

export interface Ceremony {
  readonly folders: CeremonyFolders
  readonly guide: Guide
  readonly primitives: Primitives
  readonly day: Day
  readonly places: { readonly [Name in keyof typeof linuxPlaces]: string }
  /** Holds the root's secret key during this run only. */
  readonly rootKey: HeldKey
  /** Holds the desk's secret key during this run only. */
  readonly deskKey: HeldKey
  readonly stretching?: Stretching
}

/** Saves the progress of the ceremony. */
export type Save = (state: CeremonyState) => Promise<void>

/**
 * Asks a question until the answer is yes or no.
 * @throws CeremonyError `STOPPED` when the answer is no.
 */
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
 * Repeats a question until `read` accepts the answer, printing each error. `read` must have no side
 * effects.
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

/**
 * Whether an error belongs to our own classes. An error of the JavaScript engine is a bug, which
 * must not be hidden.
 */
function hasCode(error: unknown): error is Error & { code: string } {
  return error instanceof Error && typeof (error as { code?: unknown }).code === 'string'
}
