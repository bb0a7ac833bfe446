import { deskTable } from './desk-table.ts'
import type { TableEntry } from './table-entry.ts'

/** What needs the server, or the way to it. */
const networkTable: readonly TableEntry[] = [
  {
    name: 'setup',
    summary: 'ask what it cannot find out, check this machine, write the file of settings',
    load: () => import('./setup.ts'),
  },
  {
    name: 'send',
    summary: 'send a sealed tip and print its receipt',
    load: () => import('./send.ts'),
  },
  {
    name: 'status',
    summary: 'say whether a tip sent now would arrive',
    load: () => import('./status.ts'),
  },
  {
    name: 'healthcheck',
    summary: 'for containers: whether the process of this role serves',
    load: () => import('./healthcheck.ts'),
  },
  {
    name: 'ops-onion',
    summary: 'who of ops may reach the dashboard over Tor',
    load: () => import('./ops-onion.ts'),
  },
  {
    name: 'front-page',
    summary: 'write a page for the open web that only sends people to the onion',
    load: () => import('./front-page.ts'),
  },
  {
    name: 'export',
    summary: 'write what the desk does not have yet to a folder, for the stick',
    load: () => import('./export.ts'),
  },
  {
    name: 'queue',
    summary: 'dead letters: what can never be stored as it is',
    load: () => import('./queue.ts'),
  },
  {
    name: 'drain',
    summary: 'take in no new tips, for an upgrade or a move',
    load: () => import('./drain.ts'),
  },
  {
    name: 'backup',
    summary: 'copy spool, vault, dead letters, ledger and keyring, while running',
    load: () => import('./backup.ts'),
  },
  {
    name: 'restore',
    summary: 'make an empty data folder from a backup, checking every byte',
    load: () => import('./restore.ts'),
  },
  {
    name: 'doctor',
    summary: 'check settings, rights, clock, disk, Redis, tor and keyring, and say what to do',
    load: () => import('./doctor.ts'),
  },
]

const isBeforeSending = ({ name }: TableEntry) => ['keys', 'keyring', 'seal'].includes(name)

/** Every command, in the order a tip travels. */
export const commandTable: readonly TableEntry[] = [
  ...deskTable.filter(isBeforeSending),
  ...networkTable,
  ...deskTable.filter((entry) => !isBeforeSending(entry)),
]
