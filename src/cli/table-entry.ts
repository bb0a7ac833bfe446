import type { Command, CommandGroup } from './command.ts'

export interface TableEntry {
  readonly name: string
  readonly summary: string
  /** Only the command that runs is loaded: `--help` stays instant. */
  load(): Promise<{ readonly command: Command | CommandGroup }>
}
