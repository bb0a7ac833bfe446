import { createInterface } from 'node:readline'
import type { CliContext } from './context.ts'
import { safeText } from './safe-text.ts'

/** Asks a question on the terminal. Only the answer `yes` is one. */
export async function askYes(
  context: Pick<CliContext, 'stdin' | 'stderr'>,
  question: string,
): Promise<boolean> {
  const lines = createInterface({ input: context.stdin, output: context.stderr, terminal: false })
  try {
    context.stderr.write(`${safeText(question)} [yes/no] `)
    const { value: answer } = await lines[Symbol.asyncIterator]().next()
    return answer?.trim() === 'yes'
  } finally {
    lines.close()
  }
}
