import type { Health } from '../health.ts'
import type { Figures } from '../figures.ts'

export type NoteState = 'all well' | 'look soon' | 'look now'

export interface Note {
  state: NoteState
  /** Whether the vault may contain a tip that no desk has acknowledged. */
  mayWait: boolean
  /** The boundary of the wall clock that the note belongs to. */
  at: Date
}

/** Constant, like everything about a note that an observer of the network can see. */
export const noteTitle = 'Tumen'

/**
 * The length of every note in bytes; notes are ASCII. The longest text still leaves a few to pad.
 */
export const noteBytes = 240
const lineBytes = 70

const codes = { 'all well': 0, 'look soon': 1, 'look now': 2 } as const
export const codeOf = ({ state }: Note): 0 | 1 | 2 => codes[state]

const sentences: Record<NoteState, string> = {
  'all well': 'ALL WELL. Tips are taken in and stored.',
  'look soon': 'LOOK SOON. Tips are stored; the dashboard says what wants a look.',
  'look now': 'LOOK NOW. A tip sent now may not arrive: see the dashboard.',
}

/** These texts never say how many tips wait, nor since when. */
const waiting = {
  yes: 'Tips may be waiting. Export now: one may be urgent.',
  no: 'No tip waits for export as of the last step.',
}

/** Every line has the same length, so that mail programs wrap all notes alike. */
export function noteText(note: Note): string {
  const lines = [sentences[note.state], note.mayWait ? waiting.yes : waiting.no].map((line) =>
    line.padEnd(lineBytes, '.'),
  )
  return `${lines.join('\n')}\n`.padEnd(noteBytes - 1, ' .').concat('\n')
}

/**
 * Makes a note from the published figures only. If the figure of the vault is unknown, the note
 * says that tips may be waiting.
 */
export function makeNote(health: Health | null, figures: Figures | null, at: Date): Note {
  const vault = figures?.vault ?? null
  return { state: stateOf(health), mayWait: vault === null || vault.envelopes > 0, at }
}

function stateOf(health: Health | null): NoteState {
  if (health === null || !health.isReady) return 'look now'
  return health.problems.length > 0 ? 'look soon' : 'all well'
}
