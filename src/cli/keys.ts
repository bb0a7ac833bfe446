import type { CommandGroup } from './command.ts'
import { keysCombine } from './keys-combine.ts'
import { keysNew } from './keys-new.ts'
import { keysShow } from './keys-show.ts'
import { keysSplit } from './keys-split.ts'

export const command: CommandGroup = {
  name: 'keys',
  summary: 'make, show, split and restore the keys of people',
  subcommands: [keysNew, keysShow, keysSplit, keysCombine],
}
