import { readdir } from 'node:fs/promises'
import { CasebookError } from '../files/errors.ts'
import { layoutOf } from '../files/layout.ts'

const minPrefix = 4
const minIdLength = 8
const maxCandidates = 5

export interface TipFolders {
  /** Sorted. */
  readonly receipts: readonly string[]
  /** Other entries in tips/, which this program did not create. */
  readonly strange: readonly string[]
}

/** @throws CasebookError `NOT_A_CASEBOOK`; errors of the disk. */
export async function listTipFolders(casebook: string): Promise<TipFolders> {
  const entries = await readdir(layoutOf(casebook).tips, { withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error
      throw new CasebookError(
        'NOT_A_CASEBOOK',
        'this folder is no casebook: there is no folder tips in it',
        error,
      )
    },
  )
  const isReceipt = (name: string) => /^[0-9a-f]{64}$/u.test(name)
  return {
    receipts: entries
      .filter((entry) => entry.isDirectory() && isReceipt(entry.name))
      .map(({ name }) => name)
      .sort(),
    // `.partial-…` is a tip that is being opened, or was when the program stopped.
    strange: entries
      .filter(
        (entry) => !(entry.isDirectory() && isReceipt(entry.name)) && !entry.name.startsWith('.'),
      )
      .map(({ name }) => name)
      .sort(),
  }
}

/**
 * The shortest unique prefix of each receipt, of at least 8 hex digits.
 * @param sorted receipts
 */
export function idsOf(sorted: readonly string[]): Map<string, string> {
  return new Map(
    sorted.map((receipt, index) => {
      const common = Math.max(
        commonLength(receipt, sorted[index - 1] ?? ''),
        commonLength(receipt, sorted[index + 1] ?? ''),
      )
      return [receipt, receipt.slice(0, Math.max(minIdLength, common + 1))]
    }),
  )
}

/**
 * Finds the one receipt that starts with the typed digits; blanks and dashes between groups are
 * ignored.
 * @param typed at least 4 hex digits
 * @throws CasebookError `CASE_UNKNOWN`; `CASE_AMBIGUOUS`, naming the receipts that match.
 */
export function findReceipt(sorted: readonly string[], typed: string): string {
  const prefix = typed.slice(0, 200).replace(/[\s-]/gu, '').toLowerCase()
  if (!/^[0-9a-f]{4,64}$/u.test(prefix)) {
    const form = `the beginning of its receipt, ${minPrefix} or more of 0-9 and a-f`
    throw new CasebookError('CASE_UNKNOWN', `a case is named by ${form}; see "tumen case list"`)
  }
  const found = sorted.filter((receipt) => receipt.startsWith(prefix))
  const [receipt] = found
  if (receipt === undefined)
    throw new CasebookError('CASE_UNKNOWN', `no case begins with ${prefix}; see "tumen case list"`)
  if (found.length === 1) return receipt
  const ids = idsOf(sorted)
  const candidates = found
    .slice(0, maxCandidates)
    .map((each) => ids.get(each) ?? each)
    .join(', ')
  const more = found.length > maxCandidates ? ` and ${found.length - maxCandidates} more` : ''
  throw new CasebookError(
    'CASE_AMBIGUOUS',
    `${found.length} cases begin with ${prefix}: ${candidates}${more}; type more of it`,
  )
}

function commonLength(one: string, other: string): number {
  let length = 0
  while (length < other.length && one[length] === other[length]) length += 1
  return length
}
