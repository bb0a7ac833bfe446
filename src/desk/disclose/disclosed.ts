import type { ConsentLevel, ConsentRecipient } from '../../tip/consent.ts'
import type { Attachment } from '../../tip/attachment.ts'
import type { DetentionEvent } from '../../tip/event.ts'
import type { Person } from '../../tip/person.ts'
import type { Steps } from '../../tip/steps.ts'

/** A person as a recipient may see them; without `names` if only facts may go. */
export interface DisclosedPerson {
  /** Stable and random-looking: a digest of the receipt and the index, never a running number. */
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
  /** In an analyst's words, for those who may have papers. */
  occupation: string | null
  address: string | null
  status: Person['status']
  guide: boolean | null
  confirmed: boolean | null
}

/**
 * What one recipient may be told of a case. It is built field by field, so that a field nobody
 * decided on stays inside. It has no source, no contact, no words of the consent and no note of an
 * analyst.
 */
export interface Disclosed {
  ref: string
  recipient: ConsentRecipient
  level: Exclude<ConsentLevel, 'no' | 'ask_first'>
  reliability: string | null
  topic: string | null
  lang: string | null
  /** Null below `named`: an account names people and can give the source away. */
  narrative: string | null
  persons: readonly DisclosedPerson[]
  peopleCount: { min: number; max: number }
  event: DetentionEvent | null
  /** In an analyst's words, for those who may have papers. */
  legal: DisclosedLegal | null
  steps: Steps | null
  /** `named_photo` only. */
  attachments: readonly DisclosedFile[]
}

/** Answers to questions of the UN's forms that no tip tells. */
export interface DisclosedLegal {
  law: string | null
  whyArbitrary: string | null
  orderedBy: string | null
  warrantIssuer: string | null
  duration: string | null
}

/** A file that goes, under a name that says nothing. */
export interface DisclosedFile {
  /** `case-…-1.jpg`: from the reference, with the ending of a well-known kind or none. */
  name: string
  /** Null for a Dangerzone copy: its digest says which file it is. */
  bytes: number | null
  /** Of the file that goes. */
  sha256: string
  media_type: string | null
  /** What the source called it, if an analyst confirmed that. */
  original_name: string | null
  metadata: Attachment['metadata'] | null
  as: 'original' | 'copy'
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
