import type { CommandGroup } from '../frame/command.ts'
import { head } from './head.ts'

export const command: CommandGroup = {
  name: 'ledger',
  summary: 'sign the head of the ledger, so that it cannot be rewritten later',
  subcommands: [head],
}
