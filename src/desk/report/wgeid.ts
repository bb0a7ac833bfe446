import type { Block, ReportDocument } from './document.ts'
import { fields, heading, note, paragraph } from './document.ts'
import { eventFields } from './event-fields.ts'
import { dayIn } from './in-words.ts'
import { meterPage } from './meter-page.ts'
import { meterOf } from './meter.ts'
import { personFields } from './person-fields.ts'
import type { Submitter } from './submitter.ts'
import { submitterFields } from './submitter-fields.ts'
import type { UnForm } from './un-case.ts'
import type { ReportWords } from './words/words.ts'

/**
 * The Working Group on Enforced or Involuntary Disappearances: one form for each person, in the
 * order of the group's form.
 *
 * Verified: that sections 1 to 4, 6 and 7 are its minimum elements (a) to (f), in this order, and
 * their words in English and French (fiacat.org, both languages) and Spanish (nodo50.org, "Nota
 * explicativa …"); that a narrative summary is wanted (same sources); that an organisation needs
 * the relatives' prior consent, that sources stay confidential and that the urgent procedure is for
 * three months (ohchr.org, "Reporting a disappearance to the Working Group"). The copy of the form
 * at rightsupdate.blogspot.in was not read. The text of the form was not available: the order of
 * the questions in a section, and the number of section 5, are from memory. The group accepts
 * submissions on its own form only: this report helps to fill that in.
 */
export function wgeidReport(
  words: ReportWords,
  forms: readonly UnForm[],
  submitter: Submitter,
  day: string,
): ReportDocument {
  const { wgeid } = words
  const meters = forms.map((form) => meterOf(form, submitter, day))
  const pages = forms.map((form, index) =>
    formOf(words, form, {
      submitter,
      number: index + 1,
      total: forms.length,
      urgent: meters[index]?.urgent ?? 'unclear',
      day,
    }),
  )
  return {
    title: wgeid.title,
    language: words.language,
    day,
    blocks: [
      ...meterPage(words, forms, meters),
      ...pages.flatMap((blocks, index) =>
        index === 0 ? blocks : [{ kind: 'page' } as const, ...blocks],
      ),
    ],
  }
}

interface FormContext {
  submitter: Submitter
  number: number
  total: number
  urgent: 'yes' | 'no' | 'unclear'
  day: string
}

function formOf(
  words: ReportWords,
  { disclosed, person }: UnForm,
  { submitter, number, total, urgent, day }: FormContext,
): Block[] {
  const { wgeid, common } = words
  const who = personFields(words, person)
  const what = eventFields(words, disclosed, person)
  const needed = { isNeeded: true }
  return [
    paragraph(
      `${wgeid.group}${total === 1 ? '' : ` · ${common.of(String(number), String(total))}`}`,
    ),
    heading(1, wgeid.title),
    ...(urgent === 'unclear'
      ? []
      : [paragraph({ strong: urgent === 'yes' ? wgeid.urgent : wgeid.standard })]),
    note(common.needed),
    heading(2, wgeid.identity),
    fields(
      { ...who.name, ...needed },
      who.otherNames,
      who.sex,
      who.birth,
      who.age,
      who.under18,
      who.health,
      who.papers,
      who.idIssued,
      who.nationality,
      who.ethnicity,
      who.origin,
      who.occupation,
      who.address,
    ),
    heading(2, wgeid.date),
    fields({ ...what.when, ...needed }),
    heading(2, wgeid.place),
    fields({ ...what.where, ...needed }, what.heldWhere, what.transfers),
    heading(2, wgeid.forces),
    fields({ ...what.forces, ...needed }, what.acknowledged, what.warrant, what.reasons),
    heading(2, wgeid.circumstances),
    fields(what.told, what.how, what.status, what.returnRisk),
    heading(2, wgeid.steps),
    fields({ ...what.steps, ...needed }, what.remedies, what.public),
    heading(2, wgeid.submitter),
    fields(
      ...submitterFields(words, submitter).map((field, index) =>
        index === 0 ? { ...field, ...needed } : field,
      ),
    ),
    note(
      `${common.made(dayIn(words, day))} · ${disclosed.ref} · ${person.ref} · ${wgeid.toGovernment}`,
    ),
  ]
}
