import { fileURLToPath } from 'node:url'
import type { Package } from './list.ts'
import { listPackages, mayBeUsed } from './list.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** @returns the number of packages by licence, the most frequent licence first. */
function countByLicence(packages: readonly Package[]): [string, number][] {
  const counts = new Map<string, number>()
  for (const { licence } of packages) counts.set(licence, (counts.get(licence) ?? 0) + 1)
  return [...counts].sort(([, one], [, other]) => other - one)
}

const packages = listPackages(root)
if (process.argv.includes('--all'))
  for (const { name, version, licence } of packages) console.log(`${licence}\t${name}@${version}`)
else for (const [licence, count] of countByLicence(packages)) console.log(`${count}\t${licence}`)

const refused = packages.filter((each) => !mayBeUsed(each))
for (const { name, version, licence } of refused)
  console.error(
    `licences: ${name}@${version} has ${licence}, which is not on the list in scripts/licences/list.ts`,
  )
process.exitCode = refused.length === 0 ? 0 : 1
