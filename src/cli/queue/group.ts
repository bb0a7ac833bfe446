import type { CommandGroup } from '../frame/command.ts'
import { discard } from './discard.ts'
import { inspect } from './inspect.ts'
import { retry } from './retry.ts'

export const command: CommandGroup = {
  name: 'queue',
  summary: 'inspect and handle dead letters: uploads that can never be stored unchanged',
  subcommands: [inspect, retry, discard],
}
