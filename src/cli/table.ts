import type { Command, CommandGroup } from './command.ts'

export interface TableEntry {
  readonly name: string
  readonly summary: string
  /** Only the command that runs is loaded: `--help` stays instant. */
  load(): Promise<{ readonly command: Command | CommandGroup }>
}

/** Every command, in the order a tip travels. One line and one file a command. */
export const commandTable: readonly TableEntry[] = [
  { name: 'keys', summary: 'make and show the keys of people', load: () => import('./keys.ts') },
  { name: 'keyring', summary: 'hold the ceremony: who may read tips', load: () => import('./keyring.ts') },
  { name: 'seal', summary: 'seal a tip and its files, on this machine, to the keyring', load: () => import('./seal.ts') },
  { name: 'send', summary: 'send a sealed tip and print its receipt', load: () => import('./send.ts') },
  { name: 'status', summary: 'say whether a tip sent now would arrive', load: () => import('./status.ts') },
  { name: 'export', summary: 'write what the desk does not have yet to a folder, for the stick', load: () => import('./export.ts') },
  { name: 'verify', summary: 'check an export folder: signature, sums and each envelope', load: () => import('./verify.ts') },
  { name: 'open', summary: 'open an export on the desk into a casebook', load: () => import('./open.ts') },
  { name: 'acknowledge', summary: 'desk: say what was opened; server: take that in', load: () => import('./acknowledge.ts') },
]
