import type { CommandGroup } from './command.ts'
import { keysNew } from './keys-new.ts'
import { keysShow } from './keys-show.ts'

export const command: CommandGroup = {
  name: 'keys',
  summary: 'make and show the keys of people',
  subcommands: [keysNew, keysShow],
}
