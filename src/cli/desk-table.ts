import type { TableEntry } from './frame/command.ts'

/**
 * What works on a machine without a network; all that the desk's program has. One line and one file
 * a command.
 */
export const deskTable: readonly TableEntry[] = [
  {
    name: 'keys',
    summary: 'make, show, split and restore the keys of people',
    load: () => import('./keys/group.ts'),
  },
  {
    name: 'keyring',
    summary: 'hold the ceremony: who may read tips',
    load: () => import('./keyring/group.ts'),
  },
  {
    name: 'seal',
    summary: 'seal a tip and its files, on this machine, to the keyring',
    load: () => import('./tip/seal.ts'),
  },
  {
    name: 'verify',
    summary: 'check export folders, or a casebook, against what was written down',
    load: () => import('./stick/verify.ts'),
  },
  {
    name: 'open',
    summary: 'open an export on the desk into a casebook',
    load: () => import('./stick/open.ts'),
  },
  {
    name: 'case',
    summary: 'look at a case, change it, note, link, record consent',
    load: () => import('./case/group.ts'),
  },
  {
    name: 'desk',
    summary: 'look at the casebook and work on cases, by keyboard',
    load: () => import('./case/desk.ts'),
  },
  {
    name: 'report',
    summary: 'forms for the UN, summaries, counts and exports, as far as consent goes',
    load: () => import('./report/group.ts'),
  },
  {
    name: 'acknowledge',
    summary: 'desk: say what was opened; server: take that in',
    load: () => import('./stick/acknowledge.ts'),
  },
]
