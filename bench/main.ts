/** `npm run bench`: measures, prints a table, and writes it to bench/RESULTS.md with the machine named. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { benchIntake } from './intake.ts'
import type { BenchRow } from './intake.ts'
import { benchSealing } from './sealing.ts'

const sections = [
  { title: 'Sealing and opening', how: 'Whole programs, file to file, medians of 6 rounds in turns. `tumen seal` also takes the digest of the file first, `tumen open` also checks the digests of envelope and attachment; both end with fsync, which age does not.', measure: benchSealing },
  { title: 'Intake', how: 'Medians of rounds in turns with the bare loop; the clients are a process of their own.', measure: benchIntake },
]

const tables: string[] = []
for (const { title, how, measure } of sections) {
  process.stderr.write(`${title}…\n`)
  const table = `## ${title}\n\n${how}\n\n${formatRows(await measure())}`
  console.log(`\n${table}`)
  tables.push(table)
}
writeFileSync(join(import.meta.dirname, 'RESULTS.md'), `${heading()}\n${tables.join('\n')}`)

function heading(): string {
  const cpu = cpus()
  return `# Benchmark results

Written by \`npm run bench\`. Trust the ratios: each compares two things measured in the same run on the same
machine. The goals are those the project set itself; a figure that misses its goal stays here as it is.

- machine: ${cpu.length} × ${cpu[0]?.model.trim()}, ${Math.round(totalmem() / 1024 ** 3)} GiB, Linux ${release()}
- Node ${process.version}, age ${version('age', '--version')}
- day: ${new Date().toISOString().slice(0, 10)}
`
}

function version(program: string, flag: string): string {
  return execFileSync(program, [flag], { encoding: 'utf8' }).trim()
}

function formatRows(rows: readonly BenchRow[]): string {
  const cells = rows.map((row) => [row.name, figure(row.value, row.unit), row.baseline === null ? '' : figure(row.baseline, row.unit), row.ratio === null ? '' : row.ratio.toFixed(2), row.goal])
  const lines = [['what', 'ours', 'baseline', 'ratio', 'goal'], ['---', '--:', '--:', '--:', '---'], ...cells]
  return `${lines.map((line) => `| ${line.join(' | ')} |`).join('\n')}\n`
}

function figure(value: number, unit: string): string {
  const text = value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)
  return value === 0 ? `0 ${unit}`.trim() : `${text} ${unit}`.trim()
}
