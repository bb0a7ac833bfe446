import { createHash } from 'node:crypto'
import { startChunkPool } from '../../age/chunk-pool.ts'
import type { Recipient } from '../../age/keys.ts'
import { parseRecipient } from '../../age/keys.ts'
import type { PlaceThreads } from '../../age/place-threads.ts'
import { startPlaceThreads } from '../../age/place-threads.ts'
import { readRanges } from '../../age/read-file.ts'
import { loadSodiumPrimitives } from '../../age/sodium.ts'
import { inlineEngine } from '../../age/stream.ts'
import { readBounded } from '../../disk/small-files.ts'
import { recipientsOn } from '../../keyring/keyring.ts'
import { loadKeyring } from '../../keyring/load.ts'
import { sealTip } from '../../seal/seal-tip.ts'
import { maxTipBytes } from '../../tip/bounds.ts'
import type { DetentionTip } from '../../tip/schema.ts'
import { parseTip, serializeTip } from '../../tip/tip-json.ts'
import { defineCommand } from '../frame/command.ts'
import type { CliContext } from '../frame/context.ts'
import { printJson, printNote, resolvePath } from '../frame/context.ts'
import { failure, usageError } from '../frame/errors.ts'
import { dirOption, keyringDir, today } from '../frame/keyring-folder.ts'
import { consentHelp, consentOptions, withConsent } from './consent-options.ts'
import type { OpenFile } from './attachments.ts'
import { askAboutUncleaned, cleanOptions, openAttachment, whileUnchanged } from './attachments.ts'
import { placedFiles, sealToFile } from './seal-to-file.ts'
import type { Output } from '../frame/output.ts'
import { openOutput, withOutput } from '../frame/output.ts'
import type { Progress } from '../frame/progress.ts'
import { createProgress } from '../frame/progress.ts'
import {
  addThread,
  checkThreadOptions,
  threadOptions,
  withNewWords,
} from '../thread/seal-thread.ts'
import { readStdin } from '../frame/stdin.ts'
import { decodeTypedText } from '../frame/typed-text.ts'

/** Sealing fewer bytes takes less time than starting threads. */
const pooledBytes = 8 * 1024 * 1024

export const command = defineCommand({
  name: 'seal',
  summary: 'seal a tip and its files, on this machine, to the keyring',
  usage:
    '[--tip FILE | --narrative TEXT] [ATTACHMENT…] [--consent CHOICE [--un]] [-o ENVELOPE.age] [--words-out FILE | --words-file FILE]',
  help: `Seals to every post-quantum recipient of the signed keyring that is in force today.
Without --tip and --narrative, the narrative is read from stdin as plain text.

  tumen seal photo.jpg -o notes.age < notes.txt
  tumen seal --tip notes.json video.mp4 -o notes.age

Write the text into a file: a command line stays in the history of the shell, and --narrative with it.
notes.json has the fields of docs/detention_tip.schema.json; only "narrative" is required.
Hidden place, time and device are removed from pictures, unless you say --no-clean. Other files,
such as videos and documents, are attached as they are, with whatever place and time is in them.

With --words-out the tip can be answered: twelve new words are written to FILE, and nowhere else.
Anybody who has them can read every answer and write as you. Read answers with "tumen answers".
With --words-file the tip belongs to the thread of these words, as an answer or to add more:

  tumen seal --tip notes.json --words-out words.txt -o notes.age
  tumen seal --words-file words.txt --answers ID -o more.age < more.txt

${consentHelp}`,
  options: {
    ...dirOption,
    tip: { type: 'string', value: 'FILE', about: 'the tip as JSON; - is stdin' },
    narrative: { type: 'string', value: 'TEXT', about: 'what happened, in plain words' },
    lang: { type: 'string', value: 'CODE', about: 'language of --narrative: ko, zh, en, …' },
    ...consentOptions,
    ...cleanOptions,
    output: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      about: 'where the envelope goes (default: stdout)',
    },
    ...threadOptions,
    json: { type: 'boolean', about: 'print length and receipt as JSON; needs --output' },
  },
  positionals: { min: 0, max: 1000 },
  async run(context, values, paths) {
    checkThreadOptions(values)
    if (values.json === true && isStdout(values.output))
      throw usageError('--json needs --output FILE: the envelope would go to stdout, too')
    const files: OpenFile[] = []
    let threads: PlaceThreads | null = null
    try {
      for (const path of paths) files.push(await openAttachment(context, path, values))
      // The threads start while the keyring and the tip are read.
      if (isLarge(files) && placedFiles(files) !== null && !isStdout(values.output))
        threads = startPlaceThreads()
      const recipients = await readRecipients(context, values.dir)
      const plain = withConsent(await readTip(context, values), values, today(context))
      const { tip, newWords } = await addThread(context, values, plain)
      await askAboutUncleaned(context, files)
      const sealed = await withNewWords(context, newWords, (commitWords) =>
        sealTo(context, values.output, {
          recipients,
          tip,
          files,
          threads,
          commitWords,
          isReceiptWanted: values.json === true,
        }),
      )
      if (values.json === true) printJson(context, sealed)
      for (const { note } of files) if (note !== null) printNote(context, note)
    } finally {
      await threads?.close()
      for (const { handle } of files) await handle.close()
    }
    return 0
  },
})

const isStdout = (path: string | undefined) => path === undefined || path === '-'

const isLarge = (files: readonly OpenFile[]) =>
  files.reduce((sum, { bytes }) => sum + bytes, 0) > pooledBytes

async function readRecipients(context: CliContext, dir: string | undefined): Promise<Recipient[]> {
  const day = today(context)
  const { keyring } = await loadKeyring({ dir: await keyringDir(context, dir), day })
  if (keyring.demo) printNote(context, 'DEMO keyring: do not seal a real tip to it')
  return recipientsOn(keyring, day).map((entry) => parseRecipient(entry.recipient))
}

interface SealWork {
  recipients: Recipient[]
  tip: DetentionTip
  files: OpenFile[]
  /** Null if the files are small or the output is a pipe. */
  threads: PlaceThreads | null
  commitWords: () => Promise<void>
  /** The receipt costs another digest of the whole envelope. */
  isReceiptWanted: boolean
}

interface SealedEnvelope {
  bytes: number
  receipt: string | null
}

async function sealTo(
  context: CliContext,
  path: string | undefined,
  work: SealWork,
): Promise<SealedEnvelope> {
  const output = await openOutput(context, { path, isBinary: true })
  return await withOutput(output, async () => {
    const progress = createProgress({
      stderr: context.stderr,
      isTerminal: context.isTerminal.stderr,
      label: 'sealing',
      totalBytes: null,
    })
    try {
      const { threads } = work
      const files = placedFiles(work.files)
      const fd = output.seekableFd
      const sealed = await whileUnchanged(work.files, () =>
        threads !== null && fd !== null && files !== null
          ? sealToFile(fd, { ...work, files, threads }, (bytes) => progress.add(bytes))
          : sealInOrder(output, work, progress),
      )
      // An envelope whose words were lost could never be answered.
      await work.commitWords()
      return sealed
    } finally {
      progress.finish()
    }
  })
}

/** Reads every file twice, first for its digest: a pipe cannot be written at two places. */
async function sealInOrder(
  output: Output,
  work: SealWork,
  progress: Progress,
): Promise<SealedEnvelope> {
  // The threads start while the rest is loaded.
  const pool = isLarge(work.files) ? startChunkPool() : null
  try {
    const primitives = await loadSodiumPrimitives()
    const engine = pool ?? inlineEngine(primitives, readRanges)
    const envelope = await sealTip({ primitives, engine, serialize: serializeTip, ...work })
    const hash = work.isReceiptWanted ? createHash('sha256') : null
    for await (const bytes of progress.track(envelope.content)) {
      hash?.update(bytes)
      await output.write(bytes)
    }
    return { bytes: envelope.bytes, receipt: hash?.digest('hex') ?? null }
  } finally {
    await pool?.close()
  }
}

async function readTip(
  context: CliContext,
  values: { tip?: string | undefined; narrative?: string | undefined; lang?: string | undefined },
): Promise<DetentionTip> {
  const { tip, narrative, lang } = values
  if (tip !== undefined && narrative !== undefined)
    throw usageError('--tip and --narrative do not go together')
  if (tip !== undefined) return parseTip(await readTipFile(context, tip))
  const text =
    narrative ??
    decodeTypedText(
      await readStdin(context, maxTipBytes, 'write what happened, then press Ctrl-D:'),
    )
  const plain = { narrative: text.trim(), ...(lang === undefined ? {} : { lang }) }
  return parseTip(new TextEncoder().encode(JSON.stringify(plain)))
}

async function readTipFile(context: CliContext, path: string): Promise<Uint8Array> {
  if (path === '-')
    return await readStdin(context, maxTipBytes, 'paste the tip as JSON, then press Ctrl-D:')
  const bytes = await readBounded(resolvePath(context, path), maxTipBytes)
  if (bytes === null) throw failure(`${path} is missing (--tip)`)
  return bytes
}
