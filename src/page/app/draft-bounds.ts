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
 * The tip's bounds, put to what is typed. Counted in UTF-16 units: never more code points than
 * that.
 */

/**
 * All texts together. JSON takes up to six bytes for a unit, so half a million and the names
 * of the fields stay under `maxTipBytes`; hand-written tips fill a hundredth of it.
 */
export const maxDraftChars = 500_000
/** What the field names of a group cost in `tip.json`, in such units. */
const groupWeight = 60

/** Also in the form: longer lists go into a file. */
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

// `file` is the browser's, `removed` is not part of the tip.
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
      // Items of lists go by their key, as on the page.
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

/** @returns what is too long, by the id of its field; null when all of it fits */
export function refusalOf(draft: Draft): Refusal | null {
  const weighing: Weighing = { chars: 0, refusal: null }
  weigh(draft, '', '', weighing)
  return (
    weighing.refusal ??
    (weighing.chars > maxDraftChars ? { field: 'draft', maxChars: maxDraftChars } : null)
  )
}
