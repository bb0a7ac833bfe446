import type { Echo } from './echoes.ts'
import type { TipText } from './tip-texts.ts'

/** A file of the tip that is withheld, with the name that the analyst knows. */
export interface HeldFile {
  name: string
  why: 'LEVEL' | 'KEPT' | 'CANNOT_BE_CLEANED' | 'NOT_LOOKED_AT'
}

/** Shown to the analyst before anything is written. None of it is for the recipient. */
export interface Account {
  /**
   * Paths of texts that consent allows but that are withheld, because no analyst confirmed or
   * rewrote them.
   */
  held: readonly string[]
  /** Confirmed words of the source that will leave. */
  quoted: readonly TipText[]
  /**
   * Wordings of analysts that repeat unconfirmed words of the source, and will leave nevertheless.
   */
  echoes: readonly Echo[]
  heldFiles: readonly HeldFile[]
  /** Files that will leave because an analyst released them. */
  releasedFiles: readonly { name: string; as: 'original' | 'copy'; reason: string }[]
}

export const emptyAccount: Account = {
  held: [],
  quoted: [],
  echoes: [],
  heldFiles: [],
  releasedFiles: [],
}
