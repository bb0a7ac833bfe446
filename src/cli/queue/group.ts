import type { CommandGroup } from '../frame/command.ts'
import { discard } from './discard.ts'
import { inspect } from './inspect.ts'
import { retry } from './retry.ts'

export const command: CommandGroup = {
  name: 'queue',
  summary: 'dead letters: what can never be stored as it is',
  subcommands: [inspect, retry, discard],
}
