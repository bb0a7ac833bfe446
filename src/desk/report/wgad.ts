import type { Block, ReportDocument } from './document.ts'
import { fields, heading, note, paragraph, saidLines } from './document.ts'
import { eventFields } from './event-fields.ts'
import { dayIn } from './in-words.ts'
import { personFields } from './person-fields.ts'
import type { Submitter } from './submitter.ts'
import { submitterFields } from './submitter-fields.ts'
import type { UnForm } from './un-case.ts'
import type { ReportWords } from './words/words.ts'

/**
 * The Working Group on Arbitrary Detention: one form for each person, in the order of the group's
 * model questionnaire (E/CN.4/1992/20, annex II; Fact Sheet No. 26, annex V): identity, arrest,
 * detention, circumstances, why it is arbitrary, internal steps, who submits.
 *
 * Verified: that the questionnaire exists, in those documents' tables of contents; that the group
 * gives a government 60 days to answer, so it forwards the case (ohchr.org, "Complaints"). The text
 * of the questionnaire was not available: its wording, and the order of the questions in a section,
 * are from memory. A question that no tip and no analyst answered stays a gap.
 */
export function wgadReport(
  words: ReportWords,
  forms: readonly UnForm[],
  submitter: Submitter,
  day: string,
): ReportDocument {
  const pages = forms.map((form, index) =>
    formOf(words, form, submitter, { number: index + 1, total: forms.length, day }),
  )
  return {
    title: words.wgad.title,
    language: words.language,
    day,
    blocks: pages.flatMap((blocks, index) =>
      index === 0 ? blocks : [{ kind: 'page' } as const, ...blocks],
    ),
  }
}

function formOf(
  words: ReportWords,
  { disclosed, person }: UnForm,
  submitter: Submitter,
  { number, total, day }: { number: number; total: number; day: string },
): Block[] {
  const { wgad, common } = words
  const who = personFields(words, person)
  const what = eventFields(words, disclosed, person)
  return [
    paragraph(
      `${wgad.group}${total === 1 ? '' : ` · ${common.of(String(number), String(total))}`}`,
    ),
    heading(1, wgad.title),
    heading(2, wgad.identity),
    fields(
      who.name,
      who.otherNames,
      who.sex,
      who.birth,
      who.age,
      who.nationality,
      who.papers,
      who.idIssued,
      who.occupation,
      who.address,
      who.ethnicity,
      who.health,
    ),
    heading(2, wgad.arrest),
    fields(
      what.when,
      what.where,
      what.forces,
      what.warrant,
      what.warrantIssuer,
      what.reasons,
      what.law,
      what.how,
    ),
    heading(2, wgad.detention),
    fields(
      what.when,
      what.duration,
      what.heldBy,
      what.heldWhere,
      what.transfers,
      what.orderedBy,
      what.detentionReasons,
      what.detentionLaw,
      what.acknowledged,
      what.status,
    ),
    heading(2, wgad.circumstances),
    fields(what.told, what.returnRisk),
    heading(2, wgad.whyArbitrary),
    fields({ label: wgad.reasons, lines: saidLines(disclosed.legal?.whyArbitrary) }),
    heading(2, wgad.remedies),
    fields(what.steps, what.remedies),
    heading(2, wgad.submitter),
    fields(...submitterFields(words, submitter)),
    note(
      `${common.made(dayIn(words, day))} · ${disclosed.ref} · ${person.ref} · ${wgad.toGovernment}`,
    ),
  ]
}
