import type { TableEntry } from './table-entry.ts'

/**
 * What works on a machine without a network; all that the desk's program has. One line and one file
 * a command.
 */
export const deskTable: readonly TableEntry[] = [
  {
    name: 'keys',
    summary: 'make, show, split and restore the keys of people',
    load: () => import('./keys.ts'),
  },
  {
    name: 'keyring',
    summary: 'hold the ceremony: who may read tips',
    load: () => import('./keyring.ts'),
  },
  {
    name: 'seal',
    summary: 'seal a tip and its files, on this machine, to the keyring',
    load: () => import('./seal.ts'),
  },
  {
    name: 'verify',
    summary: 'check export folders, or a casebook, against what was written down',
    load: () => import('./verify.ts'),
  },
  {
    name: 'open',
    summary: 'open an export on the desk into a casebook',
    load: () => import('./open.ts'),
  },
  {
    name: 'case',
    summary: 'look at a case, change it, note, link, record consent',
    load: () => import('./case.ts'),
  },
  {
    name: 'desk',
    summary: 'look at the casebook and work on cases, by keyboard',
    load: () => import('./desk.ts'),
  },
  {
    name: 'report',
    summary: 'forms for the UN, summaries, counts and exports, as far as consent goes',
    load: () => import('./report.ts'),
  },
  {
    name: 'acknowledge',
    summary: 'desk: say what was opened; server: take that in',
    load: () => import('./acknowledge.ts'),
  },
]
