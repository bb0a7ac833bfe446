import type { WayToTheDesk } from '../../desk/opening/write-down.ts'
import { waysToTheDesk, writeDownCase } from '../../desk/opening/write-down.ts'
import { readBounded } from '../../disk/small-files.ts'
import { maxTipBytes } from '../../tip/bounds.ts'
import { TipError } from '../../tip/errors.ts'
import type { DetentionTip } from '../../tip/schema.ts'
import { parseTip } from '../../tip/tip-json.ts'
import { defineCommand } from '../frame/command.ts'
import type { CliContext } from '../frame/context.ts'
import { printJson, printLine, resolvePath } from '../frame/context.ts'
import { failure, usageError } from '../frame/errors.ts'
import { readStdin } from '../frame/stdin.ts'
import { decodeTypedText } from '../frame/typed-text.ts'
import { actorOf, changeOptions, findCasebook, jsonOption, oneOf } from './find-casebook.ts'
import { refreshAfterChange } from './refresh-and-repair.ts'

export const caseNew = defineCommand({
  name: 'case new',
  summary: 'make a case from a phone call or a letter',
  usage: `TEXT|- --how ${waysToTheDesk.join('|')} [--by NAME] [--casebook DIR]
       tumen case new --tip FILE --how WAY`,
  help: `TEXT is what the person said or wrote, in their words; with - it is read from stdin, and does not
stay in the shell's history. --tip takes a tip.json with more fields instead. The case is like one
from a tip: nothing of these words leaves the desk before you confirm or rewrite it, and silence
about consent means "ask first". Add the other fields with "tumen case set".`,
  options: {
    ...changeOptions,
    ...jsonOption,
    how: { type: 'string', value: 'WAY', about: `how it came: ${waysToTheDesk.join(', ')}` },
    tip: { type: 'string', value: 'FILE', about: 'a tip.json, in place of TEXT' },
  },
  positionals: { min: 0, max: 1 },
  async run(context, values, [typed]) {
    if (values.how === undefined) throw usageError(`--how is missing: ${waysToTheDesk.join(', ')}`)
    const way: WayToTheDesk = oneOf(waysToTheDesk, values.how, '--how')
    if ((typed === undefined) === (values.tip === undefined))
      throw usageError('give TEXT, or - to read it from stdin, or --tip FILE')
    const casebook = await findCasebook(context, values.casebook)
    const actor = actorOf(context, casebook, values.by)
    const tip =
      values.tip === undefined
        ? { narrative: await textOf(context, typed ?? '') }
        : await readTipOf(context, values.tip)
    const receipt = await writeDownCase(actor, tip, way)
    if (values.json === true) printJson(context, { receipt })
    else printLine(context, `${receipt.slice(0, 8)}: written down`)
    return await refreshAfterChange(context, actor, values['no-refresh'])
  },
})

async function textOf(context: CliContext, typed: string): Promise<string> {
  const text =
    typed === '-'
      ? decodeTypedText(
          await readStdin(context, maxTipBytes, 'write the text; Ctrl-D on an empty line ends it'),
        )
      : typed
  if (text.trim() === '') throw usageError('the text is empty')
  return text.trim()
}

async function readTipOf(context: CliContext, path: string): Promise<DetentionTip> {
  const bytes = await readBounded(resolvePath(context, path), maxTipBytes)
  if (bytes === null) throw failure(`${path} is missing (--tip)`)
  try {
    return parseTip(bytes)
  } catch (error) {
    if (error instanceof TipError) throw failure(`--tip: ${error.message}`, error)
    throw error
  }
}
