import { createHash } from 'node:crypto'
import { access, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { syncDirectory } from '../../disk/dir-sync.ts'
import { makeFolder } from '../../disk/make-folder.ts'
import type { Settings } from '../../../config/settings.ts'
import {
  acknowledgementFileName,
  maxAcknowledgementBytes,
  verifyAcknowledgement,
} from '../../carry/acknowledgement.ts'
import { readOnStick } from '../../carry/open-on-stick.ts'
import { envelopeFileName } from '../../carry/sums.ts'
import { replaceFile } from '../../disk/small-files.ts'
import type { Keyring } from '../../keyring/keyring.ts'
import { loadSignedKeyring } from '../../keyring/load.ts'
import { formatKeyId, parseSignature } from '../../keyring/minisign.ts'
import { maxSignatureFileBytes } from '../../keyring/bounds.ts'
import { giveToOwnerOf } from '../../disk/owner.ts'
import { requireUsableFolder } from '../../store/data-folder.ts'
import type { CliContext } from '../frame/context.ts'
import { printJson, printLine, printNote } from '../frame/context.ts'
import { failure } from '../frame/errors.ts'
import { today } from '../frame/keyring-folder.ts'
import { waitForWorker } from '../frame/wait-for-worker.ts'
import { printTaken, takeInReplies } from './take-in-replies.ts'
import { count } from '../../text/count.ts'

/** How long to wait for a worker that does nothing. It checks its inbox every few seconds. */
const patienceMs = 60_000

/**
 * Takes in what came back from the desk on the server: the acknowledgement, and answers. Only the
 * worker may write to the vault, its ledger and the answers, so all of it is handed to the worker
 * through a folder. The two are independent: answers that are refused do not keep the envelopes
 * that the desk holds from being collected.
 */
export async function takeInFromStick(
  context: CliContext,
  path: string,
  isJson: boolean,
): Promise<number> {
  const settings = await context.settings()
  await requireUsableFolder(settings.dataDir)
  const file = path.endsWith('.json') ? path : join(path, acknowledgementFileName)
  const folder = dirname(file)
  const { keyring } = await loadSignedKeyring(settings.keysDir)
  const acknowledged = await takeInAcknowledgement(context, settings, { file, keyring })
  const acknowledgedBy = acknowledged?.keyId ?? null
  const taken = await takeInReplies(context, settings, { folder, keyring, acknowledgedBy })
  if (acknowledged === null && taken.length === 0)
    throw failure(
      `${file} is missing: is this the stick that came back? (on the desk, give --casebook and --key)`,
    )
  const { receipts = [], waiting = 0 } = acknowledged ?? {}
  if (isJson)
    printJson(context, {
      acknowledged: receipts.length,
      waiting,
      ...(taken.length > 0 && { replies: taken }),
    })
  else {
    if (acknowledged !== null)
      printLine(
        context,
        `${receipts.length - waiting} of ${count(receipts.length, 'envelope')} collected`,
      )
    printTaken(context, settings, taken)
  }
  if (waiting > 0)
    printNote(
      context,
      `${count(waiting, 'is', 'are')} still to be collected: the worker does so as soon as it runs`,
    )
  return taken.some(({ state }) => state === 'refused') ? 1 : 0
}

interface TakenAcknowledgement {
  receipts: readonly string[]
  /** Number of envelopes that are not collected yet. */
  waiting: number
  /** Key id of the desk. */
  keyId: string
}

/** Null if there is none on the stick. */
async function takeInAcknowledgement(
  context: CliContext,
  settings: Settings,
  { file, keyring }: { file: string; keyring: Keyring },
): Promise<TakenAcknowledgement | null> {
  const bytes = await readOnStick(file, maxAcknowledgementBytes)
  if (bytes === null) return null
  const signature = await readOnStick(`${file}.minisig`, maxSignatureFileBytes)
  if (signature === null) throw failure(`${file}.minisig is missing: acknowledge again on the desk`)
  const { receipts } = verifyAcknowledgement({ bytes, signature, keyring, day: today(context) })
  const name = await handOver(settings, bytes, signature)
  const waiting =
    settings.store.kind === 'fs'
      ? await waitUntilCollected(context, settings, receipts)
      : await waitUntilTaken(context, name, receipts)
  return { receipts, waiting, keyId: formatKeyId(parseSignature(signature).keyId) }
}

async function handOver(
  settings: Settings,
  bytes: Uint8Array,
  signature: Uint8Array,
): Promise<string> {
  const inbox = join(settings.dataDir, 'acknowledgements')
  await makeFolder(inbox, 0o700)
  await giveToOwnerOf(settings.dataDir, inbox)
  const name = join(inbox, `${createHash('sha256').update(bytes).digest('hex')}.json`)
  // The signature is written first, because the worker takes an acknowledgement as soon as both
  // files exist.
  await replaceFile(`${name}.minisig`, signature)
  await giveToOwnerOf(settings.dataDir, `${name}.minisig`)
  await replaceFile(`${name}.new`, bytes)
  await giveToOwnerOf(settings.dataDir, `${name}.new`)
  await rename(`${name}.new`, name)
  await syncDirectory(inbox)
  return name
}

/**
 * With a shared store the worker is believed: it removes the acknowledgement when all of it is
 * done. This program, which the desk has too, reaches no network.
 */
async function waitUntilTaken(
  context: CliContext,
  path: string,
  receipts: readonly string[],
): Promise<number> {
  const left = (): Promise<number> =>
    access(path).then(
      () => receipts.length,
      () => 0,
    )
  return await waitForWorker(context, left, patienceMs)
}

/**
 * Looks at both ends of the list, so that a look costs what the worker has done, not what is left.
 * @returns the number of envelopes that are not collected yet.
 */
async function waitUntilCollected(
  context: CliContext,
  settings: Settings,
  receipts: readonly string[],
): Promise<number> {
  let [first, end] = [0, receipts.length]
  const isCollected = async (index: number): Promise<boolean> =>
    first < end && !(await isSealed(settings, receipts[index] ?? ''))
  const left = async (): Promise<number> => {
    while (await isCollected(first)) first += 1
    while (await isCollected(end - 1)) end -= 1
    return end - first
  }
  return await waitForWorker(context, left, patienceMs)
}

async function isSealed(settings: Settings, receipt: string): Promise<boolean> {
  return await access(join(settings.dataDir, 'sealed', envelopeFileName(receipt))).then(
    () => true,
    () => false,
  )
}
