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
    }
  } catch (error) {
    if (!(error instanceof CasebookError)) throw error
    return { file: emptyCaseFile(receipt), damage: `case.json ${error.message}` }
  }
}

export function emptyCaseFile(receipt: string): CaseFile {
  return { schema: 'tumen-case/1', receipt, changes: [] }
}

/** @throws CasebookError `FILE_DAMAGED`, naming the change and its field. */
export function parseCaseFile(bytes: Uint8Array, receipt: string): CaseFile {
  const value = parseJsonFile(bytes)
  const problem =
    frameProblem(value, receipt) ??
    (value as CaseFile).changes.map(numberedProblem).find((found) => found !== null) ??
    null
  if (problem !== null) throw new CasebookError('FILE_DAMAGED', `does not fit: ${problem}`)
  return value as CaseFile
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
