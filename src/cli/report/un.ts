import { wgadReport } from '../../desk/report/wgad.ts'
import { wgeidReport } from '../../desk/report/wgeid.ts'
import type { ReportDocument } from '../../desk/report/document.ts'
import type { Meter } from '../../desk/report/meter.ts'
import { adviceText, meterOf, neededItems, wayOut } from '../../desk/report/meter.ts'
import type { Submitter } from '../../desk/report/submitter.ts'
import type { UnForm } from '../../desk/report/un-case.ts'
import { toGovernment, unCases } from '../../desk/report/un-case.ts'
import { wordsOf } from '../../desk/report/words/find-words.ts'
import { english } from '../../desk/report/words/en.ts'
import type { ReportWords } from '../../desk/report/words/words.ts'
import { dayOfInstant } from '../../time/day.ts'
import { printable } from '../../desk/text/printable.ts'
import type { Command } from '../frame/command.ts'
import { defineCommand } from '../frame/command.ts'
import type { CliContext } from '../frame/context.ts'
import { printJson, printLine, printNote } from '../frame/context.ts'
import { failure } from '../frame/errors.ts'
import { languageOption, readLanguage, rendererFor, writeReport } from './write.ts'
import { accountJson, printAccount } from './account.ts'
import { reportOptions, selectCases } from './selection.ts'
import { checkSubmitter, readSubmitter, submitterHelp, submitterOption } from './submitter.ts'
import { count } from '../../text/count.ts'

interface UnReport {
  name: 'wgeid' | 'wgad'
  summary: string
  /** Text about this working group in the help. */
  about: string
  build: (
    words: ReportWords,
    forms: readonly UnForm[],
    submitter: Submitter,
    day: string,
  ) => ReportDocument
}

/**
 * Defines the command for one working group of the UN. Both groups have the same rules; their forms
 * differ.
 */
function defineUnReport({ name, summary, about, build }: UnReport): Command {
  return defineCommand({
    name: `report ${name}`,
    summary,
    usage: 'CASE… [--lang en|fr|es] [--submitter FILE] -o FILE.html|FILE.docx [--casebook DIR]',
    help: `${about}

BEFORE ANYBODY CONSENTS, SAY: ${toGovernment}.
It needs the source's consent to names for the UN, and the family's prior consent:
  tumen case consent CASE un named --given-by WHO
  tumen case set CASE consent_meta.family_agrees yes --reason "WHO agreed, WHEN"

One form for each person. Without -o: only the meter, which says which of the six items that the UN
needs are missing. What is not in Latin letters counts as missing, because Geneva cannot read it.
While something is missing, the meter is also the first page, to be taken out before the form is
sent. The source's words are left out until you confirm them: tumen case confirm CASE

${submitterHelp}

Exit status 0: every case was included. 1: some were withheld; each is named.`,
    options: { ...reportOptions, ...languageOption, ...submitterOption },
    positionals: { min: 1, max: 10_000 },
    async run(context, values, ids) {
      const language = readLanguage(values.lang)
      const render = values.output === undefined ? null : rendererFor(values.output)
      const { casebook, actor, views, now, othersOf } = await selectCases(context, values, ids)
      const { forms, withheld, accounts } = unCases(views, othersOf)
      printAccount(context, accounts, withheld)
      const submitter = await readSubmitter(context, casebook, values.submitter)
      const day = dayOfInstant(now)
      const meters = forms.map((form) => meterOf(form, submitter, day))
      const written = []
      if (render !== null && values.output !== undefined && forms.length > 0) {
        const report = build(wordsOf(language), forms, checkSubmitter(submitter, views), day)
        written.push(
          await writeReport(context, actor, {
            path: values.output,
            content: await render(report),
            action: 'report_written',
            about: `${name} (${language}), ${count(forms.length, 'form')} for un`,
          }),
        )
      }
      if (values.json === true)
        printJson(context, {
          written,
          to_government: toGovernment,
          meter: meters.map(meterJson),
          ...accountJson(accounts, withheld),
        })
      else {
        printMeters(context, forms, meters)
        for (const { path } of written)
          printLine(context, `wrote ${path}: ${count(forms.length, 'form')}`)
      }
      if (forms.length > 0) printNote(context, `Remember: ${toGovernment}.`)
      if (forms.length === 0 && values.output !== undefined)
        throw failure('no form was written: nothing may go')
      return withheld.length === 0 ? 0 : 1
    },
  })
}

function meterJson({ at, ref, missing, urgent, advice }: Meter) {
  return {
    case: at.id,
    person: at.index,
    ref,
    have: neededItems.length - missing.length,
    of: neededItems.length,
    missing,
    urgent,
    advice,
  }
}

/** Prints lines such as `1a2b3c4d persons.0 리영희: 5 of 6 [*****-]`, each followed by what to do. */
function printMeters(
  context: CliContext,
  forms: readonly UnForm[],
  meters: readonly Meter[],
): void {
  if (meters.length > 0) printLine(context, 'UN-ready, per person:')
  for (const [index, { at, missing, urgent, advice }] of meters.entries()) {
    const name = printable(forms[index]?.person.names[0]?.text ?? 'unnamed', { maxCharacters: 40 })
    const bar = neededItems.map((item) => (missing.includes(item) ? '-' : '*')).join('')
    printLine(
      context,
      `  ${at.id} persons.${at.index} ${name}: ${neededItems.length - missing.length} of ${neededItems.length} [${bar}]${{ yes: ', urgent', no: ', older than three months', unclear: ', the date does not say whether it is urgent' }[urgent]}`,
    )
    for (const item of missing)
      printLine(context, `    missing: ${english.meter.items[item]}: ${wayOut(item, at)}`)
    for (const each of advice) printLine(context, `    better: ${adviceText(each, at)}`)
  }
}

export const reportWgad = defineUnReport({
  name: 'wgad',
  summary: 'for the UN Working Group on Arbitrary Detention',
  about: `For people held without a lawful reason. It gives the government 60 days to answer: in a return
window, ask for an urgent appeal.
Facts that no tip contains are entered as fields of the case: tumen case set CASE why_arbitrary …;
also law, ordered_by, warrant_issuer, duration, held_by, detention_reasons, detention_law, remedies,
persons.0.occupation, persons.0.address, persons.0.id_issued. A field without an answer is a gap in
the form.
Look at its own questionnaire before you send: its wording could not be checked.`,
  build: wgadReport,
})

export const reportWgeid = defineUnReport({
  name: 'wgeid',
  summary: 'for the UN Working Group on Enforced or Involuntary Disappearances',
  about: `For people whose fate or whereabouts are not known. For three months after the disappearance the group acts urgently,
within one or two days. Look at its own form before you send: the order here is from published copies.`,
  build: wgeidReport,
})
