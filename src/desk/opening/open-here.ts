import type { EnvelopeOnStick, ImportResult } from './import-envelope.ts'
import { importEnvelope } from './import-envelope.ts'
import type { ThreadBeginning } from './thread-tools.ts'
import { toolsOf } from './thread-tools.ts'

/**
 * Opens envelopes in this thread, `atOnce` at a time.
 * @throws the first error of the casebook's disk; no further envelope is then begun.
 */
export async function openHere(
  beginning: ThreadBeginning,
  atOnce: number,
  work: {
    envelopes: readonly EnvelopeOnStick[]
    onBytes: (bytes: number) => void
    onResult: (result: ImportResult) => void
  },
): Promise<void> {
  const { tools, close } = await toolsOf(beginning, work.onBytes)
  const waiting = oneByOne(work.envelopes)
  const openSome = async () => {
    // A failure ends the generator, so that the others take nothing more.
    for (const envelope of waiting)
      work.onResult(await importEnvelope(tools, envelope, beginning.casebook))
  }
  try {
    const lanes = await Promise.allSettled(Array.from({ length: atOnce }, openSome))
    for (const lane of lanes) if (lane.status === 'rejected') throw lane.reason
  } finally {
    await close()
  }
}

function* oneByOne<Item>(items: readonly Item[]): Generator<Item> {
  yield* items
}
