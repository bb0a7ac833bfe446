import type { consentLevels, consentRecipients } from './codes.ts'
import type { Consent, ConsentLevel, ConsentRecipient } from './consent.ts'

/**
 * The four answers to "Who may we tell, without asking you again?", from the widest to the
 * narrowest. They are the source's permission, not the consent of the person who is held.
 */
export const consentChoices = ['with_names', 'without_names', 'ask_me', 'nobody'] as const
export type ConsentChoice = (typeof consentChoices)[number]

/** Version of the wording of these choices. A change of meaning needs a new number. */
export const consentTextVersion = '2'

// Both lists are repeated here, because the page needs this file before its first paint, and all
// other codes only later.
const recipients: typeof consentRecipients = ['un', 'unhcr', 'icrc', 'embassy', 'ngo', 'media']
const narrowestFirst: typeof consentLevels = [
  'no',
  'ask_first',
  'facts_only',
  'named',
  'named_photo',
]

export type ConsentLevels = Readonly<Record<ConsentRecipient, ConsentLevel>>

const everybody = (level: ConsentLevel): ConsentLevels => ({
  un: level,
  unhcr: level,
  icrc: level,
  embassy: level,
  ngo: level,
  media: level,
})

const table: Readonly<Record<ConsentChoice, ConsentLevels>> = {
  with_names: { ...everybody('ask_first'), unhcr: 'named', icrc: 'named', ngo: 'named' },
  // The UN takes up no case without a name.
  without_names: { ...everybody('facts_only'), un: 'ask_first' },
  ask_me: everybody('ask_first'),
  nobody: everybody('no'),
}

/**
 * The level for each recipient. Without a choice the source is asked first: silence is never
 * consent.
 * @param isUnToo whether the line about the UN is ticked. It counts only together with names,
 * because the UN gives the name to the government that holds the person.
 */
export function levelsOf(choice: ConsentChoice | null, isUnToo: boolean): ConsentLevels {
  const levels = table[choice ?? 'ask_me']
  return choice === 'with_names' && isUnToo ? { ...levels, un: 'named' } : levels
}

export function consentOf(levels: ConsentLevels): Consent[] {
  return recipients.map((recipient) => ({ recipient, level: levels[recipient] }))
}

/** What `consent_meta.text_version` records: which words the source read, in which language. */
export function consentTextOf(language: string): string {
  return `${consentTextVersion} ${language}`
}

/**
 * The answers for single recipients that are narrower than what was chosen for all of them: those
 * that stay when the choice for all is changed, so that "nobody" always means nobody.
 */
export function narrowerThan(
  levels: ConsentLevels,
  own: Readonly<Partial<ConsentLevels>>,
): Partial<ConsentLevels> {
  const narrower = recipients.flatMap((recipient) => {
    const level = own[recipient]
    const isNarrower =
      level !== undefined &&
      narrowestFirst.indexOf(level) < narrowestFirst.indexOf(levels[recipient])
    return isNarrower ? [[recipient, level] as const] : []
  })
  return Object.fromEntries(narrower)
}
