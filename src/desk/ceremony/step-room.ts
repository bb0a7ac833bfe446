import { join } from 'node:path'

import { replaceFile } from '../../disk/small-files.ts'
import { nameProblem } from '../../keyring/names.ts'
import { askUntil, confirm } from './ceremony.ts'
import type { Ceremony, Save } from './ceremony.ts'
import { CeremonyError } from './errors.ts'
import { packSticks } from './folders.ts'
import { checkMachine } from './machine.ts'
import { ceremonyHtml } from './page.ts'
import { readPage } from './read-page.ts'
import type { CeremonyState } from './state.ts'

const maxPresent = 20
export const pageName = 'ceremony.html'

export async function lookAtMachine(
  ceremony: Ceremony,
  state: CeremonyState,
): Promise<CeremonyState> {
  const { guide } = ceremony
  const findings = await checkMachine(ceremony.places, ceremony.day)
  for (const { isGood, text } of findings) guide.say(`  ${isGood ? ' good' : '   NO'}  ${text}`)
  guide.say('   yours  no phone and no camera are in the room')
  guide.say('   yours  this folder is on an encrypted disk, or in memory (Tails)')
  const isGood = findings.every((finding) => finding.isGood)
  await confirm(
    ceremony,
    isGood ? 'Is all of it so?' : 'Not all of it is good. Go on all the same?',
    'make it so first',
  )
  return state
}

export async function writeDownPeople(
  ceremony: Ceremony,
  state: CeremonyState,
  save: Save,
): Promise<CeremonyState> {
  ceremony.guide.say(
    'Nobody holds a ceremony alone: two people see more, and can say what was done.',
  )
  let current = state
  while (current.present.length < maxPresent) {
    const name = await askUntil(
      ceremony,
      `Name of person ${current.present.length + 1} in the room${current.present.length < 2 ? '' : '; only Enter: that is all'}: `,
      (answer) => {
        if (answer === '' && current.present.length >= 2) return null
        const problem = answer === '' ? 'is needed: at least two' : nameProblem(answer)
        if (problem !== null) throw new CeremonyError('REFUSED', `a name ${problem}`)
        return answer
      },
    )
    if (name === null) break
    current = { ...current, present: [...current.present, name] }
    await save(current)
  }
  return current
}

/**
 * Fills the folders that are copied to sticks, and writes the page. The people check the copies on
 * the sticks.
 */
export async function fillSticks(ceremony: Ceremony, state: CeremonyState): Promise<CeremonyState> {
  const { guide, folders, day } = ceremony
  const sticks = await packSticks(folders)
  const pagePath = join(folders.root, pageName)
  await replaceFile(pagePath, ceremonyHtml(await readPage(folders, day, state)))
  for (const { label, folder, whatToDo, files } of sticks) {
    guide.say('')
    guide.say(`${label}. ${whatToDo}`)
    for (const { path } of files) guide.say(`    ${path}`)
    guide.say(`  cp -r ${quote(folder)}/. /media/STICK/`)
    guide.say('  cd /media/STICK && sha256sum -c SHA256SUMS')
    await confirm(
      ceremony,
      `Is the stick ${label} written, checked and labelled?`,
      'write it first',
    )
  }
  guide.say('')
  guide.say(
    `Print ${pagePath}${state.shares === null ? '' : ` and the ${state.shares.count} texts in ${folders.shares}`}, on a printer with no network.`,
  )
  await confirm(ceremony, 'Is it printed, and does each paper have its keeper?', 'print first')
  return state
}

function quote(path: string): string {
  return /^[\w/.-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`
}
