import { deskTable } from './desk-table.ts'
import type { TableEntry } from './frame/command.ts'

/** What needs the server, or the way to it. */
const networkTable: readonly TableEntry[] = [
  {
    name: 'setup',
    summary: 'ask what it cannot find out, check this machine, write the file of settings',
    load: () => import('./setup/setup.ts'),
  },
  {
    name: 'send',
    summary: 'send a sealed tip and print its receipt',
    load: () => import('./tip/send.ts'),
  },
  {
    name: 'status',
    summary: 'say whether the server is ready, what is wrong, and what to do',
    load: () => import('./server/status.ts'),
  },
  {
    name: 'healthcheck',
    summary: 'for containers: whether the process of this role serves',
    load: () => import('./server/healthcheck.ts'),
  },
  {
    name: 'ops-onion',
    summary: 'who of ops may reach the dashboard over Tor',
    load: () => import('./server/ops-onion.ts'),
  },
  {
    name: 'front-page',
    summary: 'write a page for the open web that only sends people to the onion',
    load: () => import('./server/front-page.ts'),
  },
  {
    name: 'export',
    summary: 'write what the desk does not have yet to a folder, for the stick',
    load: () => import('./stick/export.ts'),
  },
  {
    name: 'queue',
    summary: 'dead letters: what can never be stored as it is',
    load: () => import('./queue/group.ts'),
  },
  {
    name: 'drain',
    summary: 'take in no new tips, for an upgrade or a move',
    load: () => import('./server/drain.ts'),
  },
  {
    name: 'free-space',
    summary: 'delete what a desk has acknowledged now, without waiting for its retention',
    load: () => import('./server/free-space.ts'),
  },
  {
    name: 'backup',
    summary: 'copy spool, vault, dead letters, ledger and keyring, while running',
    load: () => import('./server/backup.ts'),
  },
  {
    name: 'restore',
    summary: 'make an empty data folder from a backup, checking every byte',
    load: () => import('./server/restore.ts'),
  },
  {
    name: 'doctor',
    summary: 'check settings, rights, clock, disk, Redis, tor and keyring, and say what to do',
    load: () => import('./setup/doctor.ts'),
  },
]

const isBeforeSending = ({ name }: TableEntry) => ['keys', 'keyring', 'seal'].includes(name)

/** Every command, in the order a tip travels. */
export const commandTable: readonly TableEntry[] = [
  ...deskTable.filter(isBeforeSending),
  ...networkTable,
  ...deskTable.filter((entry) => !isBeforeSending(entry)),
]
