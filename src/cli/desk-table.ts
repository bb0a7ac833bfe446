import type { TableEntry } from './frame/command.ts'

/**
 * The commands that work on a machine without a network: all commands of the desk's program. Each
 * has one entry here and one file.
 */
export const deskTable: readonly TableEntry[] = [
  {
    name: 'keys',
    summary: 'make, show, split and restore the keys of people',
    load: () => import('./keys/group.ts'),
  },
  {
    name: 'keyring',
    summary: 'hold the ceremony and manage who may read tips',
    load: () => import('./keyring/group.ts'),
  },
  {
    name: 'seal',
    summary: 'seal a tip and its files, on this machine, to the keyring',
    load: () => import('./tip/seal.ts'),
  },
  {
    name: 'words',
    summary: 'check the twelve words of a thread, or print the age identity that they give',
    load: () => import('./thread/words.ts'),
  },
  {
    name: 'verify',
    summary: 'check export folders or a casebook against their records',
    load: () => import('./stick/verify.ts'),
  },
  {
    name: 'open',
    summary: 'open an export on the desk into a casebook',
    load: () => import('./stick/open.ts'),
  },
  {
    name: 'case',
    summary: 'show or change a case, add notes and links, record consent, answer the source',
    load: () => import('./case/group.ts'),
  },
  {
    name: 'desk',
    summary: 'browse the casebook and work on cases with the keyboard',
    load: () => import('./case/desk.ts'),
  },
  {
    name: 'report',
    summary: 'forms for the UN, summaries, counts and exports, as far as consent goes',
    load: () => import('./report/group.ts'),
  },
  {
    name: 'acknowledge',
    summary: 'on the desk: confirm the opened tips; on the server: read the confirmation',
    load: () => import('./stick/acknowledge.ts'),
  },
]
