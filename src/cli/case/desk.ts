import { createCasebookStore } from '../../desk/terminal/casebook-store.ts'
import type { Terminal } from '../../desk/terminal/driver.ts'
import { runDesk } from '../../desk/terminal/driver.ts'
import { defineCommand } from '../frame/command.ts'
import type { CliContext } from '../frame/context.ts'
import { resolvePath, tool } from '../frame/context.ts'
import { usageError } from '../frame/errors.ts'

const maxNameCharacters = 100

export const command = defineCommand({
  name: 'desk',
  summary: 'browse the casebook and work on cases with the keyboard',
  usage: '[--casebook DIR] [--by NAME]',
  help: `Shows the cases, most urgent first, and what is known of each; status, notes, contacts,
consent, links and corrections can be written from there. Press ? in it for the keys. The
terminal needs 80 columns and 24 rows. Nothing stays on the screen when it is left.
To do the same from a script: tumen case.

Exit status 0: left by a key. 1: the casebook cannot be read.`,
  options: {
    casebook: { type: 'string', value: 'DIR', about: 'the casebook (default: casebook)' },
    by: {
      type: 'string',
      value: 'NAME',
      about: 'who you are, for the history of each case (default: analyst)',
    },
  },
  positionals: { min: 0, max: 0 },
  async run(context, values) {
    const analyst = values.by ?? 'analyst'
    if (analyst.trim() === '' || analyst.length > maxNameCharacters)
      throw usageError(`--by takes a name of 1 to ${maxNameCharacters} characters`)
    const terminal = terminalOf(context)
    const actor = {
      casebook: resolvePath(context, values.casebook ?? 'casebook'),
      role: analyst,
      tool,
      now: () => context.clock.now(),
    }
    const store = createCasebookStore(actor)
    // Cases are loaded before the program takes over the screen, so that errors appear in the plain
    // terminal.
    await store.load()
    await runDesk({
      terminal,
      store,
      analyst,
      clock: context.clock,
      onInterrupt: context.onInterrupt,
      suspend: context.suspend,
    })
    return 0
  },
})

function terminalOf({ stdin, stdout, isTerminal }: CliContext): Terminal {
  if (!isTerminal.stdin || !isTerminal.stdout)
    throw usageError('tumen desk needs a terminal: in a script use tumen case')
  // Both are terminals, as checked above, so the streams are those of node:tty.
  return { input: stdin as Terminal['input'], output: stdout as Terminal['output'] }
}
