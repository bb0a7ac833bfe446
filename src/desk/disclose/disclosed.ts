import type { ConsentLevel, ConsentRecipient } from '../../tip/consent.ts'
import type { Attachment } from '../../tip/attachment.ts'
import type { DetentionEvent } from '../../tip/event.ts'
import type { Person } from '../../tip/person.ts'
import type { Steps } from '../../tip/steps.ts'
import type { Tier } from '../files/case-file.ts'

/** A person as a recipient may see them. Without `names` when only facts may go. */
export interface DisclosedPerson {
  /** Random-looking and stable: digest of the receipt and the index, never a number that counts. */
  ref: string
  names: NonNullable<Person['names']>
  sex: Person['sex']
  /** `named` and above: the EDTF date; else null. */
  birth: string | null
  age: { min: number; max: number } | null
  minor: 'yes' | 'no' | 'possible' | 'unknown'
  elderly: 'yes' | 'no' | 'possible' | 'unknown'
  nationality: readonly string[]
  /** `named` and above. */
  originPlace: string | null
  ethnicity: string | null
  riskFlags: readonly string[]
  medical: string | null
  idDocs: NonNullable<Person['id_docs']>
  status: Person['status']
  guide: boolean | null
  confirmed: boolean | null
}

/**
 * What one recipient may be told of a case: made field by field, so that what nobody thought
 * of stays inside. There is no source, no contact, no consent text and no note of an analyst in it.
 */
export interface Disclosed {
  ref: string
  recipient: ConsentRecipient
  level: Exclude<ConsentLevel, 'no' | 'ask_first'>
  tier: Tier
  reliability: string | null
  topic: string | null
  lang: string | null
  /** Null below `named`: free text names people and gives the source away. */
  narrative: string | null
  persons: readonly DisclosedPerson[]
  peopleCount: { min: number; max: number }
  event: DetentionEvent | null
  steps: Steps | null
  /** `named_photo` only. */
  attachments: readonly Attachment[]
}

/**
 * Why nothing may go: `NO_CONSENT` (asked, and no), `ASK_FIRST` (not asked yet), `NO_TIP`,
 * `SOURCE_INSIDE` (a text says how to reach the source); for the UN's working groups also
 * `NAME_NEEDED` (only facts may go), `FAMILY_NOT_ASKED`, `FAMILY_REFUSED`, `NOBODY_LISTED`.
 */
export interface Withheld {
  receipt: string
  id: string
  recipient: ConsentRecipient
  code:
    | 'NO_CONSENT'
    | 'ASK_FIRST'
    | 'NO_TIP'
    | 'SOURCE_INSIDE'
    | 'NAME_NEEDED'
    | 'FAMILY_NOT_ASKED'
    | 'FAMILY_REFUSED'
    | 'NOBODY_LISTED'
  /** What to do about it, one sentence. */
  detail: string
}
