import { Counter, Gauge, Registry } from 'prom-client'
import packageJson from '../../package.json' with { type: 'json' }
import { figureSamples } from './figure-metrics.ts'
import type { Figures } from './figures.ts'
import { healthSamples } from './health-metrics.ts'
import type { Health } from './health.ts'
import { type Sample, one } from './sample.ts'

/** The versions of Tumen and Node. */
const buildInfo: Sample = {
  name: 'tumen_build_info',
  help: 'Always 1. The versions of Tumen and of Node that ops runs.',
  rows: [{ labels: { version: packageJson.version, node: process.versions.node }, value: 1 }],
}

/** All metrics in Prometheus' text format. An unknown figure is omitted, never shown as 0. */
export async function metricsText(
  health: Health,
  figures: Figures | null,
  stepMinutes: number,
): Promise<{ type: string; text: string }> {
  const registry = new Registry()
  const step = one(
    'tumen_step_seconds',
    'Length of a step: figures that change in steps change this often.',
    stepMinutes * 60,
  )
  for (const sample of [...healthSamples(health), ...figureSamples(figures), step, buildInfo])
    addSample(registry, sample)
  return { type: registry.contentType, text: await registry.metrics() }
}

function addSample(registry: Registry, { name, help, rows, isCounter }: Sample): void {
  const known = rows.filter(
    (row): row is { labels: Record<string, string>; value: number } => row.value !== null,
  )
  const [first] = known
  // A metric without labels is not created at all, because prom-client would show it as 0.
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
