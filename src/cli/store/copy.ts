import { storeChoice } from '../../../config/parsers.ts'
import type { Settings } from '../../../config/settings.ts'
import { copyStore } from '../../store/copy-store.ts'
import { openStore } from '../../store/open-store.ts'
import type { StagingStore } from '../../store/staging-store.ts'
import { defineCommand } from '../frame/command.ts'
import type { CliContext } from '../frame/context.ts'
import { printJson, printLine, printNote } from '../frame/context.ts'
import { failure } from '../frame/errors.ts'
import { createProgress, formatBytes } from '../frame/progress.ts'
import { count } from '../../text/count.ts'

export const copy = defineCommand({
  name: 'store copy',
  summary: 'copy all envelopes from one store to another, for a move to S3 or back',
  usage: 'FROM TO [--json]',
  help: `FROM and TO are fs (the data folder) or s3://bucket/prefix, with the other TUMEN_S3_ settings as
they are. Every envelope is hashed on the way and read back. Run it while Tumen is running; then "tumen
drain", run it again, which copies only what came meanwhile, change TUMEN_STORE, and start again.
It may be stopped and repeated at any time, and removes nothing.

Exit status 0: TO holds everything. 1: some envelopes are damaged or it was stopped.`,
  options: { json: { type: 'boolean', about: 'print JSON' } },
  positionals: { min: 2, max: 2 },
  async run(context, values, [from = '', to = '']) {
    if (from === to) throw failure('FROM and TO are the same store')
    const settings = await context.settings()
    const [source, target] = [
      await open(context, settings, { place: from, role: 'from' }),
      await open(context, settings, { place: to, role: 'to' }),
    ]
    let isStopping = false
    const forget = context.onInterrupt(() => {
      isStopping = true
    })
    const progress = createProgress({
      stderr: context.stderr,
      isTerminal: context.isTerminal.stderr,
      label: 'copying',
      totalBytes: await bytesIn(source),
    })
    const outcome = await copyStore({
      from: source,
      to: target,
      onBytes: progress.add,
      isStopping: () => isStopping,
    }).finally(() => {
      progress.finish()
      forget()
    })
    const { copied, bytes, present, moved, damaged } = outcome
    if (values.json === true)
      printJson(context, { copied, bytes, present, moved, damaged: damaged.length })
    else
      printLine(
        context,
        `copied ${count(copied, 'envelope')} (${formatBytes(bytes)}); ${count(present, 'was', 'were')} there already, ${count(moved, 'was', 'were')} moved on`,
      )
    if (damaged.length > 0)
      printNote(
        context,
        `not copied, because the bytes do not fit the name: ${count(damaged.length, 'envelope')}; see "An object has wrong bytes" in docs/scaling.md`,
      )
    if (isStopping) printNote(context, 'stopped; run it again to continue')
    return damaged.length > 0 || isStopping ? 1 : 0
  },
})

async function open(
  context: CliContext,
  settings: Settings,
  { place, role }: { place: string; role: 'from' | 'to' },
): Promise<StagingStore> {
  const store = storeChoice(place)
  if ('problem' in store) throw failure(`${role === 'from' ? 'FROM' : 'TO'} ${store.problem}`)
  const { s3AccessKeyFile, s3SecretKeyFile } = settings
  if (store.value.kind === 's3' && (s3AccessKeyFile === null || s3SecretKeyFile === null))
    throw failure('set TUMEN_S3_ACCESS_KEY_FILE and TUMEN_S3_SECRET_KEY_FILE')
  return await openStore({
    settings: { ...settings, store: store.value },
    instance: `copy-${role}-${process.pid}`,
    clock: context.clock,
    isProbed: role === 'to',
  })
}

async function bytesIn(store: StagingStore): Promise<number> {
  let sum = 0
  for (const prefix of ['incoming', 'sealed', 'collected', 'quarantine'] as const)
    for await (const { bytes } of store.list(prefix)) sum += bytes
  return sum
}
