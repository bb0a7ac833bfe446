import { readFile } from 'node:fs/promises'
import { tipLayoutOf } from '../files/layout.ts'
import { digestOfLine } from './chain.ts'
import type { CustodyEntry } from './record.ts'

/** The entry for a tip that a run has saved, and that it was stopped before it could log. */
export async function entryOfStoppedRun(
  casebook: string,
  receipt: string,
  action: CustodyEntry['action'],
): Promise<CustodyEntry> {
  const { tip, opened } = tipLayoutOf(casebook, receipt)
  return {
    action,
    item: receipt,
    sha256: await digestOfFile(tip),
    reason: `by a run that was stopped before it could say so; opened.json ${(await digestOfFile(opened)) ?? 'missing'}`,
  }
}

async function digestOfFile(path: string): Promise<string | null> {
  return await readFile(path).then(digestOfLine, () => null)
}
