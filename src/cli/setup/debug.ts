import { writeNewFile } from '../../disk/small-files.ts'
import { type CommandGroup, defineCommand } from '../frame/command.ts'
import { printJson, printLine, printNote, resolvePath } from '../frame/context.ts'
import { gatherBundle } from './bundle.ts'

const bundle = defineCommand({
  name: 'debug bundle',
  summary: 'collect what a maintainer needs to understand a fault, without secrets',
  usage: '[-o FILE]',
  help: `Prints versions, which settings are set (numbers with their values), what doctor and /readyz find, the state of
the ledger, rounded counts, and the last lines of each process (those of systemd), as JSON.
Addresses, paths, names of staff, keys, receipts, days and times are removed. Read it before you send it.`,
  options: {
    output: { type: 'string', short: 'o', value: 'FILE', about: 'a new file instead of stdout' },
  },
  positionals: { min: 0, max: 0 },
  async run(context, { output }) {
    const gathered = await gatherBundle(context)
    if (output === undefined) {
      printJson(context, gathered)
      return 0
    }
    const text = `${JSON.stringify(gathered, null, 2)}\n`
    await writeNewFile(resolvePath(context, output), new TextEncoder().encode(text))
    printLine(context, `wrote ${output}`)
    printNote(context, 'read it before you send it to anybody')
    return 0
  },
})

export const command: CommandGroup = {
  name: 'debug',
  summary: 'collect what a maintainer needs to understand a fault, without secrets',
  subcommands: [bundle],
}
