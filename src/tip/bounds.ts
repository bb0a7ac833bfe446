/** Every limit of a tip and its container, in one place. Text is counted in code points. */

/** Several times the size of the longest narrative in four-byte characters. */
export const maxTipBytes = 4 * 1024 * 1024

export const maxNarrativeChars = 200_000
/** For notes, circumstances and medical needs: a few pages. */
export const maxNoteChars = 20_000
/** For names, places and one-line answers. */
export const maxLineChars = 500

/** Persons in one tip: the largest groups reported so far had fewer than a hundred. */
export const maxPersons = 500
/** Items in a list of spellings of a name, nationalities, papers, transfers or steps taken. */
export const maxRepeats = 50
/** Several times the number of fields for dates and numbers that a form can contain. */
export const maxAsTyped = 1_000
export const maxPeopleCount = 100_000
export const maxAttachments = 1_000

/** UTF-8 bytes of an attachment's name, well below the limit of 255 of ext4, APFS and NTFS. */
export const maxNameBytes = 200

/** Smaller archives are padded to this size, so all text-only tips have the same length. */
export const minPaddedBytes = 64 * 1024

/** These limits, not the archive, determine how much a reader holds in memory. */
export interface TarBounds {
  /** Number of headers of every kind: files, directories and extended headers. */
  maxEntries: number
  /** One extended header (pax `x` or `g`, GNU `L`), in bytes. */
  maxPaxBytes: number
  maxPathBytes: number
  maxComponentBytes: number
  /** Number of components in one path. */
  maxDepth: number
}

export const defaultTarBounds: TarBounds = {
  maxEntries: 10_000,
  maxPaxBytes: 64 * 1024,
  maxPathBytes: 1_024,
  maxComponentBytes: 255,
  maxDepth: 8,
}
