import type { Figures, Folder, ProcessFigures } from './figures.ts'
import { type Sample, by, one } from './sample.ts'

const steps = 'Moves in steps and is rounded up to 10, 100, 1000 …'
const atLeast = 'Moves in steps; a band, at least so long.'

/** Metrics of figures that arriving tips can change, rounded, as of the last boundary. */
export function figureSamples(figures: Figures | null): Sample[] {
  if (figures === null) return []
  return [
    one(
      'tumen_figures_timestamp_seconds',
      'The boundary as of which the figures that move in steps stand.',
      figures.since.getTime() / 1000,
    ),
    ...queueSamples(figures),
    ...storeSamples(figures),
    ...redisSamples(figures),
    ...processSamples(figures),
    ...deskSamples(figures),
  ]
}

function queueSamples({ queue, queueOldestMinutes, stalls, failedAttempts }: Figures): Sample[] {
  return [
    by('state', 'tumen_queue_jobs', `Jobs in the queue. ${steps}`, {
      waiting: queue && queue.waiting,
      active: queue && queue.active,
      delayed: queue && queue.delayed,
      failed: queue && queue.failed,
    }),
    one(
      'tumen_queue_oldest_waiting_seconds',
      `How long the oldest job has waited. ${atLeast}`,
      minutes(queueOldestMinutes),
    ),
    one(
      'tumen_queue_stalls',
      `Jobs whose worker went away under them, since Redis was emptied. ${steps}`,
      stalls,
    ),
    one(
      'tumen_queue_failed_attempts',
      `Attempts to store that failed, since Redis was emptied. ${steps}`,
      failedAttempts,
    ),
  ]
}

function storeSamples(figures: Figures): Sample[] {
  const { uploads } = figures
  return [
    byFolder(
      'tumen_envelopes',
      `Envelopes in the store. ${steps}`,
      figures,
      (folder) => folder.envelopes,
    ),
    byFolder(
      'tumen_envelope_bytes',
      `Bytes of the envelopes in the store. ${steps}`,
      figures,
      (folder) => folder.bytes,
    ),
    one(
      'tumen_spool_oldest_seconds',
      `How long the oldest envelope has waited in the spool. ${atLeast}`,
      minutes(figures.spoolOldestMinutes),
    ),
    one(
      'tumen_spool_orphans',
      `Envelopes in the spool without a job, for a whole step. ${steps}`,
      figures.spoolOrphans,
    ),
    by(
      'state',
      'tumen_uploads',
      `Uploads without a receipt, resumable or plain; stuck: standing still for an hour. ${steps}`,
      {
        unfinished: uploads && uploads.unfinished,
        stuck: uploads && uploads.stuck,
      },
    ),
    one(
      'tumen_store_free_bytes',
      'Room for envelopes above the reserve. Moves in steps and is rounded down to one digit.',
      figures.freeBytes,
    ),
    one(
      'tumen_store_free_inodes',
      'Files that can still be created above the reserve; absent where the file system sets no number. Moves in steps and is rounded down to one digit.',
      figures.freeInodes,
    ),
    one(
      'tumen_disk_used_ratio',
      'Used share of the disk, of its bytes or of its inodes, whichever is larger. Moves in steps and is rounded down to twentieths.',
      figures.usedRatio,
    ),
    one(
      'tumen_store_full_in_seconds',
      'Until the bytes or the inodes are used up at the rate of the last seven days, whichever comes first. Moves in steps and is rounded down; absent when nothing came.',
      figures.daysUntilFull === null ? null : figures.daysUntilFull * 86_400,
    ),
    one(
      'tumen_ledger_whole',
      'Whether the ledger is an unbroken chain. Moves in steps.',
      figures.isLedgerWhole,
    ),
  ]
}

function redisSamples({ redis }: Figures): Sample[] {
  return [
    one(
      'tumen_redis_memory_ratio',
      'Used share of maxmemory; absent without a limit. Moves in steps and is rounded up to tenths.',
      redis && redis.memoryRatio,
    ),
    one(
      'tumen_redis_latency_seconds',
      'Time of one PING at the boundary, up to 0.001, 0.01, 0.1, 1, 10.',
      redis && redis.latencySeconds,
    ),
    one(
      'tumen_redis_append_log_rewritten',
      'Whether the last rewrite of the append-only file succeeded. Moves in steps.',
      redis && redis.isAppendLogRewritten,
    ),
  ]
}

function processSamples({ processes, starts }: Figures): Sample[] {
  const each = (pick: (figures: ProcessFigures) => number): Record<string, number | null> =>
    Object.fromEntries(
      Object.entries(processes).map(([role, figures]) => [role, figures ? pick(figures) : null]),
    )
  return [
    by(
      'role',
      'tumen_process_event_loop_lag_seconds',
      'The longest delay of the last whole step, the worst process of each role. Rounded up to 0.01, 0.1, 1 …',
      each(({ lagSeconds }) => lagSeconds),
    ),
    by(
      'role',
      'tumen_process_resident_memory_bytes',
      'Memory at the boundary, the largest process of each role. Rounded up to 64 MiB.',
      each(({ residentBytes }) => residentBytes),
    ),
    {
      ...by(
        'role',
        'tumen_process_starts_total',
        'Starts of the processes, since Redis was emptied. Moves in steps.',
        {
          intake: starts && starts.intake,
          worker: starts && starts.worker,
        },
      ),
      isCounter: true,
    },
  ]
}

function deskSamples(figures: Figures): Sample[] {
  return [
    one(
      'tumen_last_export_timestamp_seconds',
      'When the vault was last exported, down to the step; absent if never.',
      seconds(figures.lastExport),
    ),
    one(
      'tumen_last_acknowledgement_timestamp_seconds',
      "When a desk's acknowledgement was last taken in, down to the step; absent if never.",
      seconds(figures.lastAcknowledgement),
    ),
    one(
      'tumen_replies_index_age_seconds',
      "Since the newest index of the desk's answers, in whole days; absent if there is none. Moves in steps.",
      figures.replies?.indexAgeDays == null ? null : figures.replies.indexAgeDays * 86_400,
    ),
    one(
      'tumen_keyring_confirmed',
      'Whether a desk has confirmed the keyring that is served; absent without an index. Moves in steps.',
      figures.replies?.indexAgeDays == null ? null : figures.replies.keys === 'confirmed',
    ),
    one(
      'tumen_sealed_to_old_keyring',
      `Tips whose sender used an old keyring, since Redis was emptied. ${steps}`,
      figures.sealedToOldKeyring,
    ),
    one(
      'tumen_intake_crowded',
      'Whether not everybody got all at once in the last hour: an attack, or many people. Moves in steps.',
      figures.isCrowded === null ? null : Number(figures.isCrowded),
    ),
    one(
      'tumen_acknowledged_unknown',
      `Acknowledged receipts that this server never stored, since Redis was emptied. ${steps}`,
      figures.unknownAcknowledged,
    ),
    one(
      'tumen_acknowledgements_refused',
      `Files in the inbox that no desk of the keyring had signed, since Redis was emptied. ${steps}`,
      figures.refusedAcknowledgements,
    ),
  ]
}

function byFolder(
  name: string,
  help: string,
  { spool, vault, collected, quarantine }: Figures,
  pick: (folder: Folder) => number,
): Sample {
  const valueOf = (folder: Folder | null): number | null => folder && pick(folder)
  return by('place', name, help, {
    spool: valueOf(spool),
    vault: valueOf(vault),
    collected: valueOf(collected),
    quarantine: valueOf(quarantine),
  })
}

function minutes(value: number | null): number | null {
  return value === null ? null : value * 60
}

function seconds(moment: Date | null): number | null {
  return moment === null ? null : moment.getTime() / 1000
}
