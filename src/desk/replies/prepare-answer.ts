import { randomBytes } from 'node:crypto'
import { loadSodiumPrimitives } from '../../age/sodium.ts'
import { checkReplyGroup } from '../../thread/reply-group.ts'
import type { ReplyTo } from '../files/case-view.ts'
import { CasebookError } from '../files/errors.ts'
import { listStandardAnswers, readStandardAnswer } from './standard-answers.ts'

/**
 * What an analyst needs to write an answer: a fresh id, and the standard answers in the language of
 * the source.
 * @throws CasebookError `CHANGE_INVALID` when nothing can be sent to this source.
 */
export async function prepareAnswer(
  casebook: string,
  replyTo: ReplyTo | null,
): Promise<{ id: string; language: string; texts: { name: string; text: string }[] }> {
  if (replyTo === null)
    throw new CasebookError('CHANGE_INVALID', 'nothing can be sent to this source')
  const group = checkReplyGroup(await loadSodiumPrimitives(), replyTo)
  if ('problem' in group)
    throw new CasebookError(
      'CHANGE_INVALID',
      `nothing can be sent to this source: ${group.problem}`,
    )
  const spoken = spokenLanguage(group.language)
  const names = (await listStandardAnswers(casebook))
    .filter(({ languages }) => languages.includes(spoken))
    .map(({ name }) => name)
  const texts = await Promise.all(
    names.map(async (name) => ({ name, text: await readStandardAnswer(casebook, name, spoken) })),
  )
  return { id: randomBytes(16).toString('hex'), language: group.language, texts }
}

/** A page in any other language shows its own texts in English. */
export function spokenLanguage(language: string): string {
  return language === 'other' ? 'en' : language
}
