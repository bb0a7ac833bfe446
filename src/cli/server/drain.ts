import { isDraining, startDraining, stopDraining } from '../../store/drain-marker.ts'
import { defineCommand } from '../frame/command.ts'
import type { CliContext } from '../frame/context.ts'
import { printJson, printLine, printNote } from '../frame/context.ts'
import { isEmpty, openDrainWatch, type Left } from './drain-watch.ts'
import { usageError } from '../frame/errors.ts'

const pollMs = 500
/** After this long without any change, a process is probably not running. */
const patienceMs = 30_000

export const command = defineCommand({
  name: 'drain',
  summary: 'stop accepting new tips, for an upgrade or a move',
  usage: '[--wait] [--json]\n       tumen drain --off [--json]',
  help: `New tips get 503 and "closed for a moment", and are sent again later by the page; resumable uploads
that have begun may finish. The worker continues. The intake stays closed across restarts, until --off.

--wait returns when spool and queue are empty; bound it with timeout(1) in a script. Exit status 0: done. 1: failed.`,
  options: {
    off: { type: 'boolean', about: 'accept tips again' },
    wait: { type: 'boolean', about: 'return only when spool and queue are empty' },
    json: { type: 'boolean', about: 'print JSON' },
  },
  positionals: { min: 0, max: 0 },
  async run(context, values) {
    if (values.off === true && values.wait === true)
      throw usageError('--off opens the intake again, and there is nothing to wait for')
    const settings = await context.settings()
    const place = { dir: settings.dataDir, clock: context.clock }
    await (values.off === true ? stopDraining(place) : startDraining(place))
    const watch = await openDrainWatch(context, settings)
    try {
      const left = values.wait === true ? await untilEmpty(context, watch.look) : await watch.look()
      if (values.json === true)
        printJson(context, { draining: isDraining(settings.dataDir), ...left })
      else report(context, values.off === true, left)
      return 0
    } finally {
      watch.close()
    }
  },
})

async function untilEmpty(context: CliContext, look: () => Promise<Left>): Promise<Left> {
  let shown = ''
  let unchangedMs = 0
  for (;;) {
    const left = await look()
    if (isEmpty(left)) {
      clear(context, shown)
      return left
    }
    const text = sentence(left)
    unchangedMs = text === shown ? unchangedMs + pollMs : 0
    if (context.isTerminal.stderr && text !== shown) context.stderr.write(`\r\u001b[K${text}`)
    if (unchangedMs === patienceMs) {
      clear(context, shown)
      printNote(
        context,
        `nothing has changed for ${patienceMs / 1000} s (${text}): is the worker running? "tumen status" says`,
      )
    }
    shown = text
    await context.wait(pollMs)
  }
}

function clear(context: CliContext, shown: string): void {
  if (context.isTerminal.stderr && shown !== '') context.stderr.write('\r\u001b[K')
}

function report(context: CliContext, isOff: boolean, left: Left): void {
  if (isOff) return printLine(context, 'tips are taken in again')
  printLine(
    context,
    isEmpty(left)
      ? 'drained: no new tips are taken in, spool and queue are empty'
      : `draining: no new tips are taken in; ${sentence(left)}`,
  )
  if (left.queue === null)
    printNote(
      context,
      'redis does not answer: the worker stores without it, and only the spool was looked at',
    )
  if (left.resumable > 0)
    printNote(
      context,
      `${left.resumable} resumable uploads are not whole; they keep, and go on when their senders come back`,
    )
}

function sentence({ spool, queue, plain }: Left): string {
  return `${spool} in the spool, ${queue ?? 'unknown'} in the queue, ${plain} being received`
}
