import type { CommandGroup } from '../frame/command.ts'
import { copy } from './copy.ts'

export const command: CommandGroup = {
  name: 'store',
  summary: 'move the envelopes to another store',
  subcommands: [copy],
}
