import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { join } from 'node:path'

export interface BenchRow {
  name: string
  value: number
  unit: string
  /** The value it is compared with, from the same run; null if there is nothing to compare. */
  baseline: number | null
  ratio: number | null
  goal: string
}

export interface BenchSection {
  title: string
  /** How it is measured, for the reader of the table. */
  how: string
  measure: () => Promise<BenchRow[]>
}

const resultsPath = join(import.meta.dirname, 'DETAILS.md')

/**
 * Measures, prints each table, and replaces that table in bench/DETAILS.md.
 * @param part measures only the sections whose title contains it
 */
export async function runSections(
  sections: readonly BenchSection[],
  programs: readonly string[],
  part = '',
): Promise<void> {
  for (const { title, how, measure } of sections.filter(({ title }) => title.includes(part))) {
    process.stderr.write(`${title}…\n`)
    const text = `${how}\n\n${machine(programs)}\n\n${formatRows(await measure())}`
    console.log(`\n## ${title}\n\n${text}`)
    replaceSection(title, text)
  }
}

const introduction = `# Measurements in detail

Written by \`npm run bench\`, \`bench:attack\`, \`bench:casebook\`, \`bench:desk\`, \`bench:ops\` and \`bench:page\`. The ratios matter most: each compares two figures measured in the
same run on the same machine. The goals are the project's own; a figure that misses its goal is listed all the same. The summary is
[RESULTS.md](RESULTS.md).
`

function replaceSection(title: string, text: string): void {
  const [, ...old] = readOr('').split(/^## /m)
  const sections = new Map(
    old.map((section) => [
      section.slice(0, section.indexOf('\n')),
      section.slice(section.indexOf('\n')).trim(),
    ]),
  )
  sections.set(title, text.trim())
  const body = [...sections].map(([name, section]) => `## ${name}\n\n${section}\n`)
  writeFileSync(resultsPath, [introduction, ...body].join('\n'))
}

function readOr(otherwise: string): string {
  try {
    return readFileSync(resultsPath, 'utf8')
  } catch {
    return otherwise
  }
}

function machine(programs: readonly string[]): string {
  const cpu = cpus()
  const versions = programs.map(
    (program) =>
      `${program} ${execFileSync(program, ['--version'], { encoding: 'utf8' }).trim().replace(`${program} `, '')}`,
  )
  const parts = [
    `${cpu.length} × ${cpu[0]?.model.trim()}, ${Math.round(totalmem() / 1024 ** 3)} GiB, Linux ${release()}`,
    `Node ${process.version}`,
    ...versions,
    `load ${(loadavg()[0] ?? 0).toFixed(1)}`,
    new Date().toISOString().slice(0, 10),
  ]
  return `*${parts.join('; ')}*`
}

function formatRows(rows: readonly BenchRow[]): string {
  const cells = rows.map((row) => [
    row.name,
    figure(row.value, row.unit),
    row.baseline === null ? '' : figure(row.baseline, row.unit),
    row.ratio === null ? '' : row.ratio.toFixed(2),
    row.goal,
  ])
  const lines = [
    ['what', 'ours', 'baseline', 'ratio', 'goal'],
    ['---', '--:', '--:', '--:', '---'],
    ...cells,
  ]
  return `${lines.map((line) => `| ${line.join(' | ')} |`).join('\n')}\n`
}

function figure(value: number, unit: string): string {
  const text = value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)
  return value === 0 ? `0 ${unit}`.trim() : `${text} ${unit}`.trim()
}
