import type { Echo } from './echoes.ts'
import type { TipText } from './tip-texts.ts'

/** A file of the tip that stays, under the name the analyst knows it by. */
export interface HeldFile {
  name: string
  why: 'LEVEL' | 'KEPT' | 'CANNOT_BE_CLEANED' | 'NOT_LOOKED_AT'
}

/** What an analyst is shown before anything is written. None of it is for the recipient. */
export interface Account {
  /** Paths of texts that consent lets go and that stay, as no analyst confirmed or rewrote them. */
  held: readonly string[]
  /** The source's confirmed words that go. */
  quoted: readonly TipText[]
  /** Wording of analysts that repeats unconfirmed words of the source; it goes. */
  echoes: readonly Echo[]
  heldFiles: readonly HeldFile[]
  /** Files that go because an analyst released them. */
  releasedFiles: readonly { name: string; as: 'original' | 'copy'; reason: string }[]
}

export const emptyAccount: Account = {
  held: [],
  quoted: [],
  echoes: [],
  heldFiles: [],
  releasedFiles: [],
}
