import type { Disclosed, DisclosedPerson } from '../disclose/disclosed.ts'
import type { Field, Line } from './document.ts'
import { ownLines, said, saidLines } from './document.ts'
import { countryIn, dateIn, placeIn } from './in-words.ts'
import type { ReportWords } from './words/words.ts'

type Rows = Readonly<Record<keyof ReportWords['event'], Field>>

/** Every row that a form may have about an arrest and what followed. */
export function eventFields(
  words: ReportWords,
  { event, steps, narrative, legal }: Disclosed,
  person: DisclosedPerson,
): Rows {
  const { event: labels, codes } = words
  const row = (label: string, lines: readonly Line[]): Field => ({ label, lines })
  const risk = event?.return_risk
  const authority = (event?.authority ?? [])
    .filter((code) => code !== 'unknown')
    .map((code) => codes.authority[code])
  return {
    when: row(labels.when, [
      ...ownLines(dateIn(words, event?.detained_when)),
      ...saidLines(event?.when_text),
    ]),
    where: row(labels.where, saidLines(placeIn(words, event?.where_taken))),
    heldWhere: row(labels.heldWhere, saidLines(placeIn(words, event?.held_where))),
    transfers: row(
      labels.transfers,
      (event?.transfers ?? []).map(({ when, from, to }) =>
        transferLine(words, when, placeIn(words, from), placeIn(words, to)),
      ),
    ),
    forces: row(labels.forces, [...ownLines(...authority), ...saidLines(event?.authority_text)]),
    acknowledged: row(
      labels.acknowledged,
      ownLines(event?.acknowledged ? codes.acknowledged[event.acknowledged] : null),
    ),
    warrant: row(labels.warrant, ownLines(event?.warrant ? codes.yesNo[event.warrant] : null)),
    warrantIssuer: row(labels.warrantIssuer, saidLines(legal?.warrantIssuer)),
    reasons: row(labels.reasons, saidLines(event?.reasons_given)),
    law: row(labels.law, saidLines(legal?.law)),
    how: row(labels.how, ownLines(event?.how_taken ? codes.wayTaken[event.how_taken] : null)),
    status: row(labels.status, ownLines(person.status ? codes.status[person.status] : null)),
    duration: row(labels.duration, saidLines(legal?.duration)),
    orderedBy: row(labels.orderedBy, saidLines(legal?.orderedBy)),
    heldBy: row(labels.heldBy, saidLines(legal?.heldBy)),
    detentionReasons: row(labels.detentionReasons, saidLines(legal?.detentionReasons)),
    detentionLaw: row(labels.detentionLaw, saidLines(legal?.detentionLaw)),
    remedies: row(labels.remedies, saidLines(legal?.remedies)),
    told: row(labels.told, saidLines(narrative)),
    returnRisk: row(
      labels.returnRisk,
      ownLines(
        risk
          ? words.returnRisk(
              risk.to_country ? countryIn(words, risk.to_country) : null,
              dateIn(words, risk.expected),
            )
          : null,
      ),
    ),
    steps: row(labels.steps, stepLines(words, steps)),
    public: row(
      labels.public,
      ownLines(steps?.already_public ? codes.yesNo[steps.already_public] : null),
    ),
  }
}

/** The steps that were taken, with their dates. */
function stepLines(words: ReportWords, steps: Disclosed['steps']): Line[] {
  return (steps?.actions ?? []).map(({ action, when }) => {
    const date = dateIn(words, when)
    return [date === null ? words.codes.step[action] : `${words.codes.step[action]} (${date})`]
  })
}

function transferLine(
  words: ReportWords,
  when: string | null | undefined,
  from: string | null,
  to: string | null,
): Line {
  const date = dateIn(words, when)
  // Splits our sentence around the two names, so that each name is a separate piece.
  const [before = '', between = '', after = ''] = words.transfer('\u0000', '\u0000').split('\u0000')
  return [
    ...(date === null ? [] : [`${date}: `]),
    before,
    said(from ?? '…'),
    between,
    said(to ?? '…'),
    after,
  ]
}
