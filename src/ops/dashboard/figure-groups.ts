import type { Figures, Folder } from '../figures.ts'
import type { Failover } from '../../queue/failover.ts'
import type { Health, Several } from '../health.ts'

export interface FigureRow {
  label: string
  /** Null: currently unknown; never shown as 0. */
  value: string | number | null
  unit?: string
}

export interface FigureGroup {
  title: string
  rows: FigureRow[]
}

/** Figures of the current state, which no arriving tip changes. */
export function nowGroups({
  isRedisUp,
  processes,
  keyringDaysLeft,
  canary,
  onion,
  several,
}: Health): FigureGroup[] {
  return [
    {
      title: 'Running now',
      rows: [
        { label: 'Intake', value: processes && processes.intake, unit: 'up' },
        { label: 'Worker', value: processes && processes.worker, unit: 'up' },
        { label: 'Redis', value: isRedisUp ? 'answers' : 'does not answer' },
        {
          label: 'Keyring',
          value: keyringDaysLeft ?? 'not valid',
          ...(keyringDaysLeft !== null && { unit: 'more days' }),
        },
        ...(onion === null
          ? []
          : [{ label: 'Onion', value: onion.state === 'unknown' ? null : onion.state }]),
        {
          label: 'Canary',
          value:
            canary &&
            `${canary.state}${canary.latencyBand === null ? '' : `, ${canary.latencyBand}`}`,
        },
      ],
    },
    ...(several === null ? [] : [severalGroup(several)]),
  ]
}

function severalGroup({ store, machines, failover }: Several): FigureGroup {
  const { isUp, isFull, suspects } = store
  return {
    title: 'Machines',
    rows: [
      { label: 'Store', value: isUp ? (isFull ? 'full' : 'answers') : 'does not answer' },
      { label: 'Objects with wrong bytes', value: suspects === 0 ? 'none' : suspects },
      { label: 'Processes that are missing', value: machines.missing || 'none' },
      ...(failover === null ? [] : failoverRows(failover)),
      ...(machines.chiefs.length === 0 ? [{ label: 'Once for all', value: null }] : []),
      ...machines.chiefs.map(({ instance, since }) => ({
        label: 'Once for all',
        value: `${instance}, since ${step(since).value}`,
      })),
      ...machines.chains.map(({ instance, day, head }) => ({
        label: `Ledger of ${instance}`,
        value: `${head} at the end of ${day}`,
      })),
    ],
  }
}

function failoverRows({ kind, replicas, sentinels, isReady }: Failover): FigureRow[] {
  return [
    {
      label: kind === 'cluster' ? 'Redis Cluster' : 'Redis Sentinel',
      value: isReady ? 'can take over' : 'cannot take over',
    },
    { label: 'Replicas of the master', value: replicas },
    ...(sentinels === null
      ? []
      : [{ label: 'Sentinels', value: `${sentinels.answering} of ${sentinels.named} answer` }]),
  ]
}

/** Figures that arriving tips change: published in steps, and rounded. One line for each figure. */
export function steppedGroups(figures: Figures | null): FigureGroup[] {
  const queue = figures?.queue ?? null
  return [
    {
      title: 'Tips',
      rows: [
        { label: 'In the spool, safe, not stored yet', ...envelopes(figures?.spool) },
        {
          label: 'Oldest in the spool, at least',
          value: figures?.spoolOldestMinutes ?? null,
          unit: 'min',
        },
        { label: 'In the vault, for export', ...envelopes(figures?.vault) },
        { label: 'Collected by the desk', ...envelopes(figures?.collected) },
        { label: 'Unfinished uploads', ...upTo(figures?.uploads?.unfinished) },
        { label: 'Dead letters', ...envelopes(figures?.quarantine) },
        { label: 'Last export', ...step(figures?.lastExport) },
        { label: 'Last acknowledgement', ...step(figures?.lastAcknowledgement) },
        { label: "The desk's index of answers", ...indexAge(figures?.replies) },
        { label: 'Sealed to an old keyring', ...upTo(figures?.sealedToOldKeyring) },
        { label: 'Crowded in the last hour', ...yesNo(figures?.isCrowded) },
      ],
    },
    {
      title: 'Room',
      rows: [
        { label: 'Free for envelopes, at least', ...bytes(figures?.freeBytes) },
        { label: 'Free inodes, at least', value: figures?.freeInodes ?? null },
        {
          label: 'Full in, at the present rate',
          value: figures?.daysUntilFull ?? null,
          unit: 'days',
        },
        { label: 'Vault, up to', ...bytes(figures?.vault?.bytes) },
        { label: 'Collected, up to', ...bytes(figures?.collected?.bytes) },
      ],
    },
    {
      title: 'Queue',
      rows: [
        { label: 'Waiting', ...upTo(queue?.waiting) },
        { label: 'Being stored', ...upTo(queue?.active) },
        { label: 'To be tried again', ...upTo(queue?.delayed) },
        { label: 'Failed', ...upTo(queue?.failed) },
      ],
    },
  ]
}

type Shown = Pick<FigureRow, 'value' | 'unit'>

function envelopes(folder: Folder | null | undefined): Shown {
  return upTo(folder?.envelopes)
}

function upTo(count: number | null | undefined): Shown {
  if (count == null) return { value: null }
  return { value: count === 0 ? 'none' : `up to ${count}` }
}

/** Without an index, sources can neither be answered nor told that staff confirmed the keys. */
function indexAge(replies: Figures['replies'] | undefined): Shown {
  if (replies == null) return { value: null }
  if (replies.indexAgeDays === null) return { value: 'none yet: no answers are possible' }
  return { value: replies.indexAgeDays, unit: 'days old' }
}

function yesNo(isSo: boolean | null | undefined): Shown {
  return { value: isSo == null ? null : isSo ? 'yes' : 'no' }
}

/** The time of a step. Steps are published on quarter hours, so ops knows no more exact time. */
function step(moment: Date | null | undefined): Shown {
  return {
    value: moment == null ? null : `${moment.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
  }
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']

function bytes(count: number | null | undefined): Shown {
  if (count == null) return { value: null }
  const power = count < 1 ? 0 : Math.min(byteUnits.length - 1, Math.floor(Math.log10(count) / 3))
  return { value: count / 1000 ** power, unit: byteUnits[power] ?? '' }
}
