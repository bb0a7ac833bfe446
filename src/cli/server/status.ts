import { request } from 'node:http'
import type { Static } from 'typebox'
import { Type } from 'typebox'
import { Check } from 'typebox/schema'
import { requestTarget } from '../../../config/parsers.ts'
import type { Settings } from '../../../config/settings.ts'
import { TokenFileError, opsAuthorization } from '../../../config/token-file.ts'
import { startingCommands } from '../../doctor/processes.ts'
import { defineCommand } from '../frame/command.ts'
import { printJson, printLine } from '../frame/context.ts'
import { failure } from '../frame/errors.ts'
import { count } from '../../text/count.ts'

const silenceMs = 5000
const maxAnswerBytes = 1024 * 1024
const unauthorized = 401

const ReadinessSchema = Type.Object({
  ready: Type.Boolean(),
  problems: Type.Array(
    Type.Object({
      code: Type.String(),
      detail: Type.String(),
      wayOut: Type.Optional(Type.String()),
    }),
  ),
})
type Readiness = Static<typeof ReadinessSchema>

export const command = defineCommand({
  name: 'status',
  summary: 'say whether the server is ready, what is wrong, and what to do',
  usage: '[--json]',
  help: 'Asks the ops process of this machine (TUMEN_OPS_LISTEN). Exit status 0: ready. 1: not ready, or no answer.',
  options: { json: { type: 'boolean', about: 'print JSON' } },
  positionals: { min: 0, max: 0 },
  async run(context, values) {
    const readiness = parseReadiness(await askOps(await context.settings(), '/readyz'))
    if (values.json === true) printJson(context, readiness)
    else {
      for (const line of linesOf(readiness)) printLine(context, line)
    }
    return readiness.ready ? 0 : 1
  },
})

/**
 * When the server is not ready, the first line says nothing about tips: whether they are accepted
 * depends on the problem, which says so itself.
 */
function linesOf({ ready, problems }: Readiness): string[] {
  const first = ready ? 'ready: tips are accepted and stored' : 'NOT ready'
  return [
    problems.length === 0 ? first : `${first} (${count(problems.length, 'problem')})`,
    ...problems.flatMap(({ code, detail, wayOut }) => [
      `${code}: ${detail}`,
      ...(wayOut === undefined ? [] : [`  what to do: ${wayOut}`]),
    ]),
  ]
}

function parseReadiness(text: string): Readiness {
  const document = parseJson(text)
  if (!Check(ReadinessSchema, document))
    throw failure('the program that answers on TUMEN_OPS_LISTEN is not the ops process')
  return document
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/**
 * The answer of this machine's ops process to a GET request.
 * @throws CliError `FAILED` when ops does not answer or refuses the token.
 */
export async function askOps(
  { opsListen: listen, opsTokenFile }: Pick<Settings, 'opsListen' | 'opsTokenFile'>,
  path: string,
): Promise<string> {
  const headers = authorization(opsTokenFile)
  return await new Promise((resolve, reject) => {
    const refuse = (cause: Error) =>
      reject(
        failure(`the ops process does not answer: is Tumen running? (${startingCommands})`, cause),
      )
    const asking = request(
      { ...requestTarget(listen), path, headers, timeout: silenceMs },
      (answer) => {
        if (answer.statusCode === unauthorized)
          reject(
            failure(
              'ops refuses the token: set TUMEN_OPS_TOKEN_FILE to the file that ops was started with',
            ),
          )
        let text = ''
        answer.setEncoding('utf8')
        answer.on('data', (piece: string) => {
          text += piece
          if (text.length > maxAnswerBytes) asking.destroy(new Error('the answer is too long'))
        })
        answer.on('end', () => resolve(text))
        answer.on('error', refuse)
      },
    )
    asking.on('timeout', () => asking.destroy(new Error('no answer in time')))
    asking.on('error', refuse)
    asking.end()
  })
}

function authorization(tokenFile: string | null): { authorization?: string } {
  try {
    return opsAuthorization(tokenFile)
  } catch (cause) {
    throw cause instanceof TokenFileError ? failure(cause.message, cause) : cause
  }
}
