/** Every bound of a tip and its container, in one place. Text is counted in code points. */

/** Room for the longest narrative in four-byte characters, several times over. */
export const maxTipBytes = 4 * 1024 * 1024

export const maxNarrativeChars = 200_000
/** Notes, circumstances, medical needs: a few pages. */
export const maxNoteChars = 20_000
/** Names, places, one-line answers. */
export const maxLineChars = 500

/** Persons of one tip: the largest groups reported so far had fewer than a hundred. */
export const maxPersons = 500
/** Spellings of one name, nationalities, papers, transfers, steps taken. */
export const maxRepeats = 50
/** Fields for dates and numbers that a form can hold, several times over. */
export const maxAsTyped = 1_000
export const maxPeopleCount = 100_000
export const maxAttachments = 1_000

/** UTF-8 bytes of an attachment's name: leaves room under the 255 of ext4, APFS and NTFS. */
export const maxNameBytes = 200

/** Smaller archives are padded to this size, so all text-only tips have the same length. */
export const minPaddedBytes = 64 * 1024

/** These bounds, not the archive, limit what a reader holds in memory. */
export interface TarBounds {
  /** Headers of every kind: files, directories and extended headers. */
  maxEntries: number
  /** One extended header (pax `x` or `g`, GNU `L`), in bytes. */
  maxPaxBytes: number
  maxPathBytes: number
  maxComponentBytes: number
  /** Components of one path. */
  maxDepth: number
}

export const defaultTarBounds: TarBounds = {
  maxEntries: 10_000,
  maxPaxBytes: 64 * 1024,
  maxPathBytes: 1_024,
  maxComponentBytes: 255,
  maxDepth: 8,
}
