import { decodeText } from '../../text/decode-text.ts'
import { dayOfInstant } from '../../time/day.ts'
import type { ChangeDraft } from '../../desk/casebook/append-changes.ts'
import { contactWays, linkKinds } from '../../desk/files/case-file.ts'
import { changeCase } from '../../desk/view/change-case.ts'
import { loadView, resolveCase } from '../../desk/view/load-views.ts'
import { consentLevels, consentRecipients } from '../../tip/codes.ts'
import { isEdtf } from '../../tip/edtf.ts'
import {
  actorOf,
  asUsage,
  changeOptions,
  findCasebook,
  oneOf,
  reasonOption,
} from './find-casebook.ts'
import { refreshAfterChange } from './refresh-and-repair.ts'
import { defineCommand } from '../frame/command.ts'
import type { CliContext } from '../frame/context.ts'
import { printLine } from '../frame/context.ts'
import { failure, usageError } from '../frame/errors.ts'
import { readStdin } from '../frame/stdin.ts'

const maxTextBytes = 100_000

interface Named {
  readonly casebook?: string | undefined
  readonly by?: string | undefined
  readonly 'no-refresh'?: boolean | undefined
}

/** Adds one change to a case, prints the change, and updates the index and the pages. */
async function addChange(
  context: CliContext,
  values: Named,
  id: string,
  said: string,
  draft: (casebook: string) => Promise<ChangeDraft>,
): Promise<number> {
  const actor = actorOf(context, await findCasebook(context, values.casebook), values.by)
  const view = await loadView(actor.casebook, id, actor.now())
  const change = await draft(actor.casebook)
  if (change.kind === 'unlink' && view.state.links.every(({ to }) => to !== change.to))
    throw usageError(`${view.id} is not linked to that case`)
  await asUsage(() => changeCase(actor, view, [change]))
  printLine(context, `${view.id}: ${said}`)
  return await refreshAfterChange(context, actor, values['no-refresh'])
}

/** @throws CliError `USAGE` for an empty text. */
async function textOf(context: CliContext, typed: string): Promise<string> {
  const bytes =
    typed === '-'
      ? await readStdin(context, maxTextBytes, 'write the text; Ctrl-D on an empty line ends it')
      : null
  const text = (bytes === null ? typed : decode(bytes)).trim()
  if (text === '') throw usageError('the text is empty')
  return text
}

function decode(bytes: Uint8Array): string {
  try {
    return decodeText(bytes)
  } catch (cause) {
    throw failure('the text on stdin is not UTF-8: save it as UTF-8 text', cause)
  }
}

export const caseNote = defineCommand({
  name: 'case note',
  summary: 'add a note to a case',
  usage: 'ID TEXT|- [--by NAME] [--casebook DIR]',
  help: "With - the text is read from stdin, and does not stay in the shell's history.",
  options: changeOptions,
  positionals: { min: 2, max: 2 },
  async run(context, values, [id = '', typed = '']) {
    return await addChange(context, values, id, 'noted', async () => ({
      kind: 'note',
      text: await textOf(context, typed),
    }))
  },
})

export const caseLink = defineCommand({
  name: 'case link',
  summary: 'link a case to another',
  usage: `ID OTHER --as ${linkKinds.join('|')} [--reason TEXT] [--by NAME] [--casebook DIR]`,
  options: {
    ...changeOptions,
    ...reasonOption,
    as: { type: 'string', value: 'KIND', about: linkKinds.join(', ') },
  },
  positionals: { min: 2, max: 2 },
  async run(context, values, [id = '', other = '']) {
    const kind = oneOf(linkKinds, values.as, '--as')
    const reason = values.reason === undefined ? {} : { reason: values.reason }
    return await addChange(context, values, id, `linked as ${kind}`, async (casebook) => ({
      kind: 'link',
      to: await resolveCase(casebook, other),
      as: kind,
      ...reason,
    }))
  },
})

export const caseUnlink = defineCommand({
  name: 'case unlink',
  summary: 'take back a link to another case',
  usage: 'ID OTHER [--reason TEXT] [--by NAME] [--casebook DIR]',
  options: { ...changeOptions, ...reasonOption },
  positionals: { min: 2, max: 2 },
  async run(context, values, [id = '', other = '']) {
    const reason = values.reason === undefined ? {} : { reason: values.reason }
    return await addChange(context, values, id, 'the link is taken back', async (casebook) =>
      // A full receipt is accepted as it is, because the other case may no longer be in this
      // casebook.
      ({
        kind: 'unlink',
        to: /^[0-9a-f]{64}$/u.test(other) ? other : await resolveCase(casebook, other),
        ...reason,
      }),
    )
  },
})

export const caseConsent = defineCommand({
  name: 'case consent',
  summary: 'record what the source allows a recipient to be told',
  usage: 'ID RECIPIENT LEVEL --given-by WHO [--reason TEXT] [--by NAME] [--casebook DIR]',
  help: `RECIPIENT is one of ${consentRecipients.join(', ')}; LEVEL one of ${consentLevels.join(', ')}.
The latest entry counts, and takes precedence over the tip. --given-by says who said so, and how you know.`,
  options: {
    ...changeOptions,
    ...reasonOption,
    'given-by': { type: 'string', value: 'WHO', about: 'who gave it or took it back' },
  },
  positionals: { min: 3, max: 3 },
  async run(context, values, [id = '', to, granted]) {
    const recipient = oneOf(consentRecipients, to, 'RECIPIENT')
    const level = oneOf(consentLevels, granted, 'LEVEL')
    const givenBy = values['given-by']?.trim() ?? ''
    if (givenBy === '')
      throw usageError("--given-by WHO is missing: consent is somebody's word, name them")
    const reason = values.reason === undefined ? {} : { reason: values.reason }
    const change: ChangeDraft = { kind: 'consent', recipient, level, given_by: givenBy, ...reason }
    return await addChange(context, values, id, `${recipient}: ${level}`, async () => change)
  },
})

export const caseContact = defineCommand({
  name: 'case contact',
  summary: 'record a contact: with whom, when, and what was said',
  usage: 'ID WITH DAY TEXT|- [--by NAME] [--casebook DIR]',
  help: `WITH is one of ${contactWays.join(', ')}.
DAY is a date, 2017-11-05, or today. With - the text is read from stdin.`,
  options: changeOptions,
  positionals: { min: 4, max: 4 },
  async run(context, values, [id = '', way, typedDay = '', typed = '']) {
    const reached = oneOf(contactWays, way, 'WITH')
    const day = typedDay === 'today' ? dayOfInstant(context.clock.now()) : typedDay
    if (!isEdtf(day))
      throw usageError('DAY is a date: 2017-11-05, 2017-11, 2017-11~ for about, or today')
    return await addChange(context, values, id, `contact of ${day} written down`, async () => ({
      kind: 'contact',
      with: reached,
      day,
      text: await textOf(context, typed),
    }))
  },
})
