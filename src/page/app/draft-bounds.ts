import {
  maxAttachments,
  maxLineChars,
  maxNarrativeChars,
  maxNoteChars,
  maxPersons,
  maxRepeats,
} from '../../tip/bounds.ts'
import type { Draft, Refusal } from './draft.ts'

/**
 * The size limits of a tip, applied to what is typed. They are counted in UTF-16 units, of which a
 * text has at least as many as code points.
 */

/**
 * The limit for all texts together. JSON takes up to six bytes for a unit, so half a million units
 * and the field names stay under `maxTipBytes`. Tips typed by hand fill a hundredth of it.
 */
export const maxDraftChars = 500_000
/** How much the field names of a group add to `tip.json`, in UTF-16 units. */
const groupWeight = 60

/** The most entries each list of the form may have. Longer lists belong in an attached file. */
export const maxListItems = {
  persons: Math.min(maxPersons, 200),
  transfers: maxRepeats,
  steps: maxRepeats,
  files: maxAttachments,
} as const

const notes = ['medical', 'result', 'returnBasis', 'reasons', 'contactText', 'wish']

const maxCharsOf = (field: string): number =>
  field === 'narrative' ? maxNarrativeChars : notes.includes(field) ? maxNoteChars : maxLineChars

interface Weighing {
  chars: number
  refusal: Refusal | null
}

// `file` is the browser's handle, and `removed` is not part of the tip.
const isSkipped = (field: string): boolean =>
  field === 'file' || field === 'removed' || field === 'refusal'

function weigh(value: unknown, id: string, field: string, weighing: Weighing): void {
  if (typeof value === 'string') {
    weighing.chars += value.length
    if (value.length > maxCharsOf(field))
      weighing.refusal ??= { field: id, maxChars: maxCharsOf(field) }
  } else if (typeof value === 'object' && value !== null) {
    weighing.chars += groupWeight
    for (const [name, part] of Object.entries(value)) {
      // List items are identified by their key, as in the ids of the page.
      const step = Array.isArray(value) ? String((part as { key?: number }).key ?? name) : name
      if (!isSkipped(name))
        weigh(
          part,
          id === '' ? step : `${id}-${step}`,
          Array.isArray(value) ? field : name,
          weighing,
        )
    }
  }
}

/** @returns the id of the field whose text is too long; null when everything fits */
export function refusalOf(draft: Draft): Refusal | null {
  const weighing: Weighing = { chars: 0, refusal: null }
  weigh(draft, '', '', weighing)
  return (
    weighing.refusal ??
    (weighing.chars > maxDraftChars ? { field: 'draft', maxChars: maxDraftChars } : null)
  )
}
