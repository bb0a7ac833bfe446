import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { DiskModel, Pending, Tree } from './disk-model.ts'
import { bytesIn, type Call } from './parse-strace.ts'

/** What a power cut at one moment may leave on the disk, and what had been promised before. */
export interface CrashState {
  tree: Tree
  /** Receipts that had been sent to a source. */
  receipts: ReadonlySet<string>
  /** From the id of an upload to the number of bytes that its sender had been told are durable. */
  offsets: ReadonlyMap<string, number>
  /**
   * Describes the state: the call before which the power was cut, and which unsynced changes
   * survived.
   */
  text: string
}

/**
 * All distinct states: for a power cut before each call, with no unsynced change surviving, with
 * all of them, with each one alone, and with all but one.
 */
export function findCrashStates(calls: readonly Call[], disk: DiskModel): CrashState[] {
  const states = new Map<string, CrashState>()
  const receipts = new Set<string>()
  const offsets = new Map<string, number>()
  disk.replay(calls, (call) => {
    for (const [survivors, text] of choicesOf(disk.pending())) {
      const tree = disk.afterPowerCut(survivors)
      const key = keyOf(tree, receipts, offsets)
      if (states.has(key)) continue
      states.set(key, {
        tree,
        receipts: new Set(receipts),
        offsets: new Map(offsets),
        text: `line ${call.start}, before ${call.name}, ${text}`,
      })
    }
    notePromises(call, receipts, offsets)
  })
  return [...states.values()]
}

function choicesOf(pending: readonly Pending[]): [ReadonlySet<Pending>, string][] {
  const named = (piece: Pending): string =>
    piece.kind === 'name' ? piece.text : 'the bytes of a file'
  return [
    [new Set(), 'nothing survived'],
    [new Set(pending), 'all survived'],
    ...pending.map((one): [Set<Pending>, string] => [new Set([one]), `only this: ${named(one)}`]),
    ...pending.map((one): [Set<Pending>, string] => [
      new Set(pending.filter((other) => other !== one)),
      `all but this: ${named(one)}`,
    ]),
  ]
}

function notePromises(call: Call, receipts: Set<string>, offsets: Map<string, number>): void {
  if (!/^(?:write|send)/.test(call.name) || !/^\d+<UNIX/.test(call.args[0] ?? '')) return
  const answer = bytesIn(call.args[1] ?? '').toString('latin1')
  if (!answer.startsWith('HTTP/1.1 2')) return
  const receipt = /(?:"receipt":"|Tumen-Receipt: )([0-9a-f]{64})/.exec(answer)?.[1]
  if (receipt !== undefined) receipts.add(receipt)
  const id = /Location: \S*\/uploads\/([0-9a-f]{32})/.exec(answer)?.[1]
  if (id !== undefined) offsets.set(id, 0)
  // Only one upload is in progress in a recording, so the answer is about that one.
  const offset = /Upload-Offset: (\d+)/.exec(answer)?.[1]
  const [last] = [...offsets.keys()].slice(-1)
  if (offset !== undefined && last !== undefined) offsets.set(last, Number(offset))
}

function keyOf(tree: Tree, ...promises: readonly Iterable<unknown>[]): string {
  const hash = createHash('sha256').update(JSON.stringify(promises.map((each) => [...each])))
  for (const [path, bytes] of [...tree].sort(([one], [other]) => (one < other ? -1 : 1)))
    hash.update(`${path}\0${bytes === null ? 'folder' : bytes.length}\0`).update(bytes ?? '')
  return hash.digest('hex')
}

/** Writes the files and folders of a state to `dir`. */
export function buildState({ tree }: CrashState, dir: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  for (const [path, bytes] of tree)
    if (bytes === null) mkdirSync(join(dir, path), { recursive: true, mode: 0o700 })
    else {
      mkdirSync(dirname(join(dir, path)), { recursive: true, mode: 0o700 })
      writeFileSync(join(dir, path), bytes, { mode: 0o600 })
    }
}
