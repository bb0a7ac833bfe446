import type { CommandGroup } from './command.ts'
import { discard } from './queue-discard.ts'
import { inspect } from './queue-inspect.ts'
import { retry } from './queue-retry.ts'

export const command: CommandGroup = {
  name: 'queue',
  summary: 'dead letters: what can never be stored as it is',
  subcommands: [inspect, retry, discard],
}
