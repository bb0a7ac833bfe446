import { consentLevels, consentRecipients } from '../../tip/codes.ts'
import type { Consent, ConsentLevel, ConsentRecipient } from '../../tip/consent.ts'
import { consentFor } from '../../tip/consent.ts'
import type { Change } from '../files/case-file.ts'
import type { CaseView, ConsentProposal } from '../files/case-view.ts'
import type { Thread } from './threads.ts'

type Recorded = Extract<Change, { kind: 'consent' }>

export interface ThreadConsent {
  /** The levels in force, the same for every tip of the thread. */
  consent: readonly Consent[]
  proposals: readonly ConsentProposal[]
}

/**
 * Consent of a source who wrote more than once. A follow-up comes from whoever holds the words, so
 * an answer that narrows counts at once, and one that widens is only a proposal. What an analyst
 * recorded last counts against everything that came before it.
 */
export function consentOfThread(
  thread: Thread,
  isFollowUp: (view: CaseView) => boolean,
): ThreadConsent {
  const decided = consentRecipients.map((recipient) => decide(thread, isFollowUp, recipient))
  return {
    consent: decided.map(({ recipient, level }) => ({ recipient, level })),
    proposals: decided.flatMap(({ proposal }) => proposal ?? []),
  }
}

function decide(
  { views, withOldWords }: Thread,
  isFollowUp: (view: CaseView) => boolean,
  recipient: ConsentRecipient,
): { recipient: ConsentRecipient; level: ConsentLevel; proposal: ConsentProposal | null } {
  const recorded = lastRecorded(views, recipient)
  // The time has whole seconds, so a tip of the same second counts as later: it can only narrow.
  const later = views.filter(({ opened }) => recorded === null || opened.opened_at >= recorded.at)
  const said = later.flatMap((view) => {
    const level = ownLevel(view, recipient) ?? (isFollowUp(view) ? null : 'ask_first')
    return level === null ? [] : [{ view, level }]
  })
  const levels = [
    // Silence of a tip that came before says nothing against what was recorded after it.
    ...(recorded === null
      ? said
      : said.filter(({ view }) => ownLevel(view, recipient) !== null)
    ).map(({ level }) => level),
    ...(recorded === null ? [] : [recorded.level]),
  ]
  const level = levels.length === 0 ? 'ask_first' : narrowestOf(levels)
  const answers = said.filter(
    ({ view }) => ownLevel(view, recipient) !== null && !withOldWords.has(view.receipt),
  )
  const last = lastOpening(answers)
  const offered = last.length === 0 ? level : narrowestOf(last.map((each) => each.level))
  const from = last.find((each) => each.level === offered)
  const isWider = rank(offered) > rank(level) && from !== undefined
  return {
    recipient,
    level,
    proposal: isWider
      ? { recipient, level: offered, now: level, receipt: from.view.receipt }
      : null,
  }
}

/** What a tip itself says about a recipient; null for silence. */
function ownLevel({ original }: CaseView, recipient: ConsentRecipient): ConsentLevel | null {
  if (original === null) return null
  const isSaid =
    original.consent_meta?.withdrawn === 'yes' ||
    (original.consent ?? []).some((each) => each.recipient === recipient)
  return isSaid ? consentFor(original, recipient) : null
}

function lastRecorded(views: readonly CaseView[], recipient: ConsentRecipient): Recorded | null {
  const all = views.flatMap(({ state }) => state.consent.filter((c) => c.recipient === recipient))
  // Of two in the same second the narrower counts.
  const ordered = all.toSorted((a, b) =>
    a.at === b.at ? rank(b.level) - rank(a.level) : a.at < b.at ? -1 : 1,
  )
  return ordered.at(-1) ?? null
}

/** The order of tips that were opened together is not known, so they count together. */
function lastOpening<Item extends { view: CaseView }>(items: readonly Item[]): Item[] {
  const last = items.at(-1)?.view.opened.opened_at
  return items.filter(({ view }) => view.opened.opened_at === last)
}

const rank = (level: ConsentLevel): number => consentLevels.indexOf(level)

function narrowestOf(levels: readonly ConsentLevel[]): ConsentLevel {
  return levels.reduce((one, other) => (rank(one) <= rank(other) ? one : other))
}
