import type { CliContext } from './context.ts'
import { printNote } from './context.ts'
import { failure } from './errors.ts'

/** Reads all of stdin, up to a limit; shows `prompt` on a terminal. @throws CliError `FAILED`. */
export async function readStdin(
  context: CliContext,
  maxBytes: number,
  prompt: string,
): Promise<Uint8Array> {
  if (context.isTerminal.stdin) printNote(context, prompt)
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of context.stdin as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > maxBytes)
      throw failure(`stdin holds more than ${maxBytes} bytes: attach long texts as files`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
