import { createHash } from 'node:crypto'
import { maxTipBytes } from '../../tip/bounds.ts'
import { CasebookError } from '../files/errors.ts'
import { tipLayoutOf } from '../files/layout.ts'
import { readCasebookFile } from '../files/read-file.ts'
import { Union } from '../people/union.ts'

/** Tips read in parallel. */
const atOnce = 32

/**
 * The receipts among `receipts` of all tips that `withConversations` needs for the `chosen` ones:
 * those that share a recipient or a tag key with them, directly or through other tips. Reads only
 * the reply groups, because few of thousands of tips are of one source. A tip whose groups cannot
 * be read is included: its folder is then read with more care.
 * @throws errors of the disk.
 */
export async function tipsNearby(
  casebook: string,
  receipts: readonly string[],
  chosen: readonly string[],
): Promise<string[]> {
  const union = new Union()
  const unsure = new Set<string>()
  for (let start = 0; start < receipts.length; start += atOnce) {
    const some = receipts.slice(start, start + atOnce)
    const halves = await Promise.all(some.map((receipt) => readHalves(casebook, receipt)))
    for (const [index, receipt] of some.entries()) {
      const found = halves[index] ?? null
      if (found === null) unsure.add(receipt)
      else for (const half of found) union.join(receipt, half)
    }
  }
  const wanted = new Set(chosen.map((receipt) => union.find(receipt)))
  return receipts.filter((receipt) => unsure.has(receipt) || wanted.has(union.find(receipt)))
}

/** Digests of the recipients and tag keys that a tip names; null if it cannot be read. */
async function readHalves(casebook: string, receipt: string): Promise<string[] | null> {
  try {
    const bytes = await readCasebookFile(tipLayoutOf(casebook, receipt).tip, maxTipBytes)
    if (bytes === null) return []
    const { reply, reply_next: next } = objectOf(JSON.parse(Buffer.from(bytes).toString('utf8')))
    return [objectOf(reply), objectOf(next)].flatMap((group) =>
      (['recipient', 'tag_key'] as const).flatMap((half) => {
        const value = group[half]
        return typeof value === 'string' ? [`${half} ${digestOf(value)}`] : []
      }),
    )
  } catch (error) {
    if (error instanceof CasebookError || error instanceof SyntaxError) return null
    throw error
  }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

/** A recipient is 2 kB long, and a casebook may have thousands. */
function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
