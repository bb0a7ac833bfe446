import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseSecretKey, signMinisign } from '../../../src/keyring/minisign.ts'
import { dropTrustedComment } from '../../../src/replies/index-file.ts'
import type { ReplyGroup } from '../../../src/thread/thread.ts'
import type { Day } from '../../../src/time/day.ts'
import { dayOfInstant } from '../../../src/time/day.ts'
import type { AnswerToWrite, MadeReplyDrop } from '../../page/sealing/served-replies.ts'
import { dropWith, indexFiles, indexOf } from '../../page/sealing/served-replies.ts'
import { until } from '../../supervise/start.ts'
import { sha256 } from '../../support/sealed.ts'
import type { Site } from './site.ts'

/** One answer on the desk's next stick. */
export interface DeskAnswer {
  to: ReplyGroup
  text: string
  asks?: AnswerToWrite['asks']
}

/** A drop of today with one answer; staff have opened a tip of the same thread. */
export async function dropOf({ to, text, asks = [] }: DeskAnswer): Promise<MadeReplyDrop> {
  const day = today()
  return await dropWith(day, [{ to, text, asks, day }], [to])
}

/**
 * Carries drops on a stick from the desk to the server, newest first, and starts the intake again:
 * it shows new drops when it starts.
 * @param seq number of the desk's index; the first one after the ceremony is 2
 */
export async function carryDrops(
  site: Site,
  seq: number,
  drops: readonly MadeReplyDrop[],
): Promise<void> {
  const stick = `stick-of-answers-${seq}`
  await mkdir(site.at(stick, 'replies'), { recursive: true })
  const files = await filesOf(site, seq, drops)
  for (const [name, bytes] of Object.entries(files))
    await writeFile(join(site.at(stick, 'replies'), name), bytes)
  const taken = await site.tumen('acknowledge', site.at(stick))
  if (taken.status !== 0) throw new Error(`tumen acknowledge: ${taken.stderr}`)
  await site.killIntake()
  for (const { id } of drops)
    await until(
      async () => (await fetch(`${site.url}/replies/${id}.tar`)).status === 200,
      () => `the drop ${id} to be served`,
    )
}

async function filesOf(
  site: Site,
  seq: number,
  drops: readonly MadeReplyDrop[],
): Promise<Record<string, Uint8Array>> {
  const keyringJson = await readFile(site.at('keys', 'keyring.json'))
  const { issued } = JSON.parse(keyringJson.toString('utf8')) as { issued: Day }
  const desk = parseSecretKey(await readFile(site.at('var', 'demo', 'desk.key'), 'utf8'))
  const keyring = { sha256: sha256(keyringJson), issued, older: [] }
  const files = indexFiles(indexOf({ day: today(), keyring, seq }, drops), desk)
  for (const { id, bytes } of drops) {
    files[`${id}.tar`] = bytes
    const trustedComment = dropTrustedComment(id)
    files[`${id}.tar.minisig`] = Buffer.from(
      signMinisign({ secretKey: desk, message: bytes, trustedComment }),
    )
  }
  return files
}

const today = (): Day => dayOfInstant(new Date())
