import * as Type from 'typebox'

import { isDay } from '../../time/day.ts'
import type { Day } from '../../time/day.ts'
import { KeyringError } from '../../keyring/errors.ts'
import { readBounded, replaceFile } from '../../disk/small-files.ts'
import { formatJsonDocument, parseJsonDocument } from '../../keyring/json-document.ts'
import { maxActiveRecipients } from '../../keyring/keyring.ts'
import { nameProblem } from '../../keyring/names.ts'
import { CeremonyError } from './errors.ts'

/** The steps, in the order in which they are held. */
export const stepIds = [
  'machine',
  'people',
  'root',
  'shares',
  'analysts',
  'desk',
  'server',
  'begin',
  'compare',
  'sign',
  'publish',
  'sticks',
] as const
export type StepId = (typeof stepIds)[number]

export const stepTitles: Readonly<Record<StepId, string>> = {
  machine: 'the machine',
  people: 'who is here',
  root: 'the root key',
  shares: 'the root on papers',
  analysts: 'the analysts',
  desk: "the desk's key",
  server: "the server's card",
  begin: 'the keyring',
  compare: 'compare aloud',
  sign: 'sign',
  publish: 'what is published',
  sticks: 'the sticks',
}

export const maxStateBytes = 256 * 1024
const strict = { additionalProperties: false }
const Text = Type.String({ minLength: 1, maxLength: 200 })
const DayText = Type.String({ minLength: 10, maxLength: 10 })
/**
 * `key` is `made` for a key made in this ceremony, `brought` for the card of a key made elsewhere.
 */
const Person = Type.Object({ name: Text, role: Text, key: Type.Enum(['made', 'brought']) }, strict)

const StateSchema = Type.Object(
  {
    schema: Type.Literal('tumen-ceremony/1'),
    begun: DayText,
    /** Names of the people who are present. */
    present: Type.Array(Text, { maxItems: 20 }),
    /** Null when the root key was not split, or the question was not asked yet. */
    shares: Type.Union([
      Type.Object(
        {
          count: Type.Integer({ minimum: 2, maximum: 255 }),
          threshold: Type.Integer({ minimum: 2, maximum: 255 }),
        },
        strict,
      ),
      Type.Null(),
    ]),
    analysts: Type.Array(Person, { maxItems: maxActiveRecipients }),
    /** Names of the two signers; null for a signer that does not exist yet. */
    desk: Type.Union([Text, Type.Null()]),
    server: Type.Union([Text, Type.Null()]),
    /** Whose fingerprint was compared aloud, and its value. */
    compared: Type.Array(
      Type.Object(
        { name: Text, fingerprint: Type.String({ maxLength: 47 }), day: DayText },
        strict,
      ),
      { maxItems: 64 },
    ),
    done: Type.Array(Type.Object({ step: Type.Enum([...stepIds]), day: DayText }, strict), {
      maxItems: stepIds.length,
    }),
  },
  strict,
)

/** The progress of a ceremony. It holds no secret: only names, days and fingerprints. */
export type CeremonyState = Type.Static<typeof StateSchema>

export function beginState(day: Day): CeremonyState {
  return {
    schema: 'tumen-ceremony/1',
    begun: day,
    present: [],
    shares: null,
    analysts: [],
    desk: null,
    server: null,
    compared: [],
    done: [],
  }
}

/**
 * Null when there is no state file yet.
 * @throws CeremonyError `STATE_INVALID`.
 */
export async function readState(path: string): Promise<CeremonyState | null> {
  const bytes = await readBounded(path, maxStateBytes)
  if (bytes === null) return null
  const state = parseState(path, bytes)
  const names = [
    ...state.present,
    ...state.analysts.flatMap(({ name, role }) => [name, role]),
    ...state.compared.map(({ name }) => name),
  ]
  const days = [
    state.begun,
    ...state.compared.map(({ day }) => day),
    ...state.done.map(({ day }) => day),
  ]
  const isSound =
    [...names, state.desk ?? 'x', state.server ?? 'x'].every(
      (name) => nameProblem(name) === null,
    ) && days.every(isDay)
  if (!isSound) throw invalid(path)
  return state
}

export async function writeState(path: string, state: CeremonyState): Promise<void> {
  await replaceFile(path, formatJsonDocument(state))
}

export function isDone(state: CeremonyState, step: StepId): boolean {
  return state.done.some((entry) => entry.step === step)
}

function parseState(path: string, bytes: Uint8Array): CeremonyState {
  try {
    return parseJsonDocument(StateSchema, bytes, { what: 'ceremony.json', maxBytes: maxStateBytes })
  } catch (error) {
    throw error instanceof KeyringError ? invalid(path, error) : error
  }
}

function invalid(path: string, cause?: unknown): CeremonyError {
  return new CeremonyError(
    'STATE_INVALID',
    `${path} is not the state of a ceremony: move it away to begin anew in an empty folder`,
    cause,
  )
}
