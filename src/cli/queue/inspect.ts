import type { BlobEntry } from '../../store/blob-store.ts'
import { dayOfInstant } from '../../time/day.ts'
import { defineCommand } from '../frame/command.ts'
import { printJson, printLine } from '../frame/context.ts'
import { explainReason, sizeClass } from './reasons.ts'
import {
  type DeadLetters,
  findDead,
  noSuchDeadLetter,
  openDeadLetters,
  readId,
  shortOf,
} from './dead-letters.ts'

interface Shown {
  id: string
  size: string
  day: string
  reason: string | null
  meaning: string
}

export const inspect = defineCommand({
  name: 'queue inspect',
  summary: 'list the dead letters, and why each can never be stored',
  usage: '[ID…] [--json]',
  help: `Dead letters have a receipt, are kept in quarantine/ and are never removed automatically. The list shows
the beginning of the receipt, a size class, the day and the reason, nothing finer. An ID has 8 digits or more.

Exit status 0, even if there are none. 1: an ID is not that of a dead letter.`,
  options: { json: { type: 'boolean', about: 'print JSON' } },
  positionals: { min: 0, max: 1000 },
  async run(context, values, ids) {
    const wanted = ids.map(readId)
    const dead = await openDeadLetters(context, await context.settings())
    const shown = await Promise.all(pick(dead, wanted).map((entry) => show(dead, entry)))
    if (values.json === true) printJson(context, shown)
    else if (shown.length === 0) printLine(context, 'no dead letters')
    else for (const line of table(shown)) printLine(context, line)
    return 0
  },
})

function pick({ entries }: DeadLetters, ids: readonly string[]): readonly BlobEntry[] {
  if (ids.length === 0) return entries
  return ids.map((id) => {
    const entry = findDead(entries, id)
    if (entry === null) throw noSuchDeadLetter(id)
    return entry
  })
}

async function show({ reasons }: DeadLetters, { receipt, bytes, day }: BlobEntry): Promise<Shown> {
  const reason = await reasons.find(receipt)
  return {
    id: shortOf(receipt),
    size: sizeClass(bytes),
    day: dayOfInstant(day),
    reason,
    meaning: explainReason(reason),
  }
}

function table(shown: readonly Shown[]): string[] {
  const rows = shown.map(({ id, size, day, reason }) => [id, size, day, reason ?? 'unknown'])
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  const meanings = new Map(shown.map(({ reason, meaning }) => [reason ?? 'unknown', meaning]))
  return [...lines, '', ...[...meanings].map(([reason, meaning]) => `${reason}: ${meaning}`)]
}
