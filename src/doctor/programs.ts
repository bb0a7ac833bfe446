import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { type Finding, well, wrong } from './finding.ts'

/**
 * Folders in which Debian and administrators install programs; tor's is not in every user's PATH.
 */
const folders = ['/usr/local/bin', '/usr/bin', '/usr/local/sbin', '/usr/sbin', '/bin', '/sbin']

export async function isInstalled(
  program: string,
  places: readonly string[] = folders,
): Promise<boolean> {
  for (const folder of places)
    if (
      await access(join(folder, program)).then(
        () => true,
        () => false,
      )
    )
      return true
  return false
}

/** @param programs by name, each with advice for when it is missing. */
export async function checkPrograms(
  programs: Readonly<Record<string, string>>,
  places: readonly string[] = folders,
): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const [program, wayOut] of Object.entries(programs)) {
    if (!(await isInstalled(program, places)))
      findings.push(wrong('programs', `${program} is not installed`, wayOut))
  }
  if (findings.length > 0) return findings
  return [
    well(
      'programs',
      Object.keys(programs).length === 0
        ? 'nothing is needed'
        : `${Object.keys(programs).join(', ')}: there`,
    ),
  ]
}
