/**
 * `npm run bench:attack [-- PART]`: the time until a tip of 5 MB gets its receipt, undisturbed and
 * under each attack, with one real intake, worker and Redis.
 */
import { ATTACKS, type AttackName } from '../test/attack/support/attacks.ts'
import type { Sent } from '../test/attack/support/honest.ts'
import { besiege, median, type Report, sendTips } from '../test/attack/support/siege.ts'
import { type Look, openTarget } from '../test/attack/support/target.ts'
import { type BenchRow, runSections } from './report.ts'
import { intakeEnv } from '../src/supervise/intake-env.ts'

const TIPS = 5

const ATTACKERS = [
  { who: 'one circuit', circuits: 1, connections: 300 },
  { who: '1,000 circuits', circuits: 1000, connections: 1000 },
] as const

/**
 * Starts a new intake for each kind of attacker, so that resources used up by one do not affect the
 * next.
 */
async function benchAttacks(part: string): Promise<BenchRow[]> {
  const rows: BenchRow[] = []
  const names = (Object.keys(ATTACKS) as AttackName[]).filter((name) => name.includes(part))
  for (const { who, circuits, connections } of ATTACKERS) {
    const target = await openTarget(intakeEnv)
    try {
      for (const unit of [target.site.intake, target.site.worker]) unit.start()
      for (const unit of [target.site.intake, target.site.worker]) await unit.untilReady()
      await sendTips(target, 2)
      const calm = await sendTips(target, TIPS)
      const before = target.look()
      rows.push(plain(`${who}, no attack yet: median`, medianMs(calm), 'ms', ''))
      for (const name of names) {
        process.stderr.write(`${who}: ${name}\n`)
        rows.push(
          ...rowsOf(
            `${who}, ${name}`,
            await besiege(target, { name, circuits, connections }, TIPS),
            { calm, before },
          ),
        )
      }
    } finally {
      await target.dispose()
    }
  }
  return rows
}

function rowsOf(
  what: string,
  { sent, peak }: Report,
  { calm, before }: { calm: Sent[]; before: Look },
): BenchRow[] {
  const [value, baseline] = [medianMs(sent), medianMs(calm)]
  const safe = sent.filter(({ isSafe }) => isSafe).length
  return [
    { name: what, value, unit: 'ms', baseline, ratio: value / baseline, goal: '' },
    plain(`${what}: longest`, Math.max(...sent.map(({ ms }) => ms)), 'ms', ''),
    plain(`${what}: safe of ${sent.length}`, safe, '', String(sent.length)),
    plain(`${what}: RSS growth`, peak.residentMebibytes - before.residentMebibytes, 'MiB', '≤ 320'),
  ]
}

function medianMs(sent: readonly Sent[]): number {
  return median(sent.map(({ ms }) => ms))
}

function plain(name: string, value: number, unit: string, goal: string): BenchRow {
  return { name, value, unit, baseline: null, ratio: null, goal }
}

await runSections(
  [
    {
      title: 'Under attack',
      how: `A tip of 5 MB until its receipt, the page's way and the form's way in turn, ${TIPS} for each attack, with the waiting that clients do between two tries; attacker and source are on the same machine as the intake, without Tor.`,
      measure: () => benchAttacks(process.argv[2] ?? ''),
    },
  ],
  ['redis-server'],
)
