import * as Type from 'typebox'
import { schemaProblem } from '../../keyring/schema-problem.ts'
import { maxCaseBytes, maxChanges } from '../files/bounds.ts'
import { CaseFile, Change } from '../files/case-file.ts'
import { CasebookError } from '../files/errors.ts'
import { tipLayoutOf } from '../files/layout.ts'
import { parseJsonFile, readCasebookFile } from '../files/read-file.ts'

/**
 * `damage` is the reason why case.json cannot be read, or null. A damaged file counts as empty and
 * is never overwritten.
 */
export interface ReadCase {
  readonly file: CaseFile
  readonly damage: string | null
  /** Whether the reason is that a newer version of Tumen wrote it: nothing is lost then. */
  readonly isNewer: boolean
}

const Frame = Type.Object(
  {
    schema: Type.Literal('tumen-case/1'),
    receipt: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    changes: Type.Array(Type.Unknown(), { maxItems: maxChanges }),
  },
  { additionalProperties: false },
)

const byKind = new Map(
  Change.anyOf.map((schema) => [schema.properties.kind.const as string, schema]),
)

/**
 * Reads the changes of a case; a case without case.json has none. Damaged content is reported, not
 * thrown; only errors of the disk are thrown.
 */
export async function readCaseFile(casebook: string, receipt: string): Promise<ReadCase> {
  try {
    const bytes = await readCasebookFile(tipLayoutOf(casebook, receipt).case, maxCaseBytes)
    return {
      file: bytes === null ? emptyCaseFile(receipt) : parseCaseFile(bytes, receipt),
      damage: null,
      isNewer: false,
    }
  } catch (error) {
    if (!(error instanceof CasebookError)) throw error
    return {
      file: emptyCaseFile(receipt),
      damage: `case.json ${error.message}`,
      isNewer: error.code === 'CASE_NEWER',
    }
  }
}

export function emptyCaseFile(receipt: string): CaseFile {
  return { schema: 'tumen-case/1', receipt, changes: [] }
}

/** @throws CasebookError `CASE_NEWER`; `FILE_DAMAGED`, naming the change and its field. */
export function parseCaseFile(bytes: Uint8Array, receipt: string): CaseFile {
  const value = parseJsonFile(bytes)
  if (isOfNewerVersion(value))
    throw new CasebookError(
      'CASE_NEWER',
      'was written by a newer version of Tumen: install that version on this desk',
    )
  const problem =
    frameProblem(value, receipt) ??
    (value as CaseFile).changes.map(numberedProblem).find((found) => found !== null) ??
    null
  if (problem !== null) throw new CasebookError('FILE_DAMAGED', `does not fit: ${problem}`)
  return value as CaseFile
}

/** Whether it has another number, or a kind of change that this version does not know. */
function isOfNewerVersion(value: unknown): boolean {
  const { schema, changes } = Object(value) as { schema?: unknown; changes?: unknown }
  if (typeof schema === 'string' && /^tumen-case\/(?!1$)\d+$/.test(schema)) return true
  const isUnknown = (change: unknown) => {
    const { kind } = Object(change) as { kind?: unknown }
    return typeof kind === 'string' && !byKind.has(kind)
  }
  return Array.isArray(changes) && changes.some(isUnknown)
}

export function frameProblem(value: unknown, receipt: string): string | null {
  const problem = schemaProblem(Frame, value)
  if (problem !== null) return problem
  return (value as CaseFile).receipt === receipt ? null : 'receipt is that of another case'
}

/** The reason why a value is not a valid change, or null. */
export function changeProblem(value: unknown): string | null {
  const kind =
    typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined
  const schema = typeof kind === 'string' ? byKind.get(kind) : undefined
  return schema === undefined
    ? `kind must be one of ${[...byKind.keys()].join(', ')}`
    : schemaProblem(schema, value)
}

function numberedProblem(value: unknown, index: number): string | null {
  const problem = changeProblem(value)
  return problem === null ? null : `changes[${index}] ${problem}`
}
