import { Counter, Gauge, Registry } from 'prom-client'
import { figureSamples } from './figure-metrics.ts'
import type { Figures } from './figures.ts'
import { healthSamples } from './health-metrics.ts'
import type { Health } from './health.ts'
import { type Sample, one } from './sample.ts'

/** Prometheus text. A figure that is not known is absent, never 0. */
export async function metricsText(
  health: Health,
  figures: Figures | null,
  stepMinutes: number,
): Promise<{ type: string; text: string }> {
  const registry = new Registry()
  const step = one(
    'tumen_step_seconds',
    'How often the figures that move in steps move.',
    stepMinutes * 60,
  )
  for (const sample of [...healthSamples(health), ...figureSamples(figures), step])
    addSample(registry, sample)
  return { type: registry.contentType, text: await registry.metrics() }
}

function addSample(registry: Registry, { name, help, rows, isCounter }: Sample): void {
  const known = rows.filter(
    (row): row is { labels: Record<string, string>; value: number } => row.value !== null,
  )
  const [first] = known
  // A metric that is made without labels shows 0 until it is set.
  if (first === undefined) return
  const options = { name, help, labelNames: Object.keys(first.labels), registers: [registry] }
  if (isCounter === true) {
    const counter = new Counter(options)
    for (const { labels, value } of known) counter.inc(labels, value)
  } else {
    const gauge = new Gauge(options)
    for (const { labels, value } of known) gauge.set(labels, value)
  }
}
