import { sha256 } from '@noble/hashes/sha2.js'
import { hex } from '@scure/base'
import { noblePrimitives } from '../../age/noble.ts'
import type { ReplyIndex } from '../../replies/index-file.ts'
import { isCurrentIndex, type JudgedKeys, judgeKeysByAll } from '../../replies/judge-index.ts'
import type { OpenedDrop } from '../../replies/open-drop.ts'
import { openDrop } from '../../replies/open-drop.ts'
import type { Thread } from '../../thread/thread.ts'
import type { Day } from '../../time/day.ts'
import { daysBetween } from '../../time/day.ts'
import { joinAnswers, noAnswers } from './join-answers.ts'
import type { IndexSigner } from './reply-index.ts'
import { indexSigners, readSignedIndex } from './reply-index.ts'
import { dropsPerBundle, maxBundles } from '../../replies/bounds.ts'
import type { OpenedAnswers, RepliesState } from './replies.ts'
import type { SignedKeyring } from './trusted-keyring.ts'

/** Editions of the tip's schema from this one on have words. */
const editionWithWords = 2

type Listed = ReplyIndex['drops'][number]

/** The indexes and drops that have arrived, and what they hold for a thread. */
export class ReplyBox {
  readonly #signed: SignedKeyring
  readonly #today: Day
  /** The newest valid index of each signer, by the signer's key. */
  readonly #indexes = new Map<string, ReplyIndex>()
  /** Indexes without their signature, and signatures without their index. */
  readonly #halves = new Map<string, Uint8Array>()
  readonly #drops = new Map<string, Uint8Array>()
  #opened: { thread: Thread; drops: Map<string, OpenedDrop | null> } | null = null

  constructor(signed: SignedKeyring, today: Day) {
    this.#signed = signed
    this.#today = today
  }

  /** The indexes to fetch, which depend on the keyring alone. */
  get signers(): IndexSigner[] {
    return indexSigners(this.#signed.keyring, this.#today)
  }

  /** Number of bundles that hold every listed drop, the newest one included. */
  get bundles(): number {
    return Math.min(maxBundles, Math.max(1, Math.ceil(this.#listed().length / dropsPerBundle)))
  }

  /** Takes a file by its name; ignores what is neither listed nor signed. */
  take(name: string, bytes: Uint8Array): void {
    const drop = /^([0-9a-f]{32})\.tar$/.exec(name)?.[1]
    if (drop === undefined) this.#takeHalf(name, bytes)
    else this.#takeDrop(drop, bytes)
  }

  describe(): Pick<RepliesState, 'keys' | 'lastDay' | 'canAnswer' | 'drops' | 'days'> {
    const current = this.#current()
    const listed = this.#listed()
    const come = listed.filter(({ id }) => this.#drops.has(id))
    const oldest = come.map(({ day }) => day).sort()[0]
    return {
      keys: this.#judgeKeys(),
      lastDay:
        current
          .map(({ day }) => day)
          .toSorted()
          .at(-1) ?? null,
      canAnswer: current.length > 0 && current.every(({ reads }) => reads >= editionWithWords),
      drops: {
        come: come.length,
        total: listed.length,
        isNewestCome: listed.slice(0, dropsPerBundle).every(({ id }) => this.#drops.has(id)),
      },
      days: oldest === undefined ? 0 : Math.max(1, daysBetween(oldest, this.#today)),
    }
  }

  /**
   * Opens what has come so far for this thread. May be called again when more has come. Under a
   * keyring that staff have replaced nothing is shown: it may still name a desk that was seized.
   */
  async open(thread: Thread): Promise<OpenedAnswers> {
    if (this.#judgeKeys().state === 'replayed') return noAnswers
    if (this.#opened?.thread !== thread) this.#opened = { thread, drops: new Map() }
    const { drops } = this.#opened
    const opened: { day: Day; drop: OpenedDrop }[] = []
    for (const { id, day } of this.#listed()) {
      const bytes = this.#drops.get(id)
      if (bytes === undefined) continue
      if (!drops.has(id)) drops.set(id, await openOrNull(thread, id, bytes))
      const drop = drops.get(id)
      if (drop) opened.push({ day, drop })
    }
    return joinAnswers(opened)
  }

  #judgeKeys(): JudgedKeys {
    return judgeKeysByAll({
      keyringSha256: this.#signed.fingerprint,
      keyringIssued: this.#signed.keyring.issued,
      indexes: [...this.#indexes.values()],
      today: this.#today,
    })
  }

  #takeHalf(name: string, bytes: Uint8Array): void {
    this.#halves.set(name, bytes)
    const fileName = name.replace(/\.minisig$/, '')
    const [index, signature] = [fileName, `${fileName}.minisig`].map((half) =>
      this.#halves.get(half),
    )
    const signer = this.signers.find((each) => each.fileName === fileName)
    if (index === undefined || signature === undefined || signer === undefined) return
    this.#halves.delete(fileName)
    this.#halves.delete(`${fileName}.minisig`)
    const read = readSignedIndex(signer, { bytes: index, signature })
    const known = this.#indexes.get(signer.publicKey)
    if (read !== null && (known === undefined || read.seq > known.seq))
      this.#indexes.set(signer.publicKey, read)
  }

  #takeDrop(id: string, bytes: Uint8Array): void {
    const listed = this.#listed().find((each) => each.id === id)
    if (listed === undefined || bytes.length !== listed.bytes) return
    if (hex.encode(sha256(bytes)) === listed.sha256) this.#drops.set(id, bytes)
  }

  /** The indexes that say something about today. */
  #current(): ReplyIndex[] {
    return [...this.#indexes.values()].filter((index) => isCurrentIndex(index, this.#today))
  }

  /** Every drop that an index names, newest first. */
  #listed(): Listed[] {
    const byId = new Map<string, Listed>()
    for (const { drops } of this.#indexes.values())
      for (const drop of drops) if (!byId.has(drop.id)) byId.set(drop.id, drop)
    return [...byId.values()].sort((a, b) => (a.day < b.day ? 1 : a.day > b.day ? -1 : 0))
  }
}

/** A listed drop that cannot be read was made by a faulty desk: the others are still shown. */
async function openOrNull(
  thread: Thread,
  id: string,
  bytes: Uint8Array,
): Promise<OpenedDrop | null> {
  return await openDrop(noblePrimitives, thread, id, bytes).catch(() => null)
}
