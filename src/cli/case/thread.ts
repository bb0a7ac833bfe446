import type { ConsentProposal } from '../../desk/files/case-view.ts'
import { acceptedConsent } from '../../desk/replies/accept-consent.ts'
import { printable } from '../../desk/text/printable.ts'
import { changeCase } from '../../desk/view/change-case.ts'
import { loadView } from '../../desk/view/load-views.ts'
import { consentRecipients } from '../../tip/codes.ts'
import { defineCommand } from '../frame/command.ts'
import type { CliContext } from '../frame/context.ts'
import { printLine, printNote } from '../frame/context.ts'
import { failure, usageError } from '../frame/errors.ts'
import { askOnTerminal } from '../keys/terminal.ts'
import {
  actorOf,
  asUsage,
  changeOptions,
  findCasebook,
  oneOf,
  reasonOption,
} from './find-casebook.ts'
import { refreshAfterChange } from './refresh-and-repair.ts'
import { conversationOf } from './reply.ts'
import { count } from '../../text/count.ts'

export const caseCloseThread = defineCommand({
  name: 'case close-thread',
  summary: 'end the conversation with the source: nothing more is sent',
  usage: 'ID [--take-back] [--reason TEXT] [--by NAME] [--casebook DIR]',
  help: `Answers that still wait are not sent, and earlier ones are not repeated. To say goodbye first, write
that answer ("tumen case reply ID --standard close"), carry it, and close when it is published. What
the source still sends is opened as before. The status of the case does not change.`,
  options: {
    ...changeOptions,
    ...reasonOption,
    'take-back': { type: 'boolean', about: 'open the conversation again' },
  },
  positionals: { min: 1, max: 1 },
  async run(context, values, [id = '']) {
    const actor = actorOf(context, await findCasebook(context, values.casebook), values.by)
    const view = await loadView(actor.casebook, id, actor.now())
    const { closedBy, messages } = conversationOf(view)
    const closed = values['take-back'] !== true
    if (closed && closedBy === 'desk')
      throw usageError(`the conversation of ${view.id} is closed already`)
    if (!closed && closedBy !== 'desk')
      throw usageError(
        closedBy === 'source'
          ? `the source ended the conversation of ${view.id}: only they can open it again, by writing`
          : `the conversation of ${view.id} is open`,
      )
    const reason = values.reason === undefined ? {} : { reason: values.reason }
    await asUsage(() => changeCase(actor, view, [{ kind: 'close_thread', closed, ...reason }]))
    printLine(context, `${view.id}: the conversation is ${closed ? 'closed' : 'open again'}`)
    const waiting = messages.filter(({ state }) => state === 'written').length
    if (closed && waiting > 0) printNote(context, `${count(waiting, 'answer')} will not be sent`)
    return await refreshAfterChange(context, actor, values['no-refresh'])
  },
})

export const caseAcceptConsent = defineCommand({
  name: 'case accept-consent',
  summary: 'take over the consent that a follow-up of the source gives',
  usage: 'ID [RECIPIENT…] --control TEXT [--by NAME] [--casebook DIR]',
  help: `A follow-up comes from anybody who has the words, so consent that is wider than before counts only when
you take it over. Ask the source a control question first ("tumen case reply ID --standard control"):
something that only they know and that no answer of yours says. --control says what you asked and how
it was answered, for the history; on a terminal you are asked for it. Without RECIPIENT, everything
that the follow-up gives is taken over. What is narrower counts at once.`,
  options: {
    ...changeOptions,
    control: {
      type: 'string',
      value: 'TEXT',
      about: 'the control question, and how it was answered',
    },
  },
  positionals: { min: 1, max: 7 },
  async run(context, values, [id = '', ...typed]) {
    const recipients = typed.map((each) => oneOf(consentRecipients, each, 'RECIPIENT'))
    const actor = actorOf(context, await findCasebook(context, values.casebook), values.by)
    const view = await loadView(actor.casebook, id, actor.now())
    const { proposals } = conversationOf(view)
    const chosen = proposals.filter(
      ({ recipient }) => recipients.length === 0 || recipients.includes(recipient),
    )
    const missing = recipients.find((each) => chosen.every(({ recipient }) => recipient !== each))
    if (missing !== undefined || chosen.length === 0)
      throw failure(
        `no follow-up of ${view.id} gives consent that is wider than before${missing === undefined ? '' : ` for ${missing}`}`,
      )
    const control = (values.control ?? (await askControl(context, chosen))).trim()
    if (control === '')
      throw usageError('--control TEXT is missing: say what you asked, and how it was answered')
    await asUsage(() => changeCase(actor, view, acceptedConsent(chosen, control)))
    for (const { recipient, level, now } of chosen)
      printLine(context, `${view.id}: ${recipient}: ${level} (before: ${now})`)
    return await refreshAfterChange(context, actor, values['no-refresh'])
  },
})

async function askControl(
  context: CliContext,
  proposals: readonly ConsentProposal[],
): Promise<string> {
  if (!context.isTerminal.stdin || !context.isTerminal.stderr) return ''
  for (const { recipient, level, now, receipt } of proposals)
    printNote(
      context,
      printable(`follow-up ${receipt.slice(0, 8)} gives ${recipient}: ${level} (now: ${now})`),
    )
  return await askOnTerminal(
    context,
    'Which control question did they answer, and how? (empty: take over nothing) ',
    'give --control TEXT',
  )
}
