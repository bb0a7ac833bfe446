import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { DiskModel, Pending, Tree } from './disk-model.ts'
import { bytesIn, type Call } from './parse-strace.ts'

/** What a power cut may leave at one moment, and what had been promised by then. */
export interface CrashState {
  tree: Tree
  /** Receipts that a source had been given. */
  receipts: ReadonlySet<string>
  /** By the id of an upload: the bytes that its sender had been told are safe. */
  offsets: ReadonlyMap<string, number>
  /** The call before which the power went, and what else survived. */
  text: string
}

/**
 * Every state, each once: before each call, with nothing of what was not synced, with all of it,
 * with each piece alone, and with all pieces but one.
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
  // Only one upload is under way in a recording, so the answer is about that one.
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

/** Makes the state real under `dir`. */
export function buildState({ tree }: CrashState, dir: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  for (const [path, bytes] of tree)
    if (bytes === null) mkdirSync(join(dir, path), { recursive: true, mode: 0o700 })
    else {
      mkdirSync(dirname(join(dir, path)), { recursive: true, mode: 0o700 })
      writeFileSync(join(dir, path), bytes, { mode: 0o600 })
    }
}
