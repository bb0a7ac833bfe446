import type { CommandGroup } from '../frame/command.ts'
import { keysCombine } from './combine.ts'
import { keysNew } from './new.ts'
import { keysShow } from './show.ts'
import { keysSplit } from './split.ts'

export const command: CommandGroup = {
  name: 'keys',
  summary: 'make, show, split and restore the keys of people',
  subcommands: [keysNew, keysShow, keysSplit, keysCombine],
}
