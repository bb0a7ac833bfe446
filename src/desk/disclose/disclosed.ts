import type { ConsentLevel, ConsentRecipient } from '../../tip/consent.ts'
import type { Attachment } from '../../tip/attachment.ts'
import type { DetentionEvent } from '../../tip/event.ts'
import type { Person } from '../../tip/person.ts'
import type { Steps } from '../../tip/steps.ts'

/** A person as a recipient may see them; `names` is empty if only facts may leave. */
export interface DisclosedPerson {
  /** Stable and random-looking: a digest of the receipt and the index, not a serial number. */
  ref: string
  names: NonNullable<Person['names']>
  sex: Person['sex']
  /** The EDTF date for `named` and above, else null. */
  birth: string | null
  age: { min: number; max: number } | null
  minor: 'yes' | 'no' | 'possible' | 'unknown'
  elderly: 'yes' | 'no' | 'possible' | 'unknown'
  nationality: readonly string[]
  /** Only for `named` and above, else null. */
  originPlace: string | null
  ethnicity: string | null
  riskFlags: readonly string[]
  medical: string | null
  idDocs: NonNullable<Person['id_docs']>
  /** In an analyst's words, and only for recipients who may have papers. */
  occupation: string | null
  address: string | null
  /** Who issued the identity document, and when. */
  idIssued: string | null
  status: Person['status']
  guide: boolean | null
  confirmed: boolean | null
}

/**
 * What one recipient may know of a case. It is built field by field, so that a field on which
 * nobody decided is withheld. It contains no source, no contact, no words of the consent and no
 * note of an analyst.
 */
export interface Disclosed {
  ref: string
  recipient: ConsentRecipient
  level: Exclude<ConsentLevel, 'no' | 'ask_first'>
  reliability: string | null
  topic: string | null
  lang: string | null
  /** Null below `named`: a narrative names people and can reveal the source. */
  narrative: string | null
  persons: readonly DisclosedPerson[]
  peopleCount: { min: number; max: number }
  event: DetentionEvent | null
  /** In an analyst's words, and only for recipients who may have papers. */
  legal: DisclosedLegal | null
  steps: Steps | null
  /** Only for `named_photo`; else empty. */
  attachments: readonly DisclosedFile[]
}

/** Answers to questions of the UN's forms that tips do not contain. */
export interface DisclosedLegal {
  law: string | null
  whyArbitrary: string | null
  orderedBy: string | null
  warrantIssuer: string | null
  duration: string | null
  heldBy: string | null
  detentionReasons: string | null
  detentionLaw: string | null
  /** The results of steps, or why none was possible. */
  remedies: string | null
}

/** A file that may leave, under a neutral name. */
export interface DisclosedFile {
  /** `case-…-1.jpg`: the reference, and the extension of a well-known kind or none. */
  name: string
  /** Null for a Dangerzone copy, which its digest identifies. */
  bytes: number | null
  /** The digest of the file that leaves. */
  sha256: string
  media_type: string | null
  /** The source's name for the file, if an analyst confirmed it. */
  original_name: string | null
  metadata: Attachment['metadata'] | null
  as: 'original' | 'copy'
}

/**
 * Why a case is withheld: `NO_CONSENT` (the source said no), `ASK_FIRST` (the source was not
 * asked), `NO_TIP`, `SOURCE_INSIDE` (a text says how to reach the source); for the UN's working
 * groups also `NAME_NEEDED` (only facts may leave), `FAMILY_NOT_ASKED`, `FAMILY_REFUSED`,
 * `NOBODY_LISTED`.
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
  /** What to do about it, in one sentence. */
  detail: string
}
