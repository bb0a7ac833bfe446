import { lstat } from 'node:fs/promises'
import { schemaProblem } from '../../keyring/schema-problem.ts'
import type { DetentionTip } from '../../tip/schema.ts'
import { stampOf } from '../casebook/append-changes.ts'
import { maxOpenedBytes } from '../files/bounds.ts'
import type { Change } from '../files/case-file.ts'
import { CasebookError } from '../files/errors.ts'
import { tipLayoutOf } from '../files/layout.ts'
import { OpenedRecord } from '../files/opened-record.ts'
import { readCaseFile } from '../casebook/read-case.ts'
import { parseJsonFile, readCasebookFile } from '../files/read-file.ts'
import type { TipFile } from '../files/read-tip-file.ts'
import { readTipFile } from '../files/read-tip-file.ts'

/** The readable content of one folder of tips/. */
export interface TipFolderContent {
  readonly opened: OpenedRecord
  readonly original: DetentionTip | null
  /** Fields of `tip.json` that this version does not know. */
  readonly unknownFields: TipFile['unknown']
  readonly changes: readonly Change[]
  /** Whether case.json cannot be read: it may have held a refusal. */
  readonly isCaseDamaged: boolean
  /** Problems of reading, in addition to those found when the envelope was opened. */
  readonly problems: ReadonlyArray<{ code: string; detail: string }>
}

const damageMeans = 'what analysts wrote does not count, and nobody may be told without asking'

/**
 * Reads a tip's folder. Damaged files are reported as problems; only errors of the disk are thrown.
 */
export async function readTipFolder(casebook: string, receipt: string): Promise<TipFolderContent> {
  const [opened, tip, { file, damage, isNewer }] = await Promise.all([
    readOpened(casebook, receipt),
    readTipFile(casebook, receipt),
    readCaseFile(casebook, receipt),
  ])
  const wasNoted = opened.record.problems.some(
    ({ code }) => code === 'TIP_REFUSED' || code === 'TIP_MISSING',
  )
  return {
    opened: opened.record,
    original: tip.tip,
    unknownFields: tip.unknown,
    changes: file.changes,
    isCaseDamaged: damage !== null,
    problems: [
      ...(opened.problem === null ? [] : [{ code: 'OPENED_DAMAGED', detail: opened.problem }]),
      ...(tip.problem === null || wasNoted ? [] : [{ code: 'TIP_REFUSED', detail: tip.problem }]),
      ...(damage === null
        ? []
        : [
            {
              code: isNewer ? 'CASE_NEWER' : 'CASE_DAMAGED',
              detail: `${damage}: ${damageMeans}${isNewer ? '' : '; see "tumen case repair"'}`,
            },
          ]),
    ],
  }
}

async function readOpened(
  casebook: string,
  receipt: string,
): Promise<{ record: OpenedRecord; problem: string | null }> {
  const layout = tipLayoutOf(casebook, receipt)
  try {
    const bytes = await readCasebookFile(layout.opened, maxOpenedBytes)
    if (bytes === null) throw new CasebookError('FILE_DAMAGED', 'is missing')
    const value = parseJsonFile(bytes)
    const problem = openedProblem(value, receipt)
    if (problem !== null) throw new CasebookError('FILE_DAMAGED', `does not fit: ${problem}`)
    return { record: value as OpenedRecord, problem: null }
  } catch (error) {
    if (!(error instanceof CasebookError)) throw error
    return {
      record: await guessOpened(layout.folder, receipt),
      problem: `opened.json ${error.message}: the day it was opened is that of its folder`,
    }
  }
}

function openedProblem(value: unknown, receipt: string): string | null {
  const problem = schemaProblem(OpenedRecord, value)
  if (problem !== null) return problem
  const record = value as OpenedRecord
  if (record.receipt !== receipt) return 'receipt is that of another tip'
  return Number.isNaN(Date.parse(record.opened_at)) ? 'opened_at is not a time' : null
}

/**
 * Replaces a missing or damaged opened.json, because deadlines need a day to count from. The
 * folder's time is never much later than the opening.
 */
async function guessOpened(folder: string, receipt: string): Promise<OpenedRecord> {
  const { mtime } = await lstat(folder)
  return {
    schema: 'tumen-opened/1',
    receipt,
    opened_at: stampOf(mtime),
    tool: 'unknown',
    identity: { kind: 'hybrid', name: null, retired: null },
    export: { signer: '', comment: '' },
    envelope_bytes: 0,
    attachments: [],
    problems: [],
  }
}
