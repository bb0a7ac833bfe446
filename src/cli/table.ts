import { deskTable } from './desk-table.ts'
import type { TableEntry } from './frame/command.ts'

/** The commands that run on the server or need a network. */
const networkTable: readonly TableEntry[] = [
  {
    name: 'setup',
    summary: 'check this machine, ask what it cannot find out, and write the settings file',
    load: () => import('./setup/setup.ts'),
  },
  {
    name: 'send',
    summary: 'send a sealed tip and print its receipt',
    load: () => import('./tip/send.ts'),
  },
  {
    name: 'answers',
    summary: 'fetch the answers of staff and show those for the twelve words',
    load: () => import('./thread/answers.ts'),
  },
  {
    name: 'status',
    summary: 'say whether the server is ready, what is wrong, and what to do',
    load: () => import('./server/status.ts'),
  },
  {
    name: 'healthcheck',
    summary: 'for containers: check that the process of a role is working',
    load: () => import('./server/healthcheck.ts'),
  },
  {
    name: 'ops-onion',
    summary: 'manage who may reach the dashboard over Tor',
    load: () => import('./server/ops-onion.ts'),
  },
  {
    name: 'front-page',
    summary: 'write a page for the open web that leads people to the onion',
    load: () => import('./server/front-page.ts'),
  },
  {
    name: 'export',
    summary: 'write the tips that the desk does not have yet to a folder on the stick',
    load: () => import('./stick/export.ts'),
  },
  {
    name: 'queue',
    summary: 'inspect and handle dead letters: uploads that can never be stored unchanged',
    load: () => import('./queue/group.ts'),
  },
  {
    name: 'drain',
    summary: 'stop accepting new tips, for an upgrade or a move',
    load: () => import('./server/drain.ts'),
  },
  {
    name: 'free-space',
    summary: 'delete acknowledged envelopes now, without waiting for the end of their retention',
    load: () => import('./server/free-space.ts'),
  },
  {
    name: 'backup',
    summary: 'copy spool, vault, dead letters, ledger and keyring, while running',
    load: () => import('./server/backup.ts'),
  },
  {
    name: 'store',
    summary: 'move the envelopes to another store',
    load: () => import('./store/group.ts'),
  },
  {
    name: 'ledger',
    summary: 'sign the head of the ledger, so that it cannot be rewritten later',
    load: () => import('./ledger/group.ts'),
  },
  {
    name: 'migrate',
    summary: 'bring a data folder of an earlier version up to date',
    load: () => import('./server/migrate.ts'),
  },
  {
    name: 'restore',
    summary: 'make an empty data folder from a backup, checking every byte',
    load: () => import('./server/restore.ts'),
  },
  {
    name: 'doctor',
    summary: 'check settings, permissions, clock, disk, Redis, tor and keyring, and advise',
    load: () => import('./setup/doctor.ts'),
  },
  {
    name: 'debug',
    summary: 'collect what a maintainer needs to understand a fault, without secrets',
    load: () => import('./setup/debug.ts'),
  },
]

const isBeforeSending = ({ name }: TableEntry) =>
  ['keys', 'keyring', 'seal', 'words'].includes(name)

/** All commands, in the order of a tip's way. */
export const commandTable: readonly TableEntry[] = [
  ...deskTable.filter(isBeforeSending),
  ...networkTable,
  ...deskTable.filter((entry) => !isBeforeSending(entry)),
]
