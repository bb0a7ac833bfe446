import { Gauge, Registry } from 'prom-client'
import type { Figures, Folder } from './figures.ts'
import type { Health } from './health.ts'

interface Sample {
  name: string
  help: string
  /** Values by label; '' for no label. Null: not known now, and left out. */
  values: Record<string, number | null>
  label?: string
}

/** Prometheus text. A figure that is not known is absent, never 0. */
export async function metricsText(health: Health, figures: Figures | null, stepMinutes: number): Promise<{ type: string; text: string }> {
  const registry = new Registry()
  for (const sample of [...healthSamples(health), ...figureSamples(figures), stepSample(stepMinutes)]) {
    addGauge(registry, sample)
  }
  return { type: registry.contentType, text: await registry.metrics() }
}

function addGauge(registry: Registry, { name, help, values, label }: Sample): void {
  const known = Object.entries(values).filter((entry): entry is [string, number] => entry[1] !== null)
  // A gauge that is made without labels shows 0 until it is set.
  if (known.length === 0) return
  const gauge = new Gauge({ name, help, labelNames: label === undefined ? [] : [label], registers: [registry] })
  for (const [key, value] of known) {
    if (label === undefined) gauge.set(value)
    else gauge.set({ [label]: key }, value)
  }
}

function healthSamples(health: Health): Sample[] {
  const problems = health.problems.map(({ code }): [string, number] => [code, 1])
  return [
    one('tumen_ready', 'Whether everything needed to take in and store tips works.', health.isReady ? 1 : 0),
    one('tumen_redis_up', 'Whether Redis answers.', health.isRedisUp ? 1 : 0),
    {
      name: 'tumen_processes', help: 'Processes that are up and not draining.', label: 'role',
      values: { intake: health.processes?.intake ?? null, worker: health.processes?.worker ?? null },
    },
    one('tumen_keyring_days_left', 'Days after today on which the keyring is still valid.', health.keyringDaysLeft),
    { name: 'tumen_problem', help: 'Problems that exist now, by code.', label: 'code', values: Object.fromEntries(problems) },
  ]
}

const steps = 'Moves in steps and is rounded up to 10, 100, 1000 …'

function figureSamples(figures: Figures | null): Sample[] {
  const queue = figures?.queue ?? null
  return [
    {
      name: 'tumen_queue_jobs', help: `Jobs in the queue. ${steps}`, label: 'state',
      values: {
        waiting: queue && queue.waiting, active: queue && queue.active, delayed: queue && queue.delayed, failed: queue && queue.failed,
      },
    },
    byFolder('tumen_envelopes', `Envelopes in the store. ${steps}`, figures, (folder) => folder.envelopes),
    byFolder('tumen_envelope_bytes', `Bytes of the envelopes in the store. ${steps}`, figures, (folder) => folder.bytes),
    one('tumen_spool_oldest_minutes', 'How long the oldest envelope has waited in the spool at least. Moves in steps.',
      figures?.spoolOldestMinutes ?? null),
    one('tumen_free_bytes', 'Room for envelopes above the reserve. Moves in steps and is rounded down to one digit.',
      figures?.freeBytes ?? null),
    one('tumen_intake_crowded', 'Whether not everybody got all at once in the last hour: an attack, or many people. Moves in steps.',
      figures === null || figures.isCrowded === null ? null : Number(figures.isCrowded)),
    one('tumen_sealed_to_old_keyring', `Tips whose sender used an old keyring. ${steps}`, figures?.sealedToOldKeyring ?? null),
  ]
}

function byFolder(name: string, help: string, figures: Figures | null, pick: (folder: Folder) => number): Sample {
  const valueOf = (folder: Folder | null | undefined): number | null => (folder ? pick(folder) : null)
  return {
    name, help, label: 'place',
    values: {
      spool: valueOf(figures?.spool), vault: valueOf(figures?.vault),
      collected: valueOf(figures?.collected), quarantine: valueOf(figures?.quarantine),
    },
  }
}

function stepSample(stepMinutes: number): Sample {
  return one('tumen_metrics_step_minutes', 'How often the figures that move in steps move.', stepMinutes)
}

function one(name: string, help: string, value: number | null): Sample {
  return { name, help, values: { '': value } }
}
