import { join } from 'node:path'
import {
  acknowledgementFileName,
  formatAcknowledgement,
  signAcknowledgement,
} from '../../carry/acknowledgement.ts'
import { readExport } from '../../carry/read-export.ts'
import { loadSodiumPrimitives } from '../../age/sodium.ts'
import { checkChain } from '../../desk/custody/check-chain.ts'
import { tipLayoutOf } from '../../desk/files/layout.ts'
import { CasebookError } from '../../desk/files/errors.ts'
import type { BroughtReplies } from '../../desk/replies/bring-replies.ts'
import { bringReplies } from '../../desk/replies/bring-replies.ts'
import { printable } from '../../desk/text/printable.ts'
import { exists } from '../../desk/opening/import-envelope.ts'
import { replaceFile } from '../../disk/small-files.ts'
import type { Keyring } from '../../keyring/keyring.ts'
import { signersOn } from '../../keyring/keyring.ts'
import { KeyringError } from '../../keyring/errors.ts'
import { loadOrganisation } from '../../keyring/load-organisation.ts'
import { loadSignedKeyring } from '../../keyring/load.ts'
import type { SigningKey } from '../../keyring/minisign.ts'
import { formatPublicKeyLine } from '../../keyring/minisign.ts'
import { actorOf } from '../case/find-casebook.ts'
import type { CliContext } from '../frame/context.ts'
import { printJson, printLine, printNote } from '../frame/context.ts'
import { failure } from '../frame/errors.ts'
import { today } from '../frame/keyring-folder.ts'
import { count } from '../../text/count.ts'

interface DeskWork {
  /** The export on the stick. */
  folder: string
  /** The keyring's folder. */
  dir: string
  casebook: string
  /** Name of the analyst, for the custody log. */
  by?: string | undefined
  key: SigningKey
}

/**
 * Acknowledges on the desk, and writes the answers to the sources. Only envelopes that are in the
 * casebook are acknowledged, because the server may delete those.
 */
export async function writeAcknowledgement(
  context: CliContext,
  work: DeskWork & { isJson: boolean },
): Promise<number> {
  const { folder, dir, casebook, key, isJson } = work
  const { keyring, fingerprint } = await loadSignedKeyring(dir)
  checkSigner(context, keyring, key)
  const { receipts } = await readExport(folder, keyring, today(context))
  const held = await Promise.all(
    receipts.map((receipt) => exists(tipLayoutOf(casebook, receipt).folder)),
  )
  const opened = receipts.filter((_receipt, index) => held[index])
  const missing = receipts.filter((_receipt, index) => !held[index])
  // The answers come first, so that the acknowledgement names the last line about them.
  const brought = await bringAnswers(context, { ...work, keyring, fingerprint })
  const { head } = await checkChain(casebook)
  const acknowledgement = { day: today(context), receipts: opened, custodyHead: head?.sha256 }
  const bytes = formatAcknowledgement(acknowledgement)
  const path = join(folder, acknowledgementFileName)
  await replaceFile(path, bytes)
  await replaceFile(`${path}.minisig`, signAcknowledgement(bytes, key, acknowledgement))
  if (isJson)
    printJson(context, {
      acknowledged: opened,
      not_acknowledged: missing,
      ...(hasNews(brought) ? { replies: describeReplies(brought) } : {}),
    })
  else {
    printLine(
      context,
      `acknowledged ${opened.length} of ${count(receipts.length, 'envelope')} in ${path}: carry the stick back`,
    )
    if (hasNews(brought)) printLine(context, sayReplies(brought))
  }
  for (const problem of brought?.problems ?? []) printNote(context, printable(problem))
  for (const receipt of missing)
    printNote(context, `not acknowledged, as it is not in the casebook: ${receipt}`)
  return missing.length === 0 && brought !== null ? 0 : 1
}

/**
 * Writes `replies/` onto the stick. If that is not possible, the reason is printed, and the
 * envelopes are acknowledged nevertheless.
 */
async function bringAnswers(
  context: CliContext,
  work: DeskWork & { keyring: Keyring; fingerprint: string },
): Promise<BroughtReplies | null> {
  try {
    const organisation = await loadOrganisation(work.dir)
    return await bringReplies({
      ...work,
      actor: actorOf(context, work.casebook, work.by),
      organisation: organisation?.sha256 ?? null,
      day: today(context),
      primitives: await loadSodiumPrimitives(),
    })
  } catch (error) {
    if (!(error instanceof CasebookError || error instanceof KeyringError)) throw error
    printNote(context, `no answers are on the stick: ${printable(error.message)}`)
    return null
  }
}

function hasNews(brought: BroughtReplies | null): brought is BroughtReplies {
  return brought !== null && brought.sent.length + brought.waiting.length + brought.opened > 0
}

function sayReplies({ sent, waiting, opened }: BroughtReplies): string {
  return [
    `${count(sent.length, 'answer')} on the stick`,
    opened === 0
      ? ''
      : `${count(opened, 'source learns', 'sources learn')} that staff opened their message`,
    waiting.length === 0
      ? ''
      : count(waiting.length, 'more waits for the next stick', 'more wait for the next stick'),
  ]
    .filter((part) => part !== '')
    .join('; ')
}

function describeReplies({ drop, seq, sent, repeated, waiting, opened }: BroughtReplies): object {
  return { drop, seq, sent, repeated, waiting, opened }
}

/**
 * Refuses an unknown signer at the desk. Otherwise the server would reject the acknowledgement days
 * later, far away from the desk.
 */
function checkSigner(context: CliContext, keyring: Keyring, key: SigningKey): void {
  const line = formatPublicKeyLine(key.publicKey)
  const isKnown = signersOn(keyring, 'acknowledgement', today(context)).some(
    (entry) => entry.public_key === line,
  )
  if (!isKnown)
    throw failure(
      "this key is no acknowledgement signer of the keyring today (--key): name the desk's own, or add its card in a ceremony",
    )
}
