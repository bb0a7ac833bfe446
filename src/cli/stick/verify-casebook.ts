import { access } from 'node:fs/promises'
import { digestOfLine, formatLine } from '../../desk/custody/chain.ts'
import { checkChain } from '../../desk/custody/check-chain.ts'
import type { CasebookVerdict } from '../../desk/custody/verify-casebook.ts'
import { verifyCasebook } from '../../desk/custody/verify-casebook.ts'
import { layoutOf } from '../../desk/files/layout.ts'
import { fingerprintGroups } from '../../keyring/fingerprint.ts'
import { printable } from '../../desk/text/printable.ts'
import type { CliContext } from '../frame/context.ts'
import { printJson, printLine, printNote } from '../frame/context.ts'
import { createProgress } from '../frame/progress.ts'
import { count } from '../../text/count.ts'

export async function isCasebook(path: string): Promise<boolean> {
  return await access(layoutOf(path).custody).then(
    () => true,
    () => false,
  )
}

/** @returns the exit status. */
export async function verifyOneCasebook(
  context: CliContext,
  work: { casebook: string; name: string; head: string | undefined; isJson: boolean },
): Promise<number> {
  const progress = createProgress({
    stderr: context.stderr,
    isTerminal: context.isTerminal.stderr,
    label: 'verifying',
    totalBytes: null,
  })
  const verdict = await verifyCasebook(work.casebook, progress.add)
  progress.finish()
  if (work.head !== undefined && !(await hasHead(work.casebook, work.head))) {
    verdict.problems.push({
      item: 'custody.jsonl',
      why: 'the head that was noted is not in it: lines were taken away, or this is another casebook',
    })
  }
  if (work.isJson) printJson(context, verdict)
  else printVerdict(context, work.name, verdict)
  return verdict.problems.length === 0 ? 0 : 1
}

/**
 * Whether the custody log still contains the line whose digest was noted, either in hex or as
 * groups of digits.
 */
async function hasHead(casebook: string, noted: string): Promise<boolean> {
  const { lines } = await checkChain(casebook)
  const plain = noted.trim().toLowerCase()
  return lines.some((line) => {
    const digest = digestOfLine(formatLine(line))
    return digest === plain || fingerprintGroups(digest) === plain
  })
}

function printVerdict(
  context: CliContext,
  name: string,
  { tips, originals, lines, head, problems }: CasebookVerdict,
): void {
  const found = problems.length === 0 ? 'all as it was' : count(problems.length, 'problem')
  printLine(
    context,
    `${printable(name)}: ${count(tips, 'tip')}, ${count(originals, 'envelope')}, ${count(lines, 'line')} of custody: ${found}`,
  )
  if (head !== null)
    printLine(
      context,
      `head ${head.seq}: ${fingerprintGroups(head.sha256)}  (note it down elsewhere)`,
    )
  for (const { item, why } of problems) printNote(context, `${printable(item)}: ${why}`)
}
